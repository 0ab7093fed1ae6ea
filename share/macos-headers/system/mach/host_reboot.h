/* mach/host_reboot.h: options of host_reboot.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_HOST_REBOOT_H
#define TENON_MACH_HOST_REBOOT_H

#define HOST_REBOOT_HALT     0x0008
#define HOST_REBOOT_UPSDELAY 0x0100
#define HOST_REBOOT_DEBUGGER 0x1000
#endif
