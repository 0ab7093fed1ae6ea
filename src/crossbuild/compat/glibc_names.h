// Names of glibc that musl gives no object: with them, libraries that were compiled for glibc link
// into static musl programs.
#pragma once

#include <span>
#include <string_view>

namespace tenon {

// C source of functions that forward to musl's own. On 64-bit Linux off_t, struct stat and struct
// dirent have one layout in both libraries (kernel uapi asm/stat.h, linux/dirent.h), so that the
// *64 names mean the plain functions; musl hid them in 1.2.4. Definitions are weak: a program's own
// win.
[[nodiscard]] std::string_view glibc_names_source();

// The functions it defines.
[[nodiscard]] std::span<const std::string_view> glibc_names();

}  // namespace tenon
