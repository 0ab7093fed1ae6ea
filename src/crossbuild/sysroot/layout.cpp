#include "crossbuild/sysroot/layout.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"

namespace tenon {
namespace {

constexpr std::size_t longest_path = 4096;
constexpr std::array<std::string_view, 6> merged{"lib", "lib32", "lib64", "libx32", "bin", "sbin"};
constexpr std::array<std::string_view, 8> kept{
    "usr/include",         "usr/lib",           "usr/lib32",    "usr/lib64", "usr/libx32",
    "usr/share/pkgconfig", "usr/local/include", "usr/local/lib"};

using Parts = std::vector<std::string_view>;

std::string joined(const Parts& parts) {
  std::string out;
  for (const std::string_view part : parts) {
    if (!out.empty()) out += '/';
    out += part;
  }
  return out;
}

Parts parts_of(std::string_view path) {
  Parts out;
  for (const std::string_view part : split(path, '/')) {
    if (!part.empty() && part != ".") out.push_back(part);
  }
  return out;
}

void merge(Parts& parts) {
  if (!parts.empty() && is_merged_folder(parts.front())) parts.insert(parts.begin(), "usr");
}

Result<void> check(std::string_view path) {
  if (path.empty() || path.size() > longest_path || path.contains('\0')) {
    return fail(Errc::malformed, "a path is empty, too long or has a NUL byte");
  }
  return {};
}

}  // namespace

bool is_merged_folder(std::string_view name) {
  return std::ranges::find(merged, name) != merged.end();
}

Result<std::optional<std::string>> place_in_sysroot(std::string_view path) {
  TENON_TRY(check(path));
  if (path.starts_with('/')) return fail(Errc::malformed, "a path is absolute");
  Parts parts = parts_of(path);
  if (std::ranges::find(parts, "..") != parts.end()) {
    return fail(Errc::malformed, "a path leads out of the package by ..");
  }
  merge(parts);
  std::string place = joined(parts);
  const bool wanted = std::ranges::any_of(kept, [&](std::string_view folder) {
    return place.starts_with(folder) && place.size() > folder.size() && place[folder.size()] == '/';
  });
  if (!wanted) return std::nullopt;
  return place;
}

Result<std::string> link_place(std::string_view path, std::string_view target) {
  TENON_TRY(check(target));
  Parts parts;
  if (!target.starts_with('/')) {
    parts = parts_of(path);
    if (!parts.empty()) parts.pop_back();
  }
  for (const std::string_view part : parts_of(target)) {
    if (part != "..") {
      parts.push_back(part);
    } else if (!parts.empty()) {
      parts.pop_back();
    }
  }
  merge(parts);
  return joined(parts);
}

std::string relative_link(std::string_view place, std::string_view to) {
  const Parts from = parts_of(place), target = parts_of(to);
  std::size_t same = 0;
  while (same + 1 < from.size() && same < target.size() && from[same] == target[same]) ++same;
  Parts out(from.size() - same - 1, "..");
  for (std::size_t i = same; i < target.size(); ++i) out.push_back(target[i]);
  return out.empty() ? "." : joined(out);
}

}  // namespace tenon
