/* sandbox.h: restricting the calling process (deprecated, and used everywhere).
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SANDBOX_H
#define TENON_SANDBOX_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SANDBOX_NAMED 0x0001  /* the profile is the name of a built-in one */

extern int sandbox_init(const char *profile, uint64_t flags, char **errorbuf);
extern void sandbox_free_error(char *errorbuf);

extern const char kSBXProfileNoInternet[];
extern const char kSBXProfileNoNetwork[];
extern const char kSBXProfileNoWrite[];
extern const char kSBXProfileNoWriteExceptTemporary[];
extern const char kSBXProfilePureComputation[];

#ifdef __cplusplus
}
#endif
#endif
