// Which package of a system has a shared library that a program is linked with.
#pragma once

#include <span>
#include <string_view>

namespace tenon {

struct RuntimePackages {
  std::string_view soname;                  // "libvips.so.42"
  std::string_view debian, fedora, alpine;  // empty: none has it, or it is not known
};

// By its soname; nullptr when it is not known.
[[nodiscard]] const RuntimePackages* runtime_packages_of(std::string_view soname);

[[nodiscard]] std::span<const RuntimePackages> all_runtime_packages();

// A library of glibc itself: where it is not found there is no glibc.
[[nodiscard]] bool is_glibc_soname(std::string_view soname);

}  // namespace tenon
