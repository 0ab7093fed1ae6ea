/* netinet/udp_var.h: UDP under sysctl.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_NETINET_UDP_VAR_H
#define TENON_NETINET_UDP_VAR_H

#include <netinet/udp.h>

#define UDPCTL_CHECKSUM  1
#define UDPCTL_STATS     2
#define UDPCTL_MAXDGRAM  3
#define UDPCTL_RECVSPACE 4
#define UDPCTL_PCBLIST   5
#define UDPCTL_MAXID     6
#endif
