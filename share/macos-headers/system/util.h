/* util.h: pseudo terminals.
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

struct utmp;

extern int openpty(int *amaster, int *aslave, char *name, struct termios *termp,
                   struct winsize *winp);
extern pid_t forkpty(int *amaster, char *name, struct termios *termp, struct winsize *winp);
extern int login_tty(int fd);
extern int opendev(char *path, int oflags, int dflags, char **realpath);

extern void login(struct utmp *ut);
extern int logout(const char *line);
extern void logwtmp(const char *line, const char *name, const char *host);

#ifdef __cplusplus
}
#endif
#endif
