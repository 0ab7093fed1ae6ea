#include "crossbuild/run/windows_headers.h"

#include <fmt/format.h>

#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/path.h"
#include "base/result.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/driver/driver.h"
#include "crossbuild/driver/header_case.h"
#include "crossbuild/run/file_problem.h"
#include "diag/finding.h"
#include "host/files.h"
#include "platform/toolchain.h"

namespace tenon {
namespace {

// An overlay is kept for ever: one with a part of the headers must not be made.
Outcome<void> add_folder(const std::string& path, std::vector<HeaderFolder>& out) {
  HeaderFolder folder{path, {}};
  std::vector<std::string> below;
  auto names = list_folder(path);
  if (!names) return std::unexpected(unreadable_input(path, names.error()));
  for (std::string& name : *names) {
    std::string inner = join_path(path, name);
    const auto info = look_up(inner);
    if (!info) return std::unexpected(unreadable_input(inner, info.error()));
    if (*info && (*info)->kind == FileInfo::Kind::folder) {
      below.push_back(std::move(inner));
    } else {
      folder.files.push_back(std::move(name));
    }
  }
  out.push_back(std::move(folder));
  for (const std::string& each : below) TENON_TRY(add_folder(each, out));
  return {};
}

}  // namespace

Outcome<void> find_windows_headers(CcConfig& config) {
  if (!config.target.windows() || config.toolchain.engine != Engine::zig) return {};
  const std::string folder = zig_lib(config.toolchain) + "/libc/include/any-windows-any";
  const std::string key = folder + " " + config.toolchain.zig_version.text();
  const std::string name = hex(sha256(view_of(key).bytes())).substr(0, 16);
  const std::string path = fmt::format("{}/windows-headers/{}.yaml", config.cache, name);
  const auto headers = look_up(folder);
  if (!headers) return std::unexpected(unreadable_input(folder, headers.error()));
  if (!*headers) return {};
  const auto made = look_up(path);
  if (!made) return std::unexpected(unreadable_input(path, made.error()));
  if (!*made) {
    std::vector<HeaderFolder> folders;
    TENON_TRY(add_folder(folder, folders));
    if (const auto written = write_cache(path, header_overlay(folders)); !written) {
      return std::unexpected(unwritable(path, written.error()));
    }
  }
  config.windows_headers = path;
  return {};
}

}  // namespace tenon
