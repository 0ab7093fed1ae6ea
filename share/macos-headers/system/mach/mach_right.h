/* mach/mach_right.h: rights of ports.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_MACH_RIGHT_H
#define TENON_MACH_MACH_RIGHT_H

#include <mach/mach_port.h>
#include <mach/port.h>


#endif
