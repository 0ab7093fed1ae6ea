/* sys/pipe.h: pipes: the calls are in unistd.h.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_PIPE_H
#define TENON_SYS_PIPE_H

#include <unistd.h>
#include <sys/types.h>

#define PIPE_SIZE      16384
#endif
