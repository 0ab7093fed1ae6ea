#include "base/path.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace tenon {

std::string join_path(std::string_view folder, std::string_view name) {
  if (folder.empty() || name.starts_with('/')) return std::string(name);
  std::string out(folder);
  if (!out.ends_with('/')) out += '/';
  out += name;
  return out;
}

std::string absolute_path(std::string_view folder, std::string_view path) {
  const std::string whole = join_path(folder, path);
  std::vector<std::string_view> parts;
  for (const std::string_view part : split(whole, '/')) {
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!part.empty() && part != "." && part != "..") parts.push_back(part);
  }
  std::string out;
  for (const std::string_view part : parts) out += "/" + std::string(part);
  const bool folder_meant = whole.ends_with('/') || whole.ends_with("/.") || whole.ends_with("/..");
  if (out.empty() || folder_meant) out += '/';
  return out;
}

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

}  // namespace tenon
