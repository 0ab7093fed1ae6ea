#ifdef __OBJC__
typedef NSWindow *ASPresentationAnchor;
typedef NSViewController ASViewController;
typedef NSImage ASImage;
#endif
