/* os/os_sync_wait_on_address.h: waiting for a value in memory (macOS 14.4).
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_OS_OS_SYNC_WAIT_ON_ADDRESS_H
#define TENON_OS_OS_SYNC_WAIT_ON_ADDRESS_H

#include <os/clock.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t os_sync_wait_on_address_flags_t;
typedef uint32_t os_sync_wake_by_address_flags_t;

#define OS_SYNC_WAIT_ON_ADDRESS_NONE   ((os_sync_wait_on_address_flags_t)0x00000000)
#define OS_SYNC_WAIT_ON_ADDRESS_SHARED ((os_sync_wait_on_address_flags_t)0x00000001)
#define OS_SYNC_WAKE_BY_ADDRESS_NONE   ((os_sync_wake_by_address_flags_t)0x00000000)
#define OS_SYNC_WAKE_BY_ADDRESS_SHARED ((os_sync_wake_by_address_flags_t)0x00000001)

extern int os_sync_wait_on_address(void *addr, uint64_t value, size_t size,
                                   os_sync_wait_on_address_flags_t flags);
extern int os_sync_wait_on_address_with_deadline(void *addr, uint64_t value, size_t size,
                                                 os_sync_wait_on_address_flags_t flags,
                                                 os_clockid_t clockid, uint64_t deadline);
extern int os_sync_wait_on_address_with_timeout(void *addr, uint64_t value, size_t size,
                                                os_sync_wait_on_address_flags_t flags,
                                                os_clockid_t clockid, uint64_t timeout_ns);
extern int os_sync_wake_by_address_any(void *addr, size_t size,
                                       os_sync_wake_by_address_flags_t flags);
extern int os_sync_wake_by_address_all(void *addr, size_t size,
                                       os_sync_wake_by_address_flags_t flags);

#ifdef __cplusplus
}
#endif
#endif
