/* ranlib.h: tables of contents of archives.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_RANLIB_H
#define TENON_RANLIB_H

#include <mach-o/ranlib.h>


#endif
