/* sys/acct.h: accounting of processes.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_ACCT_H
#define TENON_SYS_ACCT_H

#include <sys/types.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef u_int16_t comp_t;  /* 3 bits of exponent to the base 8, 13 of fraction */

struct acct {
  char ac_comm[10];
  comp_t ac_utime;
  comp_t ac_stime;
  comp_t ac_etime;
  u_int32_t ac_btime;
  uid_t ac_uid;
  gid_t ac_gid;
  u_int16_t ac_mem;
  comp_t ac_io;
  dev_t ac_tty;
  u_int8_t ac_flag;
};

#define AFORK 0x01
#define ASU   0x02
#define ACOMPAT 0x04
#define ACORE 0x08
#define AXSIG 0x10
#define AHZ   64

extern int acct(const char *file);

#ifdef __cplusplus
}
#endif
#endif
