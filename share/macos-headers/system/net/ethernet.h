/* net/ethernet.h: frames of Ethernet.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_NET_ETHERNET_H
#define TENON_NET_ETHERNET_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ETHER_ADDR_LEN     6
#define ETHER_TYPE_LEN     2
#define ETHER_CRC_LEN      4
#define ETHER_HDR_LEN      (ETHER_ADDR_LEN * 2 + ETHER_TYPE_LEN)
#define ETHER_MIN_LEN      64
#define ETHER_MAX_LEN      1518
#define ETHER_VLAN_ENCAP_LEN 4
#define ETHERMTU           (ETHER_MAX_LEN - ETHER_HDR_LEN - ETHER_CRC_LEN)
#define ETHERMIN           (ETHER_MIN_LEN - ETHER_HDR_LEN - ETHER_CRC_LEN)

typedef struct ether_header {
  u_char ether_dhost[ETHER_ADDR_LEN];
  u_char ether_shost[ETHER_ADDR_LEN];
  u_short ether_type;
} ether_header_t;

typedef struct ether_addr {
  u_char octet[ETHER_ADDR_LEN];
} ether_addr_t;
#define ether_addr_octet octet

#define ETHERTYPE_PUP          0x0200
#define ETHERTYPE_IP           0x0800
#define ETHERTYPE_ARP          0x0806
#define ETHERTYPE_REVARP       0x8035
#define ETHERTYPE_VLAN         0x8100
#define ETHERTYPE_IPV6         0x86dd
#define ETHERTYPE_PAE          0x888e
#define ETHERTYPE_RSN_PREAUTH  0x88c7
#define ETHERTYPE_PTP          0x88f7
#define ETHERTYPE_LOOPBACK     0x9000

extern int ether_hostton(const char *hostname, struct ether_addr *e);
extern int ether_line(const char *l, struct ether_addr *e, char *hostname);
extern char *ether_ntoa(const struct ether_addr *n);
extern struct ether_addr *ether_aton(const char *a);
extern int ether_ntohost(char *hostname, const struct ether_addr *e);

#ifdef __cplusplus
}
#endif
#endif
