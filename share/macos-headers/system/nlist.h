/* nlist.h: symbols of a program.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_NLIST_H
#define TENON_NLIST_H

#include <mach-o/nlist.h>


#endif
