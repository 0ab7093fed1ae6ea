/* os/signpost.h: marks in the log, for Instruments.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_OS_SIGNPOST_H
#define TENON_OS_SIGNPOST_H

#include <os/base.h>
#include <os/log.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint64_t os_signpost_id_t;
typedef uint8_t os_signpost_type_t;

#define OS_SIGNPOST_EVENT          0x00
#define OS_SIGNPOST_INTERVAL_BEGIN 0x01
#define OS_SIGNPOST_INTERVAL_END   0x02

#define OS_SIGNPOST_ID_NULL      ((os_signpost_id_t)0)
#define OS_SIGNPOST_ID_INVALID   ((os_signpost_id_t)~0ULL)
#define OS_SIGNPOST_ID_EXCLUSIVE ((os_signpost_id_t)0xEEEEB0B5B2B2EEEEULL)

extern os_signpost_id_t os_signpost_id_generate(os_log_t log);
extern os_signpost_id_t os_signpost_id_make_with_pointer(os_log_t log, const void *ptr);
extern bool os_signpost_enabled(os_log_t log);
extern void _os_signpost_emit_with_name_impl(void *dso, os_log_t log, os_signpost_type_t type,
                                             os_signpost_id_t spid, const char *name,
                                             const char *format, uint8_t *buf, uint32_t size);

#define os_signpost_emit_with_type(log, type, spid, name, format, ...)                          \
  __extension__({                                                                               \
    os_log_t _os_sp_log = (log);                                                                \
    os_signpost_id_t _os_sp_id = (spid);                                                        \
    if (_os_sp_id != OS_SIGNPOST_ID_NULL && _os_sp_id != OS_SIGNPOST_ID_INVALID &&              \
        os_signpost_enabled(_os_sp_log)) {                                                      \
      __attribute__((section("__TEXT,__oslogstring,cstring_literals")))                         \
      static const char _os_sp_name[] = name;                                                   \
      __attribute__((section("__TEXT,__oslogstring,cstring_literals")))                         \
      static const char _os_sp_text[] = format;                                                 \
      uint8_t __attribute__((aligned(16)))                                                      \
      _os_sp_room[__builtin_os_log_format_buffer_size(format, ##__VA_ARGS__)];                  \
      _os_signpost_emit_with_name_impl(                                                         \
          (void *)&__dso_handle, _os_sp_log, type, _os_sp_id, _os_sp_name, _os_sp_text,         \
          (uint8_t *)__builtin_os_log_format(_os_sp_room, format, ##__VA_ARGS__),               \
          (uint32_t)sizeof(_os_sp_room));                                                       \
    }                                                                                           \
  })

/* The name and the format have to be literals; the format may be left out. */
#define os_signpost_event_emit(log, spid, name, ...) \
  os_signpost_emit_with_type(log, OS_SIGNPOST_EVENT, spid, name, "" __VA_ARGS__)
#define os_signpost_interval_begin(log, spid, name, ...) \
  os_signpost_emit_with_type(log, OS_SIGNPOST_INTERVAL_BEGIN, spid, name, "" __VA_ARGS__)
#define os_signpost_interval_end(log, spid, name, ...) \
  os_signpost_emit_with_type(log, OS_SIGNPOST_INTERVAL_END, spid, name, "" __VA_ARGS__)

#ifdef __cplusplus
}
#endif
#endif
