#include "crossbuild/sysroot/name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "platform/platforms.h"

namespace tenon {
namespace {

struct Release {
  std::string_view distribution, number, suite;
};

constexpr auto releases = std::to_array<Release>({
    {"debian", "10", "buster"},
    {"debian", "11", "bullseye"},
    {"debian", "12", "bookworm"},
    {"debian", "13", "trixie"},
    {"debian", "14", "forky"},
    {"debian", "unstable", "sid"},
    {"ubuntu", "20.04", "focal"},
    {"ubuntu", "22.04", "jammy"},
    {"ubuntu", "24.04", "noble"},
});

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() != '.' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

const Release* find_release(std::string_view distribution, std::string_view text) {
  const auto found = std::ranges::find_if(releases, [&](const Release& one) {
    return one.distribution == distribution && (one.number == text || one.suite == text);
  });
  return found == releases.end() ? nullptr : &*found;
}

}  // namespace

std::string SysrootName::text() const {
  return fmt::format("{}:{}/{}", distribution, release, platform->name.substr(6));
}

std::string SysrootName::slug() const {
  std::string out = text();
  std::ranges::replace(out, ':', '-');
  std::ranges::replace(out, '/', '-');
  return out;
}

std::expected<SysrootName, std::string> parse_sysroot_name(std::string_view text) {
  const std::size_t colon = text.find(':'), slash = text.find('/');
  if (colon == text.npos || slash == text.npos || slash < colon) {
    return std::unexpected(
        fmt::format("'{}' is not the name of a sysroot, such as debian:12/arm64", text));
  }
  SysrootName out;
  out.distribution = text.substr(0, colon);
  out.release = text.substr(colon + 1, slash - colon - 1);
  if (!is_word(out.distribution) || !is_word(out.release)) {
    return std::unexpected(
        fmt::format("'{}' does not name a release, as debian:12 does", text.substr(0, slash)));
  }
  out.platform = find_platform(fmt::format("linux/{}", text.substr(slash + 1)));
  if (out.platform == nullptr || out.platform->goos != "linux") {
    return std::unexpected(
        fmt::format("'{}' is not a processor that Go has for Linux", text.substr(slash + 1)));
  }
  if (const Release* known = find_release(out.distribution, out.release)) {
    out.release = known->number;
    out.suite = known->suite;
  }
  return out;
}

std::string_view distribution_of_suite(std::string_view suite) {
  const auto found = std::ranges::find(releases, suite, &Release::suite);
  if (found != releases.end()) return found->distribution;
  for (const std::string_view alias : {"stable", "oldstable", "testing", "unstable"}) {
    if (suite == alias) return "debian";
  }
  return {};
}

}  // namespace tenon
