/* sys/lockf.h: no more than fcntl.h has.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_LOCKF_H
#define TENON_SYS_LOCKF_H

#include <fcntl.h>
#include <unistd.h>


#endif
