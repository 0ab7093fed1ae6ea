/* tzfile.h: files of time zones (RFC 8536).
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_TZFILE_H
#define TENON_TZFILE_H

#define TZDIR      "/usr/share/zoneinfo"
#define TZDEFAULT  "/etc/localtime"
#define TZDEFRULES "posixrules"
#define TZ_MAGIC   "TZif"

struct tzhead {
  char tzh_magic[4];
  char tzh_version[1];
  char tzh_reserved[15];
  char tzh_ttisgmtcnt[4];
  char tzh_ttisstdcnt[4];
  char tzh_leapcnt[4];
  char tzh_timecnt[4];
  char tzh_typecnt[4];
  char tzh_charcnt[4];
};

#define SECSPERMIN   60
#define MINSPERHOUR  60
#define HOURSPERDAY  24
#define DAYSPERWEEK  7
#define DAYSPERNYEAR 365
#define DAYSPERLYEAR 366
#define SECSPERHOUR  (SECSPERMIN * MINSPERHOUR)
#define SECSPERDAY   ((long)SECSPERHOUR * HOURSPERDAY)
#define MONSPERYEAR  12
#endif
