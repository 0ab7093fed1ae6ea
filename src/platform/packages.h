// Which package of a system holds the headers, links and .pc files of a C library.
#pragma once

#include <span>
#include <string_view>

namespace tenon {

struct LibraryPackages {
  std::string_view library;  // "ssl" of -lssl; several separated by blanks
  std::string_view headers;  // "openssl/" or "sodium.h"; a folder holds all below it
  std::string_view pc;       // "libssl openssl"
  std::string_view debian, fedora, alpine, brew;  // empty: it has none, or it is not known
};

// By the name of a library (without -l and lib), a header or a .pc file; nullptr when not known.
[[nodiscard]] const LibraryPackages* packages_of(std::string_view name);

[[nodiscard]] std::span<const LibraryPackages> all_packages();

// Alpine's package with the archive of a library ("ssl": "openssl-libs-static"); empty when it has
// none, or it is not known: the names follow the source package and not the library.
[[nodiscard]] std::string_view alpine_static_package(std::string_view library);

// FreeBSD's package with a library; empty when its base system has it, or it is not known.
[[nodiscard]] std::string_view freebsd_package(const LibraryPackages& library);

}  // namespace tenon
