#include "crossbuild/run/warm.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "crossbuild/build_findings.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/plan/plan.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"
#include "platform/toolchain.h"

namespace tenon {
namespace {

constexpr std::string_view program =
    "#include <stdio.h>\n"
    "int main(void) { puts(\"tenon\"); return 0; }\n";

// zig's cache can be emptied behind our back; then the mark says nothing.
bool zig_cache_exists() {
  if (const auto set = environment_variable("ZIG_GLOBAL_CACHE_DIR")) return is_folder(*set);
  if (const auto xdg = environment_variable("XDG_CACHE_HOME")) return is_folder(*xdg + "/zig");
  const auto home = environment_variable("HOME");
  return !home || is_folder(*home + "/.cache/zig") || is_folder(*home + "/Library/Caches/zig");
}

// `text` with the folder that stands for {scratch}.
std::string in_folder(std::string text, const std::string& folder) {
  const std::size_t at = text.find(scratch_folder);
  if (at != std::string::npos) text.replace(at, scratch_folder.size(), folder);
  return text;
}

Command command_of(const Step& step, const std::string& folder) {
  Command command;
  for (const std::string& word : step.argv) command.argv.push_back(in_folder(word, folder));
  command.environment = step.environment;
  command.directory = step.folder;
  command.merge_streams = true;
  return command;
}

Finding failed(const CcConfig& config, Evidence evidence) {
  Finding finding;
  finding.code = Code::engine_self_test_failed;
  finding.subject = config.target.name();
  finding.message = shown_format("{} failed to build a three-line C program for {}",
                                 config.toolchain.describe(), config.target.name());
  finding.evidence.push_back(std::move(evidence));
  return finding;
}

}  // namespace

std::string warm_mark(const CcConfig& config) {
  const auto info = file_info(config.toolchain.engine == Engine::zig ? config.toolchain.zig
                                                                     : config.toolchain.clang);
  CcConfig library = config;  // the C library that is built needs no headers of tenon
  library.no_macos_headers = false;
  library.macos_headers.clear();
  library.macos_headers_version.clear();
  std::string key = join(cc_options(library), " ");
  if (info) key += fmt::format(" {} {}", info->size, info->modified_ns);
  const std::string name = hex(sha256(view_of(key).bytes())).substr(0, 24);
  return fmt::format("{}/warm/{}", config.cache, name);
}

bool is_warm(const CcConfig& config) {
  if (config.toolchain.engine == Engine::zig && !zig_cache_exists()) return false;
  return is_file(warm_mark(config));
}

Outcome<void> warm_up(const CcConfig& config, const Step& step, std::chrono::milliseconds deadline,
                      const std::function<void(std::chrono::seconds)>& tick) {
  auto made = make_temporary_folder("tenon-warm");
  if (!made) {
    return std::unexpected(
        failed(config, {Evidence::Kind::file, "temporary directory", made.error().what}));
  }
  const TemporaryFolder folder(std::move(*made));
  Command command = command_of(step, folder.path);
  command.deadline = std::min(deadline, std::chrono::milliseconds(std::chrono::minutes(20)));
  const auto start = std::chrono::steady_clock::now();
  command.on_line = [&](std::string_view /*line*/, bool /*tick*/) {
    tick(
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start));
  };
  Result<Exit> exit = fail(Errc::io, "the program could not be written");
  if (write_cache(in_folder(step.inputs.front(), folder.path), program)) exit = run(command);
  if (exit && exit->ok()) {
    (void)write_cache(step.outputs.front(), "");  // without it the next build does this again
    return {};
  }
  if (exit && exit->interrupted) {
    const auto passed =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start);
    return std::unexpected(interrupted_while(
        config.target.name(), shown_format("{} was building its C library ({} s)",
                                           config.toolchain.describe(), passed.count())));
  }
  return std::unexpected(failed(config, {Evidence::Kind::command, shell_join(command.argv),
                                         exit ? std::string(trim(exit->out)) : exit.error().what}));
}

}  // namespace tenon
