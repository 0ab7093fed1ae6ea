#include "crossbuild/run/warm.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "diag/codes.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

constexpr std::string_view program =
    "#include <stdio.h>\n"
    "int main(void) { puts(\"tenon\"); return 0; }\n";

std::string mark_path(const CcConfig& config) {
  const auto info = file_info(config.toolchain.engine == Engine::zig ? config.toolchain.zig
                                                                     : config.toolchain.clang);
  std::string key = join(cc_options(config), " ");
  if (info) key += fmt::format(" {} {}", info->size, info->modified_ns);
  const std::string name = hex(sha256(view_of(key).bytes())).substr(0, 24);
  return fmt::format("{}/warm/{}", config.cache, name);
}

// zig's cache can be emptied behind our back; then the mark says nothing.
bool zig_cache_exists() {
  if (const auto set = environment_variable("ZIG_GLOBAL_CACHE_DIR")) return is_folder(*set);
  if (const auto xdg = environment_variable("XDG_CACHE_HOME")) return is_folder(*xdg + "/zig");
  const auto home = environment_variable("HOME");
  return !home || is_folder(*home + "/.cache/zig") || is_folder(*home + "/Library/Caches/zig");
}

}  // namespace

bool is_warm(const CcConfig& config) {
  if (config.toolchain.engine == Engine::zig && !zig_cache_exists()) return false;
  return is_file(mark_path(config));
}

Outcome<void> warm_up(const CcConfig& config, const std::string& tenon,
                      std::chrono::milliseconds deadline,
                      const std::function<void(std::chrono::seconds)>& tick) {
  Finding finding;
  finding.code = Code::engine_self_test_failed;
  finding.subject = config.target.name();
  finding.message = fmt::format("{} failed to build a three-line C program for {}",
                                config.toolchain.describe(), config.target.name());
  const auto folder = make_temporary_folder("tenon-warm");
  if (!folder) {
    finding.evidence.push_back({Evidence::Kind::file, "temporary folder", folder.error().what});
    return std::unexpected(std::move(finding));
  }
  Command command;
  command.argv = {tenon, config.cxx ? "c++" : "cc"};
  for (std::string& option : cc_options(config)) command.argv.push_back(std::move(option));
  command.argv.insert(command.argv.end(),
                      {"-O2", "-g", "-o", *folder + "/a.out", *folder + "/a.c"});
  command.deadline = std::min(deadline, std::chrono::milliseconds(std::chrono::minutes(20)));
  command.merge_streams = true;
  // zig writes its working folder into the C library that it keeps.
  command.directory = "/";
  const auto start = std::chrono::steady_clock::now();
  command.on_line = [&](std::string_view /*line*/, bool /*tick*/) {
    tick(
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start));
  };
  Result<Exit> exit = fail(Errc::io, "the program could not be written");
  if (write_text(*folder + "/a.c", program)) exit = run(command);
  remove_tree(*folder);
  if (exit && exit->ok()) {
    (void)write_text(mark_path(config), "");  // without the mark the next build does this again
    return {};
  }
  if (exit && exit->interrupted) {
    Finding stopped;
    stopped.code = Code::usage_interrupted;
    stopped.subject = config.target.name();
    return std::unexpected(std::move(stopped));
  }
  finding.evidence.push_back({Evidence::Kind::command, shell_join(command.argv),
                              exit ? std::string(trim(exit->out)) : exit.error().what});
  return std::unexpected(std::move(finding));
}

}  // namespace tenon
