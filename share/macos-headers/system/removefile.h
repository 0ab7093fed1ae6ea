/* removefile.h: removing trees of files.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_REMOVEFILE_H
#define TENON_REMOVEFILE_H

#include <sys/types.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t removefile_flags_t;
typedef struct _removefile_state *removefile_state_t;
typedef int (*removefile_callback_t)(removefile_state_t state, const char *path, void *context);

#define REMOVEFILE_RECURSIVE            (1 << 0)
#define REMOVEFILE_KEEP_PARENT          (1 << 1)
#define REMOVEFILE_SECURE_7_PASS        (1 << 2)
#define REMOVEFILE_SECURE_35_PASS       (1 << 3)
#define REMOVEFILE_SECURE_1_PASS        (1 << 4)
#define REMOVEFILE_SECURE_3_PASS        (1 << 5)
#define REMOVEFILE_SECURE_1_PASS_ZERO   (1 << 6)
#define REMOVEFILE_CROSS_MOUNT          (1 << 7)
#define REMOVEFILE_ALLOW_LONG_PATHS     (1 << 8)
#define REMOVEFILE_CLEAR_PURGEABLE      (1 << 9)
#define REMOVEFILE_SYSTEM_DISCARDED     (1 << 10)

#define REMOVEFILE_STATE_CONFIRM_CALLBACK 1
#define REMOVEFILE_STATE_CONFIRM_CONTEXT  2
#define REMOVEFILE_STATE_ERROR_CALLBACK   3
#define REMOVEFILE_STATE_ERROR_CONTEXT    4
#define REMOVEFILE_STATE_ERRNO            5
#define REMOVEFILE_STATE_STATUS_CALLBACK  6
#define REMOVEFILE_STATE_STATUS_CONTEXT   7
#define REMOVEFILE_STATE_FTSENT           8

/* What a callback answers. */
#define REMOVEFILE_PROCEED 0
#define REMOVEFILE_SKIP    1
#define REMOVEFILE_STOP    2

extern int removefile(const char *path, removefile_state_t state, removefile_flags_t flags);
extern int removefileat(int fd, const char *path, removefile_state_t state,
                        removefile_flags_t flags);
extern removefile_state_t removefile_state_alloc(void);
extern int removefile_state_free(removefile_state_t state);
extern int removefile_state_get(removefile_state_t state, uint32_t key, void *dst);
extern int removefile_state_set(removefile_state_t state, uint32_t key, const void *value);
extern int removefile_cancel(removefile_state_t state);

#ifdef __cplusplus
}
#endif
#endif
