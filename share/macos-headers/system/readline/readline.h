/* readline/readline.h: on macOS, libedit in the clothes of readline.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_READLINE_READLINE_H
#define TENON_READLINE_READLINE_H

#include <editline/readline.h>


#endif
