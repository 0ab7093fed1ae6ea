// Versions of modules, compared as RPM does it (Linux Standard Base, "Package File Format"), which
// pkg-config and pkgconf follow.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tenon::pc {

// Negative, zero, positive. Runs of digits compare as numbers of any length, runs of letters as
// bytes, digits are newer than letters, "~" is older than the end, other characters divide. Texts
// that differ in case only are equal.
[[nodiscard]] int compare_versions(std::string_view one, std::string_view other);

enum class Comparator : std::uint8_t {
  any,
  less,
  less_equal,
  equal,
  not_equal,
  greater,
  greater_equal
};

// "<=" and so on; "(any)" for any.
[[nodiscard]] std::string_view comparator_text(Comparator comparator);
// Any for a text that is none.
[[nodiscard]] Comparator comparator_of(std::string_view text);

// Whether a module of version `version` satisfies "`comparator` `wanted`".
[[nodiscard]] bool satisfies(std::string_view version, Comparator comparator,
                             std::string_view wanted);

struct Constraint {
  Comparator comparator = Comparator::any;
  std::string_view version;
};

// Whether what a module provides ("virt = 2.5", "virt >= 2") satisfies what is required of it. A
// provided range satisfies a required one as pkgconf's table says; a range never satisfies "=".
[[nodiscard]] bool provides_satisfies(const Constraint& provided, const Constraint& required);

}  // namespace tenon::pc
