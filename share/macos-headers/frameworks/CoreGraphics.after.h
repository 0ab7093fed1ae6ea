#include <tenon/iollevent.h>

// What Rust does by ownership, the inline functions of geometry, and functions with odd arguments.
TENON_DECLARATIONS_BEGIN
extern CGEventRef CGEventCreateScrollWheelEvent(CGEventSourceRef, CGScrollEventUnit, uint32_t, int32_t, ...);
extern CGColorSpaceRef CGColorSpaceRetain(CGColorSpaceRef);
extern void CGColorSpaceRelease(CGColorSpaceRef);
extern CGColorRef CGColorRetain(CGColorRef);
extern void CGColorRelease(CGColorRef);
extern CGContextRef CGContextRetain(CGContextRef);
extern void CGContextRelease(CGContextRef);
extern CGDataProviderRef CGDataProviderRetain(CGDataProviderRef);
extern void CGDataProviderRelease(CGDataProviderRef);
extern CGDataConsumerRef CGDataConsumerRetain(CGDataConsumerRef);
extern void CGDataConsumerRelease(CGDataConsumerRef);
extern CGFontRef CGFontRetain(CGFontRef);
extern void CGFontRelease(CGFontRef);
extern CGFunctionRef CGFunctionRetain(CGFunctionRef);
extern void CGFunctionRelease(CGFunctionRef);
extern CGGradientRef CGGradientRetain(CGGradientRef);
extern void CGGradientRelease(CGGradientRef);
extern CGImageRef CGImageRetain(CGImageRef);
extern void CGImageRelease(CGImageRef);
extern CGLayerRef CGLayerRetain(CGLayerRef);
extern void CGLayerRelease(CGLayerRef);
extern CGPathRef CGPathRetain(CGPathRef);
extern void CGPathRelease(CGPathRef);
extern CGPatternRef CGPatternRetain(CGPatternRef);
extern void CGPatternRelease(CGPatternRef);
extern CGPDFDocumentRef CGPDFDocumentRetain(CGPDFDocumentRef);
extern void CGPDFDocumentRelease(CGPDFDocumentRef);
extern CGPDFPageRef CGPDFPageRetain(CGPDFPageRef);
extern void CGPDFPageRelease(CGPDFPageRef);
extern CGPDFContentStreamRef CGPDFContentStreamRetain(CGPDFContentStreamRef);
extern void CGPDFContentStreamRelease(CGPDFContentStreamRef);
extern CGPDFOperatorTableRef CGPDFOperatorTableRetain(CGPDFOperatorTableRef);
extern void CGPDFOperatorTableRelease(CGPDFOperatorTableRef);
extern CGPDFScannerRef CGPDFScannerRetain(CGPDFScannerRef);
extern void CGPDFScannerRelease(CGPDFScannerRef);
extern CGShadingRef CGShadingRetain(CGShadingRef);
extern void CGShadingRelease(CGShadingRef);
extern CGDisplayModeRef CGDisplayModeRetain(CGDisplayModeRef);
extern void CGDisplayModeRelease(CGDisplayModeRef);
extern CGColorSpaceRef CGColorSpaceCreateCalibratedGray(const CGFloat[3], const CGFloat[3], CGFloat);
extern CGColorSpaceRef CGColorSpaceCreateCalibratedRGB(const CGFloat[3], const CGFloat[3],
                                                       const CGFloat[3], const CGFloat[9]);
extern CGColorSpaceRef CGColorSpaceCreateLab(const CGFloat[3], const CGFloat[3], const CGFloat[4]);
extern CGContextRef CGBitmapContextCreate(void *, size_t, size_t, size_t, size_t, CGColorSpaceRef,
                                          uint32_t);
typedef void (*CGBitmapContextReleaseDataCallback)(void *, void *);
extern CGContextRef CGBitmapContextCreateWithData(void *, size_t, size_t, size_t, size_t,
                                                  CGColorSpaceRef, uint32_t,
                                                  CGBitmapContextReleaseDataCallback, void *);
extern unsigned int CGDisplayIOServicePort(CGDirectDisplayID);
TENON_DECLARATIONS_END
#define kCGDirectMainDisplay CGMainDisplayID()
#define kCGBitmapByteOrder16Host kCGBitmapByteOrder16Little
#define kCGBitmapByteOrder32Host kCGBitmapByteOrder32Little
#define kCGImageByteOrder16Host kCGImageByteOrder16Little
#define kCGImageByteOrder32Host kCGImageByteOrder32Little
#define kCGAnyInputEventType ((CGEventType)(~0))
#define CGEventMaskBit(type) ((CGEventMask)1 << (type))
#define kCGNumReservedBaseWindowLevels 5
#define kCGNumReservedWindowLevels 16

static __inline__ CGPoint CGPointMake(CGFloat x, CGFloat y) {
  CGPoint point;
  point.x = x;
  point.y = y;
  return point;
}
static __inline__ CGSize CGSizeMake(CGFloat width, CGFloat height) {
  CGSize size;
  size.width = width;
  size.height = height;
  return size;
}
static __inline__ CGVector CGVectorMake(CGFloat dx, CGFloat dy) {
  CGVector vector;
  vector.dx = dx;
  vector.dy = dy;
  return vector;
}
static __inline__ CGRect CGRectMake(CGFloat x, CGFloat y, CGFloat width, CGFloat height) {
  CGRect rect;
  rect.origin = CGPointMake(x, y);
  rect.size = CGSizeMake(width, height);
  return rect;
}
