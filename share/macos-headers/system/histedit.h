/* histedit.h: editing lines: libedit.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_HISTEDIT_H
#define TENON_HISTEDIT_H

#include <sys/types.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct editline EditLine;
typedef struct history History;

typedef struct lineinfo {
  const char *buffer;
  const char *cursor;
  const char *lastchar;
} LineInfo;

typedef struct HistEvent {
  int num;
  const char *str;
} HistEvent;

extern EditLine *el_init(const char *prog, FILE *fin, FILE *fout, FILE *ferr);
extern void el_end(EditLine *e);
extern void el_reset(EditLine *e);
extern const char *el_gets(EditLine *e, int *count);
extern int el_getc(EditLine *e, char *ch);
extern void el_push(EditLine *e, const char *text);
extern int el_parse(EditLine *e, int argc, const char *argv[]);
extern int el_set(EditLine *e, int op, ...);
extern int el_get(EditLine *e, int op, ...);
extern int el_source(EditLine *e, const char *file);
extern void el_resize(EditLine *e);
extern const LineInfo *el_line(EditLine *e);
extern int el_insertstr(EditLine *e, const char *text);
extern void el_deletestr(EditLine *e, int count);
extern void el_beep(EditLine *e);

/* Operations of el_set and el_get. */
#define EL_PROMPT    0
#define EL_TERMINAL  1
#define EL_EDITOR    2
#define EL_SIGNAL    3
#define EL_BIND      4
#define EL_TELLTC    5
#define EL_SETTC     6
#define EL_ECHOTC    7
#define EL_SETTY     8
#define EL_ADDFN     9
#define EL_HIST     10
#define EL_EDITMODE 11
#define EL_RPROMPT  12
#define EL_GETCFN   13
#define EL_CLIENTDATA 14
#define EL_UNBUFFERED 15
#define EL_PREP_TERM 16
#define EL_GETTC    17
#define EL_GETFP    18
#define EL_SETFP    19

#define CC_NORM         0
#define CC_NEWLINE      1
#define CC_EOF          2
#define CC_ARGHACK      3
#define CC_REFRESH      4
#define CC_CURSOR       5
#define CC_ERROR        6
#define CC_FATAL        7
#define CC_REDISPLAY    8
#define CC_REFRESH_BEEP 9

extern History *history_init(void);
extern void history_end(History *h);
extern int history(History *h, HistEvent *ev, int op, ...);

#define H_FUNC      0
#define H_SETSIZE   1
#define H_GETSIZE   2
#define H_FIRST     3
#define H_LAST      4
#define H_PREV      5
#define H_NEXT      6
#define H_CURR      8
#define H_SET       7
#define H_ADD       9
#define H_ENTER    10
#define H_APPEND   11
#define H_END      12
#define H_NEXT_STR 13
#define H_PREV_STR 14
#define H_NEXT_EVENT 15
#define H_PREV_EVENT 16
#define H_LOAD     17
#define H_SAVE     18
#define H_CLEAR    19
#define H_SETUNIQUE 20
#define H_GETUNIQUE 21
#define H_DEL      22

#ifdef __cplusplus
}
#endif
#endif
