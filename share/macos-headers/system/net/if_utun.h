/* net/if_utun.h: tunnels of user space.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_NET_IF_UTUN_H
#define TENON_NET_IF_UTUN_H

#define UTUN_CONTROL_NAME "com.apple.net.utun_control"

#define UTUN_OPT_FLAGS                 1
#define UTUN_OPT_IFNAME                2
#define UTUN_OPT_EXT_IFDATA_STATS      3
#define UTUN_OPT_INC_IFDATA_STATS_IN   4
#define UTUN_OPT_INC_IFDATA_STATS_OUT  5
#define UTUN_OPT_SET_DELEGATE_INTERFACE 15

#define UTUN_FLAGS_NO_OUTPUT       0x0001
#define UTUN_FLAGS_NO_INPUT        0x0002
#define UTUN_FLAGS_ENABLE_PROC_UUID 0x0004
#endif
