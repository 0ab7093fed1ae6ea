/* sys/buf.h: flags of file buffers.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_BUF_H
#define TENON_SYS_BUF_H

#include <sys/types.h>


#endif
