/* bootstrap.h: the same as servers/bootstrap.h.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_BOOTSTRAP_H
#define TENON_BOOTSTRAP_H

#include <servers/bootstrap.h>


#endif
