/* ttyent.h: the table of terminals.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_TTYENT_H
#define TENON_TTYENT_H

#ifdef __cplusplus
extern "C" {
#endif

#define _PATH_TTYS "/etc/ttys"
#define TTY_ON     0x01
#define TTY_SECURE 0x02

struct ttyent {
  char *ty_name;
  char *ty_getty;
  char *ty_type;
  int ty_status;
  char *ty_window;
  char *ty_comment;
};

extern struct ttyent *getttyent(void);
extern struct ttyent *getttynam(const char *name);
extern int setttyent(void);
extern int endttyent(void);

#ifdef __cplusplus
}
#endif
#endif
