/* sys/reboot.h: options of reboot.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_REBOOT_H
#define TENON_SYS_REBOOT_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RB_AUTOBOOT  0
#define RB_ASKNAME   0x01
#define RB_SINGLE    0x02
#define RB_NOSYNC    0x04
#define RB_HALT      0x08
#define RB_INITNAME  0x10
#define RB_DFLTROOT  0x20
#define RB_ALTBOOT   0x40
#define RB_UNIPROC   0x80
#define RB_SAFEBOOT  0x100
#define RB_UPSDELAY  0x200
#define RB_QUICK     0x400
#define RB_PANIC     0

extern int reboot(int howto);

#ifdef __cplusplus
}
#endif
#endif
