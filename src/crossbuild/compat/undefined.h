// Why a name is undefined in a link for Linux: which C or C++ library the objects were made for.
// Rules: the symbol versions of glibc's Versions files and its release notes; musl's headers; GNU
// libstdc++'s dual ABI (names marked __cxx11).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "platform/target.h"

namespace tenon {

enum class UndefinedCause : std::uint8_t {
  other,
  libstdcxx,    // a name of GNU's C++ library, which zig does not have
  glibc_only,   // a name of glibc, in a link with musl
  newer_glibc,  // a name that glibc has, but not as old a one as was asked for
};

struct UndefinedVerdict {
  UndefinedCause cause = UndefinedCause::other;
  std::string name;  // the first that shows it
  Version glibc;     // the oldest that has all of the names; empty when none of them is new
};

// Names as the linker prints them, C++ ones readable. What decides for all comes first: libstdcxx.
[[nodiscard]] UndefinedVerdict judge_undefined(std::span<const std::string> names,
                                               const Target& target);

// The glibc that a name came with; empty for names that are older than 2.17 or not of glibc.
[[nodiscard]] Version glibc_since(std::string_view name);

}  // namespace tenon
