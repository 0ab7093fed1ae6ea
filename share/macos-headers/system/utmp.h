/* utmp.h: the login records of old (utmpx.h has those of today).
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_UTMP_H
#define TENON_UTMP_H

#include <sys/types.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define _PATH_UTMP    "/var/run/utmp"
#define _PATH_WTMP    "/var/log/wtmp"
#define _PATH_LASTLOG "/var/log/lastlog"

#define UT_NAMESIZE 8
#define UT_LINESIZE 8
#define UT_HOSTSIZE 16

struct utmp {
  char ut_line[UT_LINESIZE];
  char ut_name[UT_NAMESIZE];
  char ut_host[UT_HOSTSIZE];
  long ut_time;
};

#ifdef __cplusplus
}
#endif
#endif
