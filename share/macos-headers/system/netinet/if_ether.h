/* netinet/if_ether.h: Ethernet under the internet protocol.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_NETINET_IF_ETHER_H
#define TENON_NETINET_IF_ETHER_H

#include <sys/types.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/in.h>

#define ea_byte ether_addr_octet

struct ether_arp {
  struct arphdr ea_hdr;
  u_char arp_sha[ETHER_ADDR_LEN];
  u_char arp_spa[4];
  u_char arp_tha[ETHER_ADDR_LEN];
  u_char arp_tpa[4];
};
#define arp_hrd ea_hdr.ar_hrd
#define arp_pro ea_hdr.ar_pro
#define arp_hln ea_hdr.ar_hln
#define arp_pln ea_hdr.ar_pln
#define arp_op  ea_hdr.ar_op

struct sockaddr_inarp {
  u_char sin_len;
  u_char sin_family;
  u_short sin_port;
  struct in_addr sin_addr;
  struct in_addr sin_srcaddr;
  u_short sin_tos;
  u_short sin_other;
};
#define SIN_PROXY  0x1
#define SIN_ROUTER 0x2
#endif
