/* os/trace.h: tracing before os_log; the calls do what os_log does.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_OS_TRACE_H
#define TENON_OS_TRACE_H

#include <os/base.h>
#include <os/log.h>

#define OS_TRACE_TYPE_RELEASE OS_LOG_TYPE_DEFAULT
#define OS_TRACE_TYPE_DEBUG   OS_LOG_TYPE_DEBUG
#define OS_TRACE_TYPE_INFO    OS_LOG_TYPE_INFO
#define OS_TRACE_TYPE_ERROR   OS_LOG_TYPE_ERROR
#define OS_TRACE_TYPE_FAULT   OS_LOG_TYPE_FAULT

#define os_trace(format, ...)       os_log(OS_LOG_DEFAULT, format, ##__VA_ARGS__)
#define os_trace_info(format, ...)  os_log_info(OS_LOG_DEFAULT, format, ##__VA_ARGS__)
#define os_trace_debug(format, ...) os_log_debug(OS_LOG_DEFAULT, format, ##__VA_ARGS__)
#define os_trace_error(format, ...) os_log_error(OS_LOG_DEFAULT, format, ##__VA_ARGS__)
#define os_trace_fault(format, ...) os_log_fault(OS_LOG_DEFAULT, format, ##__VA_ARGS__)
#endif
