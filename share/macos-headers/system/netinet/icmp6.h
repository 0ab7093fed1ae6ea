/* netinet/icmp6.h: control messages of IPv6 (RFC 4443, 4861).
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_NETINET_ICMP6_H
#define TENON_NETINET_ICMP6_H

#include <sys/types.h>
#include <netinet/in.h>

#define ICMPV6_PLD_MAXLEN 1232

struct icmp6_hdr {
  u_int8_t icmp6_type;
  u_int8_t icmp6_code;
  u_int16_t icmp6_cksum;
  union {
    u_int32_t icmp6_un_data32[1];
    u_int16_t icmp6_un_data16[2];
    u_int8_t icmp6_un_data8[4];
  } icmp6_dataun;
} __attribute__((__packed__));

#define icmp6_data32    icmp6_dataun.icmp6_un_data32
#define icmp6_data16    icmp6_dataun.icmp6_un_data16
#define icmp6_data8     icmp6_dataun.icmp6_un_data8
#define icmp6_pptr      icmp6_data32[0]
#define icmp6_mtu       icmp6_data32[0]
#define icmp6_id        icmp6_data16[0]
#define icmp6_seq       icmp6_data16[1]
#define icmp6_maxdelay  icmp6_data16[0]

#define ICMP6_DST_UNREACH        1
#define ICMP6_PACKET_TOO_BIG     2
#define ICMP6_TIME_EXCEEDED      3
#define ICMP6_PARAM_PROB         4
#define ICMP6_ECHO_REQUEST     128
#define ICMP6_ECHO_REPLY       129
#define MLD_LISTENER_QUERY     130
#define MLD_LISTENER_REPORT    131
#define MLD_LISTENER_DONE      132
#define ND_ROUTER_SOLICIT      133
#define ND_ROUTER_ADVERT       134
#define ND_NEIGHBOR_SOLICIT    135
#define ND_NEIGHBOR_ADVERT     136
#define ND_REDIRECT            137
#define ICMP6_ROUTER_RENUMBERING 138
#define MLDV2_LISTENER_REPORT  143
#define ICMP6_MAXTYPE          203

#define ICMP6_DST_UNREACH_NOROUTE     0
#define ICMP6_DST_UNREACH_ADMIN       1
#define ICMP6_DST_UNREACH_BEYONDSCOPE 2
#define ICMP6_DST_UNREACH_ADDR        3
#define ICMP6_DST_UNREACH_NOPORT      4
#define ICMP6_TIME_EXCEED_TRANSIT     0
#define ICMP6_TIME_EXCEED_REASSEMBLY  1
#define ICMP6_PARAMPROB_HEADER        0
#define ICMP6_PARAMPROB_NEXTHEADER    1
#define ICMP6_PARAMPROB_OPTION        2
#define ICMP6_INFOMSG_MASK            0x80

struct nd_router_solicit {
  struct icmp6_hdr nd_rs_hdr;
} __attribute__((__packed__));

struct nd_router_advert {
  struct icmp6_hdr nd_ra_hdr;
  u_int32_t nd_ra_reachable;
  u_int32_t nd_ra_retransmit;
} __attribute__((__packed__));

struct nd_neighbor_solicit {
  struct icmp6_hdr nd_ns_hdr;
  struct in6_addr nd_ns_target;
} __attribute__((__packed__));

struct nd_neighbor_advert {
  struct icmp6_hdr nd_na_hdr;
  struct in6_addr nd_na_target;
} __attribute__((__packed__));

struct nd_redirect {
  struct icmp6_hdr nd_rd_hdr;
  struct in6_addr nd_rd_target;
  struct in6_addr nd_rd_dst;
} __attribute__((__packed__));

struct nd_opt_hdr {
  u_int8_t nd_opt_type;
  u_int8_t nd_opt_len;
} __attribute__((__packed__));

#define ND_OPT_SOURCE_LINKADDR    1
#define ND_OPT_TARGET_LINKADDR    2
#define ND_OPT_PREFIX_INFORMATION 3
#define ND_OPT_REDIRECTED_HEADER  4
#define ND_OPT_MTU                5

struct nd_opt_prefix_info {
  u_int8_t nd_opt_pi_type;
  u_int8_t nd_opt_pi_len;
  u_int8_t nd_opt_pi_prefix_len;
  u_int8_t nd_opt_pi_flags_reserved;
  u_int32_t nd_opt_pi_valid_time;
  u_int32_t nd_opt_pi_preferred_time;
  u_int32_t nd_opt_pi_reserved2;
  struct in6_addr nd_opt_pi_prefix;
} __attribute__((__packed__));

struct nd_opt_mtu {
  u_int8_t nd_opt_mtu_type;
  u_int8_t nd_opt_mtu_len;
  u_int16_t nd_opt_mtu_reserved;
  u_int32_t nd_opt_mtu_mtu;
} __attribute__((__packed__));

struct icmp6_filter {
  u_int32_t icmp6_filt[8];
};
#define ICMP6_FILTER 18

#define ICMP6_FILTER_SETPASSALL(p)  memset((p), 0xff, sizeof(struct icmp6_filter))
#define ICMP6_FILTER_SETBLOCKALL(p) memset((p), 0x00, sizeof(struct icmp6_filter))
#define ICMP6_FILTER_SETPASS(t, p)  ((p)->icmp6_filt[(t) >> 5] |= (1U << ((t) & 31)))
#define ICMP6_FILTER_SETBLOCK(t, p) ((p)->icmp6_filt[(t) >> 5] &= ~(1U << ((t) & 31)))
#define ICMP6_FILTER_WILLPASS(t, p)  (((p)->icmp6_filt[(t) >> 5] & (1U << ((t) & 31))) != 0)
#define ICMP6_FILTER_WILLBLOCK(t, p) (((p)->icmp6_filt[(t) >> 5] & (1U << ((t) & 31))) == 0)
#endif
