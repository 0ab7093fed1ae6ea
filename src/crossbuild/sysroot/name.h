// The name of a sysroot: a release of a distribution and a processor, "debian:12/arm64".
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "platform/platforms.h"

namespace tenon {

struct SysrootName {
  std::string distribution;  // "debian"
  std::string release;       // "12"
  std::string suite;         // "bookworm", as apt's sources name it; empty where it is not known
  const Platform* platform = nullptr;

  // "debian:12/arm64"; a release that was given by its code name has its number here.
  [[nodiscard]] std::string text() const;
  // As a folder name: "debian-12-arm64".
  [[nodiscard]] std::string slug() const;
};

// The error is a sentence for people.
[[nodiscard]] std::expected<SysrootName, std::string> parse_sysroot_name(std::string_view text);

// The distribution that calls a release so in its sources: "bookworm" is Debian's; empty for an
// unknown word.
[[nodiscard]] std::string_view distribution_of_suite(std::string_view suite);

}  // namespace tenon
