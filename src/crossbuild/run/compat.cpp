#include "crossbuild/run/compat.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "base/text.h"
#include "crossbuild/compat/availability.h"
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

// Where in the cache lies what is made of `source`.
std::string place(const CcConfig& config, std::string_view source, std::string_view file) {
  const std::string key = fmt::format("{} {} {}", config.toolchain.describe(),
                                      join(compiler_command(config), " "), source);
  const std::string name = hex(sha256(view_of(key).bytes())).substr(0, 16);
  return fmt::format("{}/compat/{}/{}", config.cache, name, file);
}

Result<void> compile_into(const CcConfig& config, std::string_view source,
                          const std::string& folder) {
  auto compile = compiler_command(config);
  compile.insert(compile.end(), {"-O2", "-g0", "-fno-sanitize=undefined",
                                 "-ffile-prefix-map=" + folder + "=/tenon", "-c",
                                 folder + "/source.c", "-o", folder + "/object.o"});
  TENON_TRY(write_text(folder + "/source.c", source));
  return run_quietly(std::move(compile));
}

Result<std::string> keep(const std::string& made, std::string path) {
  const FileBytes bytes = TENON_TRY(read_file(made));
  TENON_TRY(write_file(path, bytes.view().bytes()));
  return path;
}

}  // namespace

Result<std::string> availability_object(const CcConfig& config) {
  CcConfig c = config;
  c.cxx = false;
  std::string path = place(c, availability_source(), "availability.o");
  if (is_file(path)) return path;
  const TemporaryFolder folder(TENON_TRY(make_temporary_folder("tenon-compat")));
  TENON_TRY(compile_into(c, availability_source(), folder.path));
  return keep(folder.path + "/object.o", std::move(path));
}

Result<std::string> glibc_names_library(const CcConfig& config) {
  std::string path = place(config, glibc_names_source(), "libglibcnames.a");
  if (is_file(path)) return path;
  const TemporaryFolder folder(TENON_TRY(make_temporary_folder("tenon-compat")));
  const std::string archive = folder.path + "/names.a";
  TENON_TRY(compile_into(config, glibc_names_source(), folder.path));
  TENON_TRY(run_quietly({config.toolchain.zig, "ar", "rcsD", archive, folder.path + "/object.o"}));
  return keep(archive, std::move(path));
}

}  // namespace tenon
