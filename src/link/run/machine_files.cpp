#include "link/run/machine_files.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "host/files.h"
#include "host/system.h"

namespace tenon {
namespace {

constexpr std::size_t largest_file = std::size_t{16} << 20U;

}  // namespace

Result<std::string> MachineFiles::read(const std::string& path) {
  return read_text(path, largest_file);
}

std::vector<std::string> MachineFiles::list(const std::string& folder) {
  return search_folder(folder);
}

std::optional<std::string> MachineFiles::link_target(const std::string& path) {
  std::string text = link_text(path);
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<std::string> MachineFiles::identity(const std::string& folder) {
  return real_path(folder);
}

}  // namespace tenon
