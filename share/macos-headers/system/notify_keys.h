/* notify_keys.h: names of notifications that the system posts.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_NOTIFY_KEYS_H
#define TENON_NOTIFY_KEYS_H

#define kNotifyClockSet              "com.apple.system.clock_set"
#define kNotifyTimeZoneChange        "com.apple.system.timezone"
#define kNotifyVFSUpdate             "com.apple.system.kernel.mount"
#define kNotifyVFSMount              "com.apple.system.kernel.mount"
#define kNotifyVFSUnmount            "com.apple.system.kernel.unmount"
#define kNotifyVFSLowDiskSpace       "com.apple.system.lowdiskspace"
#define kNotifyASLDBUpdate           "com.apple.system.logger.message"
#endif
