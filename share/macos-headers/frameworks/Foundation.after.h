// Functions that are inline, and methods with any number of arguments, which the bindings lack.
CF_INLINE NSRange NSMakeRange(NSUInteger location, NSUInteger length) {
  NSRange range;
  range.location = location;
  range.length = length;
  return range;
}
CF_INLINE NSUInteger NSMaxRange(NSRange range) { return range.location + range.length; }
CF_INLINE TENON_BOOL NSLocationInRange(NSUInteger location, NSRange range) {
  return location >= range.location && location - range.location < range.length;
}
CF_INLINE TENON_BOOL NSEqualRanges(NSRange a, NSRange b) {
  return a.location == b.location && a.length == b.length;
}
CF_INLINE NSPoint NSMakePoint(CGFloat x, CGFloat y) {
  NSPoint point;
  point.x = x;
  point.y = y;
  return point;
}
CF_INLINE NSSize NSMakeSize(CGFloat width, CGFloat height) {
  NSSize size;
  size.width = width;
  size.height = height;
  return size;
}
CF_INLINE NSRect NSMakeRect(CGFloat x, CGFloat y, CGFloat width, CGFloat height) {
  NSRect rect;
  rect.origin = NSMakePoint(x, y);
  rect.size = NSMakeSize(width, height);
  return rect;
}
CF_INLINE CGFloat NSMinX(NSRect rect) { return rect.origin.x; }
CF_INLINE CGFloat NSMinY(NSRect rect) { return rect.origin.y; }
CF_INLINE CGFloat NSWidth(NSRect rect) { return rect.size.width; }
CF_INLINE CGFloat NSHeight(NSRect rect) { return rect.size.height; }
CF_INLINE CGFloat NSMaxX(NSRect rect) { return rect.origin.x + rect.size.width; }
CF_INLINE CGFloat NSMaxY(NSRect rect) { return rect.origin.y + rect.size.height; }
CF_INLINE CGFloat NSMidX(NSRect rect) { return rect.origin.x + rect.size.width / 2; }
CF_INLINE CGFloat NSMidY(NSRect rect) { return rect.origin.y + rect.size.height / 2; }
CF_INLINE CGRect NSRectToCGRect(NSRect rect) { return rect; }
CF_INLINE NSRect NSRectFromCGRect(CGRect rect) { return rect; }
CF_INLINE CGPoint NSPointToCGPoint(NSPoint point) { return point; }
CF_INLINE NSPoint NSPointFromCGPoint(CGPoint point) { return point; }
CF_INLINE CGSize NSSizeToCGSize(NSSize size) { return size; }
CF_INLINE NSSize NSSizeFromCGSize(CGSize size) { return size; }

static const NSInteger NSNotFound = 0x7fffffffffffffffL;

#ifdef __OBJC__
TENON_DECLARATIONS_BEGIN
extern void NSLog(NSString *format, ...) NS_FORMAT_FUNCTION(1, 2);
extern void NSLogv(NSString *format, va_list arguments) NS_FORMAT_FUNCTION(1, 0);
TENON_DECLARATIONS_END

@interface NSObject (TenonCopying)
- (id)copy;
- (id)mutableCopy;
+ (id)copyWithZone:(struct _NSZone *)zone;
+ (id)mutableCopyWithZone:(struct _NSZone *)zone;
@end

@interface NSString (TenonVariadic)
+ (instancetype)stringWithFormat:(NSString *)format, ... NS_FORMAT_FUNCTION(1, 2);
+ (instancetype)localizedStringWithFormat:(NSString *)format, ... NS_FORMAT_FUNCTION(1, 2);
- (instancetype)initWithFormat:(NSString *)format, ... NS_FORMAT_FUNCTION(1, 2);
- (instancetype)initWithFormat:(NSString *)format locale:(id)locale, ... NS_FORMAT_FUNCTION(1, 3);
- (NSString *)stringByAppendingFormat:(NSString *)format, ... NS_FORMAT_FUNCTION(1, 2);
@end
@interface NSMutableString (TenonVariadic)
- (void)appendFormat:(NSString *)format, ... NS_FORMAT_FUNCTION(1, 2);
@end
@interface NSArray<ObjectType> (TenonVariadic)
+ (instancetype)arrayWithObjects:(ObjectType)first, ... NS_REQUIRES_NIL_TERMINATION;
- (instancetype)initWithObjects:(ObjectType)first, ... NS_REQUIRES_NIL_TERMINATION;
@end
@interface NSSet<ObjectType> (TenonVariadic)
+ (instancetype)setWithObjects:(ObjectType)first, ... NS_REQUIRES_NIL_TERMINATION;
- (instancetype)initWithObjects:(ObjectType)first, ... NS_REQUIRES_NIL_TERMINATION;
@end
@interface NSOrderedSet<ObjectType> (TenonVariadic)
+ (instancetype)orderedSetWithObjects:(ObjectType)first, ... NS_REQUIRES_NIL_TERMINATION;
- (instancetype)initWithObjects:(ObjectType)first, ... NS_REQUIRES_NIL_TERMINATION;
@end
@interface NSDictionary<KeyType, ObjectType> (TenonVariadic)
+ (instancetype)dictionaryWithObjectsAndKeys:(id)first, ... NS_REQUIRES_NIL_TERMINATION;
- (instancetype)initWithObjectsAndKeys:(id)first, ... NS_REQUIRES_NIL_TERMINATION;
@end
@interface NSPredicate (TenonVariadic)
+ (NSPredicate *)predicateWithFormat:(NSString *)format, ...;
@end
@interface NSExpression (TenonVariadic)
+ (NSExpression *)expressionWithFormat:(NSString *)format, ...;
@end
@interface NSException (TenonVariadic)
+ (void)raise:(NSExceptionName)name format:(NSString *)format, ... NS_FORMAT_FUNCTION(2, 3);
@end
@interface NSAssertionHandler (TenonVariadic)
- (void)handleFailureInMethod:(SEL)method
                       object:(id)object
                         file:(NSString *)file
                   lineNumber:(NSInteger)line
                  description:(NSString *)format, ... NS_FORMAT_FUNCTION(5, 6);
- (void)handleFailureInFunction:(NSString *)name
                           file:(NSString *)file
                     lineNumber:(NSInteger)line
                    description:(NSString *)format, ... NS_FORMAT_FUNCTION(4, 5);
@end

#ifdef NS_BLOCK_ASSERTIONS
#define NSAssert(condition, description, ...) ((void)0)
#define NSCAssert(condition, description, ...) ((void)0)
#else
#define NSAssert(condition, description, ...)                                               \
  do {                                                                                      \
    if (!(condition))                                                                       \
      [[NSAssertionHandler currentHandler] handleFailureInMethod:_cmd                       \
                                                          object:self                       \
                                                            file:@__FILE__                  \
                                                      lineNumber:__LINE__                   \
                                                     description:(description), ##__VA_ARGS__]; \
  } while (0)
#define NSCAssert(condition, description, ...)                                                \
  do {                                                                                        \
    if (!(condition))                                                                         \
      [[NSAssertionHandler currentHandler] handleFailureInFunction:@(__func__)                \
                                                              file:@__FILE__                  \
                                                        lineNumber:__LINE__                   \
                                                       description:(description), ##__VA_ARGS__]; \
  } while (0)
#endif
#define NSParameterAssert(condition) NSAssert((condition), @"Invalid parameter: %s", #condition)
#define NSCParameterAssert(condition) NSCAssert((condition), @"Invalid parameter: %s", #condition)

#define NSLocalizedString(key, comment) \
  [[NSBundle mainBundle] localizedStringForKey:(key) value:@"" table:nil]
#define NSLocalizedStringFromTable(key, table_name, comment) \
  [[NSBundle mainBundle] localizedStringForKey:(key) value:@"" table:(table_name)]
#define NSLocalizedStringFromTableInBundle(key, table_name, bundle, comment) \
  [(bundle) localizedStringForKey:(key) value:@"" table:(table_name)]
#define NSLocalizedStringWithDefaultValue(key, table_name, bundle, text, comment) \
  [(bundle) localizedStringForKey:(key) value:(text) table:(table_name)]

// Objects of Core Foundation and Foundation are the same; with ARC a cast says who releases them.
CF_INLINE CFTypeRef CFBridgingRetain(id object) {
#if __has_feature(objc_arc)
  return (__bridge_retained CFTypeRef)object;
#else
  return object ? CFRetain((CFTypeRef)object) : NULL;
#endif
}
CF_INLINE id CFBridgingRelease(CFTypeRef CF_CONSUMED object) {
#if __has_feature(objc_arc)
  return (__bridge_transfer id)object;
#else
  return [(id)object autorelease];
#endif
}
#endif
