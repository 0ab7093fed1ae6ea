/* os/log.h: the unified log. A call packs its arguments in the form that clang knows.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_OS_LOG_H
#define TENON_OS_LOG_H

#include <os/base.h>
#include <os/object.h>
#include <os/trace_base.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if OS_OBJECT_USE_OBJC
OS_OBJECT_DECL(os_log);
#else
typedef struct os_log_s *os_log_t;
#endif

#define OS_LOG_TYPE_DEFAULT 0x00
#define OS_LOG_TYPE_INFO    0x01
#define OS_LOG_TYPE_DEBUG   0x02
#define OS_LOG_TYPE_ERROR   0x10
#define OS_LOG_TYPE_FAULT   0x11

typedef uint8_t os_log_type_t;

extern struct os_log_s _os_log_default;
extern struct os_log_s _os_log_disabled;

#if OS_OBJECT_USE_OBJC && defined(__OBJC__)
#define OS_LOG_DEFAULT  OS_OBJECT_GLOBAL_OBJECT(os_log_t, _os_log_default)
#define OS_LOG_DISABLED OS_OBJECT_GLOBAL_OBJECT(os_log_t, _os_log_disabled)
#else
#define OS_LOG_DEFAULT  (&_os_log_default)
#define OS_LOG_DISABLED ((os_log_t)0)
#endif

/* Categories that have a meaning of their own. */
#define OS_LOG_CATEGORY_POINTS_OF_INTEREST "PointsOfInterest"
#define OS_LOG_CATEGORY_DYNAMIC_TRACING    "DynamicTracing"
#define OS_LOG_CATEGORY_DYNAMIC_STACK_TRACING "DynamicStackTracing"

extern os_log_t os_log_create(const char *subsystem, const char *category);
extern bool os_log_type_enabled(os_log_t log, os_log_type_t type);
extern void _os_log_impl(void *dso, os_log_t log, os_log_type_t type, const char *format,
                         uint8_t *buf, uint32_t size);

#define os_log_info_enabled(log)  os_log_type_enabled(log, OS_LOG_TYPE_INFO)
#define os_log_debug_enabled(log) os_log_type_enabled(log, OS_LOG_TYPE_DEBUG)

/* The format has to be a literal: the log keeps its address, not its text. */
#define os_log_with_type(log, type, format, ...)                                                \
  __extension__({                                                                               \
    os_log_t _os_log_it = (log);                                                                \
    os_log_type_t _os_log_as = (type);                                                          \
    if (os_log_type_enabled(_os_log_it, _os_log_as)) {                                          \
      __attribute__((section("__TEXT,__oslogstring,cstring_literals")))                         \
      static const char _os_log_text[] = format;                                                \
      uint8_t __attribute__((aligned(16)))                                                      \
      _os_log_room[__builtin_os_log_format_buffer_size(format, ##__VA_ARGS__)];                 \
      _os_log_impl((void *)&__dso_handle, _os_log_it, _os_log_as, _os_log_text,                 \
                   (uint8_t *)__builtin_os_log_format(_os_log_room, format, ##__VA_ARGS__),     \
                   (uint32_t)sizeof(_os_log_room));                                             \
    }                                                                                           \
  })

#define os_log(log, format, ...)       os_log_with_type(log, OS_LOG_TYPE_DEFAULT, format, ##__VA_ARGS__)
#define os_log_info(log, format, ...)  os_log_with_type(log, OS_LOG_TYPE_INFO, format, ##__VA_ARGS__)
#define os_log_debug(log, format, ...) os_log_with_type(log, OS_LOG_TYPE_DEBUG, format, ##__VA_ARGS__)
#define os_log_error(log, format, ...) os_log_with_type(log, OS_LOG_TYPE_ERROR, format, ##__VA_ARGS__)
#define os_log_fault(log, format, ...) os_log_with_type(log, OS_LOG_TYPE_FAULT, format, ##__VA_ARGS__)

#ifdef __cplusplus
}
#endif
#endif
