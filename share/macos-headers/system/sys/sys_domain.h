/* sys/sys_domain.h: sockets of the kernel itself.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_SYS_DOMAIN_H
#define TENON_SYS_SYS_DOMAIN_H

#include <sys/types.h>
#include <stdint.h>

#define SYSPROTO_EVENT   1
#define SYSPROTO_CONTROL 2
#define AF_SYS_CONTROL   2

struct sockaddr_sys {
  u_char ss_len;
  u_char ss_family;
  u_int16_t ss_sysaddr;
  u_int32_t ss_reserved[7];
};
#endif
