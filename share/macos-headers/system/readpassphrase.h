/* readpassphrase.h: asking for a passphrase.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_READPASSPHRASE_H
#define TENON_READPASSPHRASE_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RPP_ECHO_OFF    0x00
#define RPP_ECHO_ON     0x01
#define RPP_REQUIRE_TTY 0x02
#define RPP_FORCELOWER  0x04
#define RPP_FORCEUPPER  0x08
#define RPP_SEVENBIT    0x10
#define RPP_STDIN       0x20

extern char *readpassphrase(const char *prompt, char *buf, size_t bufsiz, int flags);

#ifdef __cplusplus
}
#endif
#endif
