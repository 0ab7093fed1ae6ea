/* sys/fsgetpath.h: the path of a file by its number.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_FSGETPATH_H
#define TENON_SYS_FSGETPATH_H

#include <sys/types.h>
#include <sys/mount.h>
#include <sys/cdefs.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

extern ssize_t fsgetpath(char *buffer, size_t size, fsid_t *fsid, uint64_t objid);
extern ssize_t openbyid_np(fsid_t *fsid, fsobj_id_t *objid, int flags);

#ifdef __cplusplus
}
#endif
#endif
