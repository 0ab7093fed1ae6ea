/* sys/kdebug_signpost.h: marks in a kernel trace.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_KDEBUG_SIGNPOST_H
#define TENON_SYS_KDEBUG_SIGNPOST_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

extern int kdebug_signpost(uint32_t code, uintptr_t arg1, uintptr_t arg2, uintptr_t arg3,
                           uintptr_t arg4);
extern int kdebug_signpost_start(uint32_t code, uintptr_t arg1, uintptr_t arg2, uintptr_t arg3,
                                 uintptr_t arg4);
extern int kdebug_signpost_end(uint32_t code, uintptr_t arg1, uintptr_t arg2, uintptr_t arg3,
                               uintptr_t arg4);

#ifdef __cplusplus
}
#endif
#endif
