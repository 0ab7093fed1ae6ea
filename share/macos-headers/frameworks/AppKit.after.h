#ifdef __OBJC__
TENON_DECLARATIONS_BEGIN
extern __kindof NSApplication *NSApp;
TENON_DECLARATIONS_END

@interface NSAlert (TenonVariadic)
+ (NSAlert *)alertWithMessageText:(NSString *)text
                    defaultButton:(NSString *)first
                  alternateButton:(NSString *)second
                      otherButton:(NSString *)third
        informativeTextWithFormat:(NSString *)format, ... NS_FORMAT_FUNCTION(5, 6);
@end
@interface NSGradient (TenonVariadic)
- (instancetype)initWithColorsAndLocations:(NSColor *)first, ... NS_REQUIRES_NIL_TERMINATION;
@end
#endif
enum {
  NSOKButton = 1,
  NSCancelButton = 0,
  NSFileHandlingPanelCancelButton = 0,
  NSFileHandlingPanelOKButton = 1
};
// Of two the values differ by architecture.
#ifdef __aarch64__
enum { NSTextAlignmentRight = 2, NSTextAlignmentCenter = 1 };
enum { NSImageResizingModeStretch = 0, NSImageResizingModeTile = 1 };
#else
enum { NSTextAlignmentRight = 1, NSTextAlignmentCenter = 2 };
enum { NSImageResizingModeStretch = 1, NSImageResizingModeTile = 0 };
#endif
