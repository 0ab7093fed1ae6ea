/* stringlist.h: lists of strings.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_STRINGLIST_H
#define TENON_STRINGLIST_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct _stringlist {
  char **sl_str;
  size_t sl_max;
  size_t sl_cur;
} StringList;

extern StringList *sl_init(void);
extern int sl_add(StringList *list, char *text);
extern void sl_free(StringList *list, int free_strings);
extern char *sl_find(StringList *list, char *text);

#ifdef __cplusplus
}
#endif
#endif
