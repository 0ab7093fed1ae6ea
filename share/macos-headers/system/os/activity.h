/* os/activity.h: activities: what belongs together in the log.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_OS_ACTIVITY_H
#define TENON_OS_ACTIVITY_H

#include <os/base.h>
#include <os/object.h>
#include <os/trace_base.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if OS_OBJECT_USE_OBJC
OS_OBJECT_DECL(os_activity);
#else
typedef struct os_activity_s *os_activity_t;
#endif

typedef uint64_t os_activity_id_t;
typedef uint32_t os_activity_flag_t;

#define OS_ACTIVITY_FLAG_DEFAULT       0
#define OS_ACTIVITY_FLAG_DETACHED      0x1
#define OS_ACTIVITY_FLAG_IF_NONE_PRESENT 0x2

typedef struct os_activity_scope_state_s {
  uint64_t opaque[2];
} *os_activity_scope_state_t;

extern struct os_activity_s _os_activity_none;
extern struct os_activity_s _os_activity_current;

#if OS_OBJECT_USE_OBJC && defined(__OBJC__)
#define OS_ACTIVITY_NONE    OS_OBJECT_GLOBAL_OBJECT(os_activity_t, _os_activity_none)
#define OS_ACTIVITY_CURRENT OS_OBJECT_GLOBAL_OBJECT(os_activity_t, _os_activity_current)
#else
#define OS_ACTIVITY_NONE    (&_os_activity_none)
#define OS_ACTIVITY_CURRENT (&_os_activity_current)
#endif

extern os_activity_t _os_activity_create(void *dso, const char *description,
                                         os_activity_t activity, os_activity_flag_t flags);
extern void os_activity_scope_enter(os_activity_t activity, os_activity_scope_state_t state);
extern void os_activity_scope_leave(os_activity_scope_state_t state);
extern os_activity_id_t os_activity_get_identifier(os_activity_t activity,
                                                   os_activity_id_t *parent_id);

#define os_activity_create(description, parent, flags)                                        \
  __extension__({                                                                             \
    __attribute__((section("__TEXT,__oslogstring,cstring_literals")))                         \
    static const char _os_activity_text[] = description;                                      \
    _os_activity_create((void *)&__dso_handle, _os_activity_text, parent, flags);             \
  })

#ifdef __cplusplus
}
#endif
#endif
