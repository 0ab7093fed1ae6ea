/* mach-o/ldsyms.h: the headers of the images, as the linker names them.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_O_LDSYMS_H
#define TENON_MACH_O_LDSYMS_H

#include <mach-o/loader.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __LP64__
extern const struct mach_header_64 _mh_execute_header;
extern const struct mach_header_64 _mh_dylib_header;
extern const struct mach_header_64 _mh_bundle_header;
extern const struct mach_header_64 _mh_dylinker_header;
#else
extern const struct mach_header _mh_execute_header;
extern const struct mach_header _mh_dylib_header;
extern const struct mach_header _mh_bundle_header;
extern const struct mach_header _mh_dylinker_header;
#endif

#ifdef __cplusplus
}
#endif
#endif
