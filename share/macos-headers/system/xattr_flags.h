/* xattr_flags.h: what an extended attribute is kept for when a file is copied.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_XATTR_FLAGS_H
#define TENON_XATTR_FLAGS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint64_t xattr_flags_t;

#define XATTR_FLAG_NO_EXPORT         ((xattr_flags_t)0x0001)
#define XATTR_FLAG_CONTENT_DEPENDENT ((xattr_flags_t)0x0002)
#define XATTR_FLAG_NEVER_PRESERVE    ((xattr_flags_t)0x0004)
#define XATTR_FLAG_SYNCABLE          ((xattr_flags_t)0x0008)

typedef unsigned int xattr_operation_intent_t;

#define XATTR_OPERATION_INTENT_COPY  1
#define XATTR_OPERATION_INTENT_SAVE  2
#define XATTR_OPERATION_INTENT_SHARE 3
#define XATTR_OPERATION_INTENT_SYNC  4

extern int xattr_preserve_for_intent(const char *name, xattr_operation_intent_t intent);
extern char *xattr_name_with_flags(const char *name, xattr_flags_t flags);
extern char *xattr_name_without_flags(const char *name);
extern xattr_flags_t xattr_flags_from_name(const char *name);
extern int xattr_intent_with_flags(xattr_operation_intent_t intent, xattr_flags_t flags);

#ifdef __cplusplus
}
#endif
#endif
