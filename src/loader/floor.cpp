#include "loader/floor.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "format/elf/elf.h"

namespace tenon::loader {
namespace {

struct Base {
  std::string_view name;
  elf::GlibcVersion version;
};

// The package libc6 or glibc of each release.
constexpr std::array bases = {
    Base{"rhel:7", {2, 17, 0}},       Base{"amazonlinux:2", {2, 26, 0}},
    Base{"rhel:8", {2, 28, 0}},       Base{"debian:10", {2, 28, 0}},
    Base{"debian:11", {2, 31, 0}},    Base{"ubuntu:20.04", {2, 31, 0}},
    Base{"rhel:9", {2, 34, 0}},       Base{"amazonlinux:2023", {2, 34, 0}},
    Base{"ubuntu:22.04", {2, 35, 0}}, Base{"debian:12", {2, 36, 0}},
    Base{"ubuntu:24.04", {2, 39, 0}}, Base{"rhel:10", {2, 39, 0}},
    Base{"debian:13", {2, 41, 0}},    Base{"alpine", {}},
};

}  // namespace

std::string version_text(const elf::GlibcVersion& version) {
  std::string out = std::to_string(version.major) + '.' + std::to_string(version.minor);
  if (version.patch != 0) out += '.' + std::to_string(version.patch);
  return out;
}

std::optional<FloorEntry> floor_of(const elf::File& file, std::string path) {
  constexpr std::size_t most = 20;
  const auto dynamic = file.dynamic();
  if (!dynamic || (dynamic->soname && elf::is_glibc_library(*dynamic->soname))) return std::nullopt;
  const auto floor = file.glibc_floor();
  if (!floor || !*floor) return std::nullopt;
  FloorEntry out;
  out.path = std::move(path);
  out.version = (*floor)->version;
  out.name = std::string((*floor)->name);
  for (const auto& need : (*floor)->needs) {
    if (out.symbols.size() < most) out.symbols.emplace_back(need.symbol);
  }
  return out;
}

std::optional<GlibcBase> parse_glibc_base(std::string_view text) {
  for (const Base& one : bases) {
    if (one.name == text) return GlibcBase{std::string(text), one.version};
  }
  if (text.starts_with("alpine:")) return GlibcBase{std::string(text), {}};
  const auto version = elf::parse_glibc_version("GLIBC_" + std::string(text));
  if (!version) return std::nullopt;
  return GlibcBase{"glibc " + std::string(text), *version};
}

std::vector<std::string_view> bases_with(const elf::GlibcVersion& version) {
  std::vector<std::string_view> out;
  for (const Base& one : bases) {
    if (one.version != elf::GlibcVersion{} && one.version >= version) out.push_back(one.name);
  }
  return out;
}

std::string base_names() {
  std::string out;
  for (const Base& one : bases) out += (out.empty() ? "" : ", ") + std::string(one.name);
  return out;
}

}  // namespace tenon::loader
