#include <array>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/shown.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/driver/driver.h"
#include "crossbuild/driver/linker_args.h"
#include "crossbuild/run/cc.h"
#include "crossbuild/run/compile_args.h"
#include "crossbuild/run/file_problem.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

// The compiler that was named; else gcc, which Go takes on Linux, else clang.
std::optional<std::string> native_compiler(const CcConfig& config) {
  if (!config.compiler.empty()) {
    if (config.compiler.contains('/')) return absolute_path(current_folder(), config.compiler);
    return find_program(config.compiler);
  }
  constexpr std::array c{"gcc", "clang", "cc"};
  constexpr std::array cxx{"g++", "clang++", "c++"};
  for (const char* name : config.cxx ? cxx : c) {
    if (auto found = find_program(name)) return found;
  }
  return std::nullopt;
}

Finding no_compiler(const CcConfig& config) {
  Finding finding;
  finding.code = Code::usage_unreadable_input;
  finding.subject = config.compiler.empty() ? (config.cxx ? "g++" : "gcc") : config.compiler;
  finding.message = shown_format("{}: there is no such program in PATH", finding.subject);
  return finding;
}

Outcome<int> replace(const std::vector<std::string>& argv) {
  const Error error = execute(argv, {});
  return std::unexpected(unreadable_input(argv.front(), error));
}

}  // namespace

Outcome<int> run_native(const CcConfig& config, const std::vector<std::string>& args) {
  const auto compiler = native_compiler(config);
  if (!compiler) return std::unexpected(no_compiler(config));
  std::vector<std::string> plain{*compiler};
  plain.insert(plain.end(), args.begin(), args.end());
  const auto expanded = expand_response_files(args);
  if (!expanded) return std::unexpected(unreadable_input("a response file", expanded.error()));
  std::vector<DriverArg> parsed = parse_driver_args(*expanded, false);
  const DriverCall call = classify(*expanded, parsed);
  const bool compiles = call.job == DriverJob::compile && call.sources.size() == 1 &&
                        call.sources.front() != "-" && !call.output.empty();
  if (!compiles) return replace(plain);
  std::vector<DriverArg> maps = parsed;
  if (!config.keep_paths) TENON_TRY(add_module_map(maps));
  std::vector<std::string> argv{*compiler};
  for (std::size_t i = 0; i + parsed.size() < maps.size(); ++i) argv.push_back(maps[i].name);
  argv.insert(argv.end(), expanded->begin(), expanded->end());
  return compile_kept(
      {.argv = std::move(argv), .environment = {}, .cache = config.cache, .keep = !config.no_cache},
      call.sources.front());
}

}  // namespace tenon
