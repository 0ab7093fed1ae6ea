/* net/if_mib.h: interfaces under sysctl.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_NET_IF_MIB_H
#define TENON_NET_IF_MIB_H

#include <sys/types.h>
#include <net/if.h>
#include <net/if_var.h>

struct ifmibdata {
  char ifmd_name[IFNAMSIZ];
  unsigned int ifmd_pcount;
  unsigned int ifmd_flags;
  unsigned int ifmd_snd_len;
  unsigned int ifmd_snd_maxlen;
  unsigned int ifmd_snd_drops;
  unsigned int ifmd_filler[4];
  struct if_data64 ifmd_data;
};

#define IFMIB_SYSTEM       1
#define IFMIB_IFDATA       2
#define IFMIB_IFALLDATA    3
#define IFDATA_GENERAL     1
#define IFDATA_LINKSPECIFIC 2
#define IFDATA_ADDRS       3
#define IFDATA_MULTIADDRS  4
#define IFMIB_IFCOUNT      1
#endif
