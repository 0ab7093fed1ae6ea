/* sys/kern_event.h: events of the kernel, from a socket of PF_SYSTEM.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_KERN_EVENT_H
#define TENON_SYS_KERN_EVENT_H

#include <sys/types.h>
#include <sys/ioccom.h>
#include <sys/sys_domain.h>
#include <stdint.h>

#define KEV_SNDSPACE (4 * 1024)
#define KEV_RECVSPACE (8 * 1024)

#define KEV_ANY_VENDOR   0
#define KEV_ANY_CLASS    0
#define KEV_ANY_SUBCLASS 0
#define KEV_VENDOR_APPLE 1

#define KEV_NETWORK_CLASS   1
#define KEV_IOKIT_CLASS     2
#define KEV_SYSTEM_CLASS    3
#define KEV_APPLESHARE_CLASS 4
#define KEV_FIREWALL_CLASS  5
#define KEV_IEEE80211_CLASS 6

struct kern_event_msg {
  u_int32_t total_size;
  u_int32_t vendor_code;
  u_int32_t kev_class;
  u_int32_t kev_subclass;
  u_int32_t id;
  u_int32_t event_code;
  u_int32_t event_data[1];
};
#define KEV_MSG_HEADER_SIZE (offsetof(struct kern_event_msg, event_data[0]))

struct kev_request {
  u_int32_t vendor_code;
  u_int32_t kev_class;
  u_int32_t kev_subclass;
};

#define KEV_VENDOR_CODE_MAX_STR_LEN 200

struct kev_vendor_code {
  u_int32_t vendor_code;
  char vendor_string[KEV_VENDOR_CODE_MAX_STR_LEN];
} __attribute__((packed, aligned(4)));

#define SIOCGKEVID     _IOR('e', 1, u_int32_t)
#define SIOCSKEVFILT   _IOW('e', 2, struct kev_request)
#define SIOCGKEVFILT   _IOR('e', 3, struct kev_request)
#define SIOCGKEVVENDOR _IOWR('e', 4, struct kev_vendor_code)
#endif
