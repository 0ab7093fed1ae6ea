#include "crossbuild/run/compat.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "base/text.h"
#include "crossbuild/compat/glibc_names.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/driver/driver.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

Result<void> run_quietly(std::vector<std::string> argv) {
  Command command;
  command.argv = std::move(argv);
  command.directory = "/";
  command.deadline = std::chrono::minutes(10);
  const Exit exit = TENON_TRY(run(command));
  if (!exit.ok()) return fail(Errc::io, "the compiler failed");
  return {};
}

}  // namespace

Result<std::string> glibc_names_library(const CcConfig& config) {
  const std::string key = fmt::format("{} {} {}", config.toolchain.zig,
                                      join(config.target.zig_flags(), " "), glibc_names_source());
  const std::string name = hex(sha256(view_of(key).bytes())).substr(0, 16);
  std::string path = fmt::format("{}/compat/{}/libglibcnames.a", config.cache, name);
  if (is_file(path)) return path;
  const TemporaryFolder folder(TENON_TRY(make_temporary_folder("tenon-compat")));
  const std::string source = folder.path + "/names.c";
  const std::string object = folder.path + "/names.o";
  const std::string archive = folder.path + "/names.a";
  auto compile = compiler_command(config);
  compile.insert(compile.end(),
                 {"-O2", "-g0", "-fno-sanitize=undefined",
                  "-ffile-prefix-map=" + folder.path + "=/tenon", "-c", source, "-o", object});
  TENON_TRY(write_text(source, glibc_names_source()));
  TENON_TRY(run_quietly(std::move(compile)));
  TENON_TRY(run_quietly({config.toolchain.zig, "ar", "rcsD", archive, object}));
  const FileBytes bytes = TENON_TRY(read_file(archive));
  TENON_TRY(write_file(path, bytes.view().bytes()));
  return path;
}

}  // namespace tenon
