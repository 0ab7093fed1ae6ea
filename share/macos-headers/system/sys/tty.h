/* sys/tty.h: terminals: the ioctls.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_TTY_H
#define TENON_SYS_TTY_H

#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/termios.h>


#endif
