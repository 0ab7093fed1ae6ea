/* net/if_llc.h: logical link control.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_NET_IF_LLC_H
#define TENON_NET_IF_LLC_H

#include <sys/types.h>

struct llc {
  u_int8_t llc_dsap;
  u_int8_t llc_ssap;
  union {
    struct { u_int8_t control; u_int8_t format_id; u_int8_t class_id; u_int8_t window_x2; } type_u;
    struct { u_int8_t num_snd_x2; u_int8_t num_rcv_x2; } type_i;
    struct { u_int8_t control; u_int8_t num_rcv_x2; } type_s;
    struct { u_int8_t control; u_int8_t org_code[3]; u_int16_t ether_type; } type_snap
        __attribute__((__packed__));
  } llc_un;
} __attribute__((__packed__));
#define llc_control  llc_un.type_u.control
#define llc_org_code llc_un.type_snap.org_code
#define llc_ether_type llc_un.type_snap.ether_type
#define llc_snap     llc_un.type_snap

#define LLC_UI       0x03
#define LLC_SNAP_LSAP 0xaa
#define LLC_SNAPFRAMELEN 8
#endif
