/* mach/clock_reply.h: the answer of an alarm.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_CLOCK_REPLY_H
#define TENON_MACH_CLOCK_REPLY_H

#include <mach/clock_types.h>
#include <mach/kern_return.h>
#include <mach/mach_types.h>
#include <mach/message.h>
#include <mach/port.h>

#ifdef __cplusplus
extern "C" {
#endif

extern kern_return_t clock_alarm_reply(mach_port_t alarm_port,
                                       mach_msg_type_name_t alarm_portPoly,
                                       kern_return_t alarm_code, alarm_type_t alarm_type,
                                       mach_timespec_t alarm_time);

#ifdef __cplusplus
}
#endif
#endif
