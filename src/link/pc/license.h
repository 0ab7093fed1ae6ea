// The License field: an SPDX expression, or names that are not one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::pc {

struct LicenseWord {
  enum class Kind : std::uint8_t { name, open, close, join };
  Kind kind = Kind::name;
  std::string text;
};

using License = std::vector<LicenseWord>;

// Adds the words of an expanded field; a second field is joined with AND. Characters that no SPDX
// expression has are dropped.
void add_license(std::string_view text, License& out);
[[nodiscard]] std::string license_text(const License& license);

}  // namespace tenon::pc
