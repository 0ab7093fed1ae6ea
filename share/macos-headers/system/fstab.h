/* fstab.h: the table of file systems.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_FSTAB_H
#define TENON_FSTAB_H

#ifdef __cplusplus
extern "C" {
#endif

#define _PATH_FSTAB "/etc/fstab"
#define FSTAB       "/etc/fstab"
#define FSTAB_RW "rw"
#define FSTAB_RQ "rq"
#define FSTAB_RO "ro"
#define FSTAB_SW "sw"
#define FSTAB_XX "xx"

struct fstab {
  char *fs_spec;
  char *fs_file;
  char *fs_vfstype;
  char *fs_mntops;
  char *fs_type;
  int fs_freq;
  int fs_passno;
};

extern struct fstab *getfsent(void);
extern struct fstab *getfsspec(const char *spec);
extern struct fstab *getfsfile(const char *file);
extern int setfsent(void);
extern void endfsent(void);

#ifdef __cplusplus
}
#endif
#endif
