/* mach/exception.h: exceptions of threads.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_EXCEPTION_H
#define TENON_MACH_EXCEPTION_H

#include <mach/exception_types.h>


#endif
