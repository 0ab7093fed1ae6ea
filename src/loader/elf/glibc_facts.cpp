#include "loader/elf/glibc_facts.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "format/elf/elf.h"

namespace tenon::loader {
namespace {

// The strings that follow each other at `at`, each "/.../" and ended by one NUL.
std::vector<std::string> folders_at(std::string_view bytes, std::size_t at) {
  std::vector<std::string> out;
  while (at < bytes.size() && bytes[at] == '/' && out.size() < 16) {
    const std::size_t end = bytes.find('\0', at);
    if (end == std::string_view::npos || end - at > 256 || bytes[end - 1] != '/') break;
    out.emplace_back(bytes.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// system_dirs of elf/dl-load.c: an array of characters with all default directories.
std::vector<std::string> default_folders(std::string_view bytes) {
  std::vector<std::string> best;
  constexpr std::string_view start("\0/lib", 5);
  for (std::size_t at = bytes.find(start); at != std::string_view::npos;
       at = bytes.find(start, at + 1)) {
    auto found = folders_at(bytes, at + 1);
    if (found.size() > best.size()) best = std::move(found);
  }
  return best;
}

}  // namespace

elf::GlibcVersion banner_version(std::string_view bytes) {
  constexpr std::string_view banner = "release version ";
  const std::size_t at = bytes.find(banner);
  if (at == std::string_view::npos) return {};
  std::string_view rest = bytes.substr(at + banner.size(), 16);
  const std::size_t end = rest.find_first_not_of("0123456789.");
  rest = rest.substr(0, end);
  while (rest.ends_with('.')) rest.remove_suffix(1);
  return elf::parse_glibc_version("GLIBC_" + std::string(rest)).value_or(elf::GlibcVersion{});
}

GlibcFacts read_glibc_facts(ByteView loader, ByteView libc, bool wide) {
  GlibcFacts out;
  out.default_folders = default_folders(loader.text());
  if (out.default_folders.size() < 2) {
    out.default_folders = wide ? std::vector<std::string>{"/lib64/", "/usr/lib64/"}
                               : std::vector<std::string>{"/lib/", "/usr/lib/"};
  }
  const std::string& first = out.default_folders.front();
  out.lib = first.substr(1, first.size() - 2);
  out.version = banner_version(loader.text());
  if (out.version == elf::GlibcVersion{}) out.version = banner_version(libc.text());
  return out;
}

}  // namespace tenon::loader
