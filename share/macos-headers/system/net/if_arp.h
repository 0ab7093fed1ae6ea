/* net/if_arp.h: the address resolution protocol.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_NET_IF_ARP_H
#define TENON_NET_IF_ARP_H

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

struct arphdr {
  u_short ar_hrd;
#define ARPHRD_ETHER        1
#define ARPHRD_IEEE802      6
#define ARPHRD_FRELAY      15
#define ARPHRD_IEEE1394    24
#define ARPHRD_IEEE1394_EUI64 27
  u_short ar_pro;
  u_char ar_hln;
  u_char ar_pln;
  u_short ar_op;
#define ARPOP_REQUEST       1
#define ARPOP_REPLY         2
#define ARPOP_REVREQUEST    3
#define ARPOP_REVREPLY      4
#define ARPOP_INVREQUEST    8
#define ARPOP_INVREPLY      9
};

struct arpreq {
  struct sockaddr arp_pa;
  struct sockaddr arp_ha;
  int arp_flags;
};
#define ATF_INUSE       0x01
#define ATF_COM         0x02
#define ATF_PERM        0x04
#define ATF_PUBL        0x08
#define ATF_USETRAILERS 0x10
#endif
