#include "crossbuild/run/dsymutil.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/gate/debug_paths.h"
#include "crossbuild/run/file_problem.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

// Where zig stands and where it compiles its libraries.
std::vector<std::string> zig_folders(const CcConfig& config) {
  std::vector<std::string> out{std::string(folder_of(config.toolchain.zig)), config.cache};
  for (const char* variable : {"ZIG_GLOBAL_CACHE_DIR", "XDG_CACHE_HOME"}) {
    if (auto value = environment_variable(variable)) out.push_back(*std::move(value));
  }
  if (const auto home = environment_variable("HOME")) {
    out.push_back(*home + "/.cache/zig");
    out.push_back(*home + "/Library/Caches/zig");
  }
  // One component would be found by chance.
  std::erase_if(out, [](const std::string& path) { return std::ranges::count(path, '/') < 2; });
  return out;
}

std::string output_of(const std::vector<std::string>& args) {
  const auto flag = std::ranges::find(args, "-o");
  return flag == args.end() || flag + 1 == args.end() ? std::string() : *(flag + 1);
}

Result<void> clean(const std::string& path, const std::vector<std::string>& folders) {
  const FileBytes file = TENON_TRY(read_file(path));
  const auto bytes = file.view().bytes();
  std::vector<std::byte> copy(bytes.begin(), bytes.end());
  if (TENON_TRY(clean_debug_paths(copy, folders)) == 0) return {};
  return write_file(path, copy);
}

}  // namespace

Outcome<int> run_dsymutil(const CcConfig& config, const std::vector<std::string>& args) {
  std::vector<std::string> argv{config.toolchain.dsymutil};
  argv.insert(argv.end(), args.begin(), args.end());
  const auto code = pass_through(argv, {});
  if (!code) return std::unexpected(unreadable_input(argv.front(), code.error()));
  const std::string output = output_of(args);
  if (*code != 0 || !is_file(output)) return *code;
  if (const auto done = clean(output, zig_folders(config)); !done) {
    return std::unexpected(unreadable_input(output, done.error()));
  }
  return *code;
}

}  // namespace tenon
