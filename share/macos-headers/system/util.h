/* util.h: pseudo terminals and other functions of libutil.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_UTIL_H
#define TENON_UTIL_H

#include <stdio.h>
#include <sys/types.h>
#include <sys/ttycom.h>
#include <sys/termios.h>
#include <pwd.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PIDLOCK_NONBLOCK 1
#define PIDLOCK_USEHOSTNAME 2

#define PROPERTY_MAX_NAME  64
#define PROPERTY_MAX_VALUE 512

typedef struct _property {
  struct _property *next;
  char *name;
  char *value;
} *properties;

struct utmp;

extern int openpty(int *amaster, int *aslave, char *name, struct termios *termp,
                   struct winsize *winp);
extern pid_t forkpty(int *amaster, char *name, struct termios *termp, struct winsize *winp);
extern int login_tty(int fd);
extern int opendev(char *path, int oflags, int dflags, char **realpath);

extern void login(struct utmp *ut);
extern int logout(const char *line);
extern void logwtmp(const char *line, const char *name, const char *host);

extern int pidlock(const char *lockfile, int flags, pid_t *locker, const char *info);
extern int ttylock(const char *tty, int flags, pid_t *locker);
extern int ttyunlock(const char *tty);
extern int ttyaction(char *tty, char *act, char *user);

extern properties properties_read(int fd);
extern void properties_free(properties list);
extern char *property_find(properties list, const char *name);

#ifdef __cplusplus
}
#endif
#endif
