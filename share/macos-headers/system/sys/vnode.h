/* sys/vnode.h: kinds of files in a file system.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_VNODE_H
#define TENON_SYS_VNODE_H

#include <sys/types.h>

enum vtype { VNON, VREG, VDIR, VBLK, VCHR, VLNK, VSOCK, VFIFO, VBAD, VSTR, VCPLX };

enum vtagtype {
  VT_NON, VT_UFS, VT_NFS, VT_MFS, VT_MSDOSFS, VT_LFS, VT_LOFS, VT_FDESC, VT_PORTAL, VT_NULL,
  VT_UMAP, VT_KERNFS, VT_PROCFS, VT_AFS, VT_ISOFS, VT_MOCKFS, VT_HFS, VT_ZFS, VT_DEVFS, VT_WEBDAV,
  VT_UDF, VT_AFP, VT_CDDA, VT_CIFS, VT_OTHER, VT_APFS
};
#endif
