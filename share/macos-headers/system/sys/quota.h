/* sys/quota.h: quotas of file systems.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_QUOTA_H
#define TENON_SYS_QUOTA_H

#include <sys/types.h>
#include <stdint.h>
#include <sys/time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define USRQUOTA  0
#define GRPQUOTA  1
#define MAXQUOTAS 2

#define SUBCMDMASK  0x00ff
#define SUBCMDSHIFT 8
#define QCMD(cmd, type) (((cmd) << SUBCMDSHIFT) | ((type) & SUBCMDMASK))

#define Q_QUOTAON   0x0100
#define Q_QUOTAOFF  0x0200
#define Q_GETQUOTA  0x0300
#define Q_SETQUOTA  0x0400
#define Q_SETUSE    0x0500
#define Q_SYNC      0x0600
#define Q_QUOTASTAT 0x0700

struct dqblk {
  u_int64_t dqb_bhardlimit;
  u_int64_t dqb_bsoftlimit;
  u_int64_t dqb_curbytes;
  u_int32_t dqb_ihardlimit;
  u_int32_t dqb_isoftlimit;
  u_int32_t dqb_curinodes;
  u_int32_t dqb_btime;
  u_int32_t dqb_itime;
  u_int32_t dqb_id;
  u_int32_t dqb_spare[4];
};

extern int quotactl(const char *path, int cmd, int id, caddr_t addr);

#ifdef __cplusplus
}
#endif
#endif
