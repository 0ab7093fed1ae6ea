/* netinet6/in6_var.h: addresses of IPv6 on interfaces.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_NETINET6_IN6_VAR_H
#define TENON_NETINET6_IN6_VAR_H

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/ioccom.h>
#include <netinet/in.h>
#include <net/if.h>
#include <time.h>

struct in6_addrlifetime {
  time_t ia6t_expire;
  time_t ia6t_preferred;
  u_int32_t ia6t_vltime;
  u_int32_t ia6t_pltime;
};

struct in6_ifreq {
  char ifr_name[IFNAMSIZ];
  union {
    struct sockaddr_in6 ifru_addr;
    struct sockaddr_in6 ifru_dstaddr;
    int ifru_flags;
    int ifru_flags6;
    int ifru_metric;
    int ifru_intval;
    caddr_t ifru_data;
    struct in6_addrlifetime ifru_lifetime;
    char ifru_room[272];  /* the statistics are the largest */
  } ifr_ifru;
};

struct in6_aliasreq {
  char ifra_name[IFNAMSIZ];
  struct sockaddr_in6 ifra_addr;
  struct sockaddr_in6 ifra_dstaddr;
  struct sockaddr_in6 ifra_prefixmask;
  int ifra_flags;
  struct in6_addrlifetime ifra_lifetime;
};

#define IN6_IFF_ANYCAST    0x0001
#define IN6_IFF_TENTATIVE  0x0002
#define IN6_IFF_DUPLICATED 0x0004
#define IN6_IFF_DETACHED   0x0008
#define IN6_IFF_DEPRECATED 0x0010
#define IN6_IFF_NODAD      0x0020
#define IN6_IFF_AUTOCONF   0x0040
#define IN6_IFF_TEMPORARY  0x0080
#define IN6_IFF_DYNAMIC    0x0100
#define IN6_IFF_OPTIMISTIC 0x0200
#define IN6_IFF_SECURED    0x0400

#define ND6_INFINITE_LIFETIME 0xffffffff

#define SIOCSIFADDR_IN6     _IOW('i', 12, struct in6_ifreq)
#define SIOCGIFADDR_IN6     _IOWR('i', 33, struct in6_ifreq)
#define SIOCGIFDSTADDR_IN6  _IOWR('i', 34, struct in6_ifreq)
#define SIOCGIFNETMASK_IN6  _IOWR('i', 37, struct in6_ifreq)
#define SIOCDIFADDR_IN6     _IOW('i', 25, struct in6_ifreq)
#define SIOCAIFADDR_IN6     _IOW('i', 26, struct in6_aliasreq)
#define SIOCGIFAFLAG_IN6    _IOWR('i', 73, struct in6_ifreq)
#define SIOCGIFALIFETIME_IN6 _IOWR('i', 81, struct in6_ifreq)
#endif
