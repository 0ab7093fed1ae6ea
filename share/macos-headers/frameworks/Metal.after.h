#ifdef __OBJC__
TENON_DECLARATIONS_BEGIN
extern NSArray<id<MTLDevice>> *MTLCopyAllDevices(void) NS_RETURNS_RETAINED;
TENON_DECLARATIONS_END
#endif
CF_INLINE MTLSize MTLSizeMake(NSUInteger width, NSUInteger height, NSUInteger depth) {
  MTLSize size;
  size.width = width;
  size.height = height;
  size.depth = depth;
  return size;
}
CF_INLINE MTLOrigin MTLOriginMake(NSUInteger x, NSUInteger y, NSUInteger z) {
  MTLOrigin origin;
  origin.x = x;
  origin.y = y;
  origin.z = z;
  return origin;
}
CF_INLINE MTLRegion MTLRegionMake2D(NSUInteger x, NSUInteger y, NSUInteger width,
                                    NSUInteger height) {
  MTLRegion region;
  region.origin = MTLOriginMake(x, y, 0);
  region.size = MTLSizeMake(width, height, 1);
  return region;
}
CF_INLINE MTLClearColor MTLClearColorMake(double red, double green, double blue, double alpha) {
  MTLClearColor color;
  color.red = red;
  color.green = green;
  color.blue = blue;
  color.alpha = alpha;
  return color;
}
