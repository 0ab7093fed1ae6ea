/* struct.h: where a member is.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_STRUCT_H
#define TENON_STRUCT_H

#include <stddef.h>

#define fldoff(name, field) ((size_t)offsetof(struct name, field))
#define fldsiz(name, field) (sizeof(((struct name *)0)->field))
#endif
