/* sys/timeb.h: the time of old.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_TIMEB_H
#define TENON_SYS_TIMEB_H

#include <sys/types.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

struct timeb {
  time_t time;
  unsigned short millitm;
  short timezone;
  short dstflag;
};

extern int ftime(struct timeb *tp);

#ifdef __cplusplus
}
#endif
#endif
