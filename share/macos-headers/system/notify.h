/* notify.h: notifications of the system by name.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_NOTIFY_H
#define TENON_NOTIFY_H

#include <stdint.h>
#include <mach/message.h>
#include <mach/port.h>
#include <Availability.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NOTIFY_STATUS_OK                 0
#define NOTIFY_STATUS_INVALID_NAME       1
#define NOTIFY_STATUS_INVALID_TOKEN      2
#define NOTIFY_STATUS_INVALID_PORT       3
#define NOTIFY_STATUS_INVALID_FILE       4
#define NOTIFY_STATUS_INVALID_SIGNAL     5
#define NOTIFY_STATUS_INVALID_REQUEST    6
#define NOTIFY_STATUS_NOT_AUTHORIZED     7
#define NOTIFY_STATUS_OPT_DISABLE        8
#define NOTIFY_STATUS_SERVER_NOT_FOUND   9
#define NOTIFY_STATUS_NULL_INPUT        10
#define NOTIFY_STATUS_FAILED       1000000

#define NOTIFY_REUSE 0x00000001  /* of the port or descriptor that is passed in */

#define NOTIFY_TOKEN_INVALID -1

extern uint32_t notify_post(const char *name);
extern uint32_t notify_register_check(const char *name, int *out_token);
extern uint32_t notify_register_signal(const char *name, int sig, int *out_token);
extern uint32_t notify_register_mach_port(const char *name, mach_port_t *notify_port, int flags,
                                          int *out_token);
extern uint32_t notify_register_file_descriptor(const char *name, int *notify_fd, int flags,
                                                int *out_token);
extern uint32_t notify_check(int token, int *check);
extern uint32_t notify_cancel(int token);
extern uint32_t notify_suspend(int token);
extern uint32_t notify_resume(int token);
extern uint32_t notify_set_state(int token, uint64_t state64);
extern uint32_t notify_get_state(int token, uint64_t *state64);

#ifdef __cplusplus
}
#endif

#ifdef __BLOCKS__
#include <dispatch/dispatch.h>

typedef void (^notify_handler_t)(int token);

#ifdef __cplusplus
extern "C"
#endif
uint32_t notify_register_dispatch(const char *name, int *out_token, dispatch_queue_t queue,
                                  notify_handler_t handler);
#endif

static inline int notify_is_valid_token(int token) { return token >= 0; }

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif
#endif
