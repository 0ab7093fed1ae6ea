/* net/ndrv.h: frames from user space.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_NET_NDRV_H
#define TENON_NET_NDRV_H

#include <sys/types.h>
#include <net/if_dl.h>
#include <sys/socket.h>
#include <net/if.h>

struct sockaddr_ndrv {
  unsigned char snd_len;
  unsigned char snd_family;
  unsigned char snd_name[IFNAMSIZ];
};

#define NDRV_PROTOCOL_DESC_VERS 1
#define NDRV_SETDMXSPEC 0x01
#define NDRV_DELDMXSPEC 0x02
#define NDRV_ADDMULTICAST 0x03
#define NDRV_DELMULTICAST 0x04

#define NDRV_DEMUXTYPE_ETHERTYPE 4
#define NDRV_DEMUXTYPE_SAP       5
#define NDRV_DEMUXTYPE_SNAP      6

struct ndrv_demux_desc {
  u_int16_t type;
  u_int16_t length;
  union {
    u_int16_t ether_type;
    u_int8_t sap[3];
    u_int8_t snap[5];
    u_int8_t other[28];
  } data;
};

struct ndrv_protocol_desc {
  u_int32_t version;
  u_int32_t protocol_family;
  u_int32_t demux_count;
  struct ndrv_demux_desc *demux_list;
};
#endif
