/* asl.h: the system log before os_log (deprecated).
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_ASL_H
#define TENON_ASL_H

#include <stdint.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct __asl_object_s *asl_object_t;
typedef asl_object_t aslclient;
typedef asl_object_t aslmsg;
typedef asl_object_t aslresponse;

#define ASL_LEVEL_EMERG   0
#define ASL_LEVEL_ALERT   1
#define ASL_LEVEL_CRIT    2
#define ASL_LEVEL_ERR     3
#define ASL_LEVEL_WARNING 4
#define ASL_LEVEL_NOTICE  5
#define ASL_LEVEL_INFO    6
#define ASL_LEVEL_DEBUG   7

#define ASL_STRING_EMERG   "Emergency"
#define ASL_STRING_ALERT   "Alert"
#define ASL_STRING_CRIT    "Critical"
#define ASL_STRING_ERR     "Error"
#define ASL_STRING_WARNING "Warning"
#define ASL_STRING_NOTICE  "Notice"
#define ASL_STRING_INFO    "Info"
#define ASL_STRING_DEBUG   "Debug"

/* Keys of a message. */
#define ASL_KEY_TIME        "Time"
#define ASL_KEY_TIME_NSEC   "TimeNanoSec"
#define ASL_KEY_HOST        "Host"
#define ASL_KEY_SENDER      "Sender"
#define ASL_KEY_FACILITY    "Facility"
#define ASL_KEY_PID         "PID"
#define ASL_KEY_UID         "UID"
#define ASL_KEY_GID         "GID"
#define ASL_KEY_LEVEL       "Level"
#define ASL_KEY_MSG         "Message"
#define ASL_KEY_READ_UID    "ReadUID"
#define ASL_KEY_READ_GID    "ReadGID"
#define ASL_KEY_EXPIRE_TIME "ASLExpireTime"
#define ASL_KEY_MSG_ID      "ASLMessageID"
#define ASL_KEY_SESSION     "Session"
#define ASL_KEY_REF_PID     "RefPID"
#define ASL_KEY_REF_PROC    "RefProc"
#define ASL_KEY_AUX_TITLE   "ASLAuxTitle"
#define ASL_KEY_AUX_UTI     "ASLAuxUTI"
#define ASL_KEY_AUX_URL     "ASLAuxURL"
#define ASL_KEY_AUX_DATA    "ASLAuxData"
#define ASL_KEY_OPTION      "ASLOption"
#define ASL_KEY_MODULE      "ASLModule"
#define ASL_KEY_SENDER_INSTANCE "SenderInstance"
#define ASL_KEY_SENDER_MACH_UUID "SenderMachUUID"
#define ASL_KEY_FINAL_NOTIFICATION "ASLFinalNotification"
#define ASL_KEY_OS_ACTIVITY_ID "OSActivityID"

/* Types of an object. */
#define ASL_TYPE_UNDEF  -1
#define ASL_TYPE_MSG     0
#define ASL_TYPE_QUERY   1
#define ASL_TYPE_LIST    2
#define ASL_TYPE_FILE    3
#define ASL_TYPE_STORE   4
#define ASL_TYPE_CLIENT  5

/* How a query compares. */
#define ASL_QUERY_OP_CASEFOLD      0x0010
#define ASL_QUERY_OP_PREFIX        0x0020
#define ASL_QUERY_OP_SUFFIX        0x0040
#define ASL_QUERY_OP_SUBSTRING     0x0060
#define ASL_QUERY_OP_NUMERIC       0x0080
#define ASL_QUERY_OP_REGEX         0x0100
#define ASL_QUERY_OP_EQUAL         0x0001
#define ASL_QUERY_OP_GREATER       0x0002
#define ASL_QUERY_OP_GREATER_EQUAL 0x0003
#define ASL_QUERY_OP_LESS          0x0004
#define ASL_QUERY_OP_LESS_EQUAL    0x0005
#define ASL_QUERY_OP_NOT_EQUAL     0x0006
#define ASL_QUERY_OP_TRUE          0x0007

#define ASL_FILTER_MASK(level)      (1 << (level))
#define ASL_FILTER_MASK_UPTO(level) ((1 << ((level) + 1)) - 1)
#define ASL_FILTER_MASK_EMERG       0x01
#define ASL_FILTER_MASK_ALERT       0x02
#define ASL_FILTER_MASK_CRIT        0x04
#define ASL_FILTER_MASK_ERR         0x08
#define ASL_FILTER_MASK_WARNING     0x10
#define ASL_FILTER_MASK_NOTICE      0x20
#define ASL_FILTER_MASK_INFO        0x40
#define ASL_FILTER_MASK_DEBUG       0x80

/* Options of asl_open. */
#define ASL_OPT_STDERR         0x00000001
#define ASL_OPT_NO_DELAY       0x00000002
#define ASL_OPT_NO_REMOTE      0x00000004
#define ASL_OPT_CREATE_STORE   0x00000008
#define ASL_OPT_SYSLOG_LEGACY  0x00010000

#define ASL_MATCH_DIRECTION_FORWARD  1
#define ASL_MATCH_DIRECTION_REVERSE -1

#define ASL_ENCODE_NONE 0
#define ASL_ENCODE_SAFE 1
#define ASL_ENCODE_ASL  2
#define ASL_ENCODE_XML  3

#define ASL_MSG_FMT_RAW "raw"
#define ASL_MSG_FMT_STD "std"
#define ASL_MSG_FMT_BSD "bsd"
#define ASL_MSG_FMT_XML "xml"
#define ASL_MSG_FMT_MSG "msg"

#define ASL_TIME_FMT_SEC "sec"
#define ASL_TIME_FMT_UTC "utc"
#define ASL_TIME_FMT_LCL "lcl"

#define ASL_LOG_DESCRIPTOR_READ  1
#define ASL_LOG_DESCRIPTOR_WRITE 2

extern asl_object_t asl_open(const char *ident, const char *facility, uint32_t opts);
extern asl_object_t asl_open_from_file(int fd, const char *ident, const char *facility);
extern asl_object_t asl_open_path(const char *path, uint32_t opts);
extern void asl_close(asl_object_t obj);
extern asl_object_t asl_new(uint32_t type);
extern asl_object_t asl_retain(asl_object_t obj);
extern void asl_release(asl_object_t obj);
extern void asl_free(asl_object_t obj);
extern uint32_t asl_get_type(asl_object_t obj);

extern int asl_set(asl_object_t obj, const char *key, const char *value);
extern int asl_unset(asl_object_t obj, const char *key);
extern const char *asl_get(asl_object_t obj, const char *key);
extern const char *asl_key(asl_object_t obj, uint32_t index);
extern int asl_set_query(asl_object_t obj, const char *key, const char *value, uint32_t op);
extern size_t asl_count(asl_object_t obj);
extern asl_object_t asl_get_index(asl_object_t list, size_t index);
extern void asl_append(asl_object_t list, asl_object_t obj);
extern void asl_prepend(asl_object_t list, asl_object_t obj);

extern int asl_log(asl_object_t client, asl_object_t msg, int level, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
extern int asl_vlog(asl_object_t client, asl_object_t msg, int level, const char *format,
                    va_list ap) __attribute__((format(printf, 4, 0)));
extern int asl_log_message(int level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
extern int asl_send(asl_object_t client, asl_object_t msg);
extern int asl_set_filter(asl_object_t client, int filter);
extern int asl_set_output_file_filter(asl_object_t client, int descriptor, int filter);
extern int asl_add_output_file(asl_object_t client, int descriptor, const char *msg_fmt,
                               const char *time_fmt, int filter, int text_encoding);
extern int asl_remove_output_file(asl_object_t client, int descriptor);
extern int asl_add_log_file(asl_object_t client, int descriptor);
extern int asl_remove_log_file(asl_object_t client, int descriptor);
extern int asl_log_descriptor(asl_object_t client, asl_object_t msg, int level, int descriptor,
                              uint32_t fd_type);

extern asl_object_t asl_search(asl_object_t client, asl_object_t query);
extern asl_object_t asl_match(asl_object_t client, asl_object_t query, size_t *last, size_t start,
                              size_t count, uint32_t duration, int direction);
extern asl_object_t asl_next(asl_object_t obj);
extern asl_object_t asl_prev(asl_object_t obj);
extern void asl_reset_iteration(asl_object_t obj, size_t position);
extern asl_object_t aslresponse_next(asl_object_t obj);
extern void aslresponse_free(asl_object_t obj);
extern char *asl_format(asl_object_t msg, const char *msg_fmt, const char *time_fmt,
                        uint32_t text_encoding);

#ifdef __cplusplus
}
#endif
#endif
