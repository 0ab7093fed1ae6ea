/* sys/vsock.h: sockets between a host and its virtual machines.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_VSOCK_H
#define TENON_SYS_VSOCK_H

#include <sys/types.h>
#include <sys/_types/_sa_family_t.h>
#include <stdint.h>
#include <sys/ioccom.h>

#define VMADDR_CID_ANY        ((uint32_t)-1)
#define VMADDR_CID_HYPERVISOR 0
#define VMADDR_CID_RESERVED   1
#define VMADDR_CID_HOST       2
#define VMADDR_PORT_ANY       ((uint32_t)-1)

#define IOCTL_VM_SOCKETS_GET_LOCAL_CID _IOR('s', 209, uint32_t)

struct sockaddr_vm {
  u_char svm_len;
  sa_family_t svm_family;
  uint16_t svm_reserved1;
  uint32_t svm_port;
  uint32_t svm_cid;
};
#endif
