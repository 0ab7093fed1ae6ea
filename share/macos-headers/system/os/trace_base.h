/* os/trace_base.h: what the headers of the log share.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_OS_TRACE_BASE_H
#define TENON_OS_TRACE_BASE_H

#ifdef __cplusplus
extern "C" {
#endif

/* The image that a message comes from; the linker defines it. */
extern struct mach_header __dso_handle;

#ifdef __cplusplus
}
#endif
#endif
