/* sys/xattr.h: extended attributes of files.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_XATTR_H
#define TENON_SYS_XATTR_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Options. */
#define XATTR_NOFOLLOW        0x0001  /* of a symbolic link itself */
#define XATTR_CREATE          0x0002  /* fail where the attribute exists */
#define XATTR_REPLACE         0x0004  /* fail where it does not */
#define XATTR_NOSECURITY      0x0008
#define XATTR_NODEFAULT       0x0010
#define XATTR_SHOWCOMPRESSION 0x0020
#define XATTR_NOFOLLOW_ANY    0x0040  /* no symbolic link anywhere in the path */

#define XATTR_MAXNAMELEN 127

#define XATTR_FINDERINFO_NAME   "com.apple.FinderInfo"
#define XATTR_RESOURCEFORK_NAME "com.apple.ResourceFork"

/* On macOS each takes a position, which is for the resource fork only, and options. */
extern ssize_t getxattr(const char *path, const char *name, void *value, size_t size,
                        u_int32_t position, int options);
extern ssize_t fgetxattr(int fd, const char *name, void *value, size_t size, u_int32_t position,
                         int options);
extern int setxattr(const char *path, const char *name, const void *value, size_t size,
                    u_int32_t position, int options);
extern int fsetxattr(int fd, const char *name, const void *value, size_t size, u_int32_t position,
                     int options);
extern int removexattr(const char *path, const char *name, int options);
extern int fremovexattr(int fd, const char *name, int options);
extern ssize_t listxattr(const char *path, char *names, size_t size, int options);
extern ssize_t flistxattr(int fd, char *names, size_t size, int options);

#ifdef __cplusplus
}
#endif
#endif
