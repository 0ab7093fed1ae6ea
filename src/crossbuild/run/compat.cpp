#include "crossbuild/run/compat.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "base/digest.h"
#include "base/text.h"
#include "crossbuild/compat/glibc_names.h"
#include "crossbuild/driver/driver.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

bool contains(ByteView bytes, std::string_view text) {
  return ::memmem(bytes.data(), bytes.size(), text.data(), text.size()) != nullptr;
}

// The name stands in the symbol strings of the archive: between two NULs.
bool uses_glibc_names(ByteView bytes) {
  return std::ranges::any_of(glibc_names(), [&](std::string_view name) {
    std::string whole(1, '\0');
    whole += name;
    whole += '\0';
    return contains(bytes, whole);
  });
}

bool run_quietly(std::vector<std::string> argv) {
  Command command;
  command.argv = std::move(argv);
  command.directory = "/";
  command.deadline = std::chrono::minutes(10);
  const auto exit = run(command);
  return exit && exit->ok();
}

// Path of the library, built if need be; empty when that fails.
std::string library(const CcConfig& config) {
  const std::string key = fmt::format("{} {} {}", config.toolchain.zig,
                                      join(config.target.zig_flags(), " "), glibc_names_source());
  const std::string name = hex(sha256(view_of(key).bytes())).substr(0, 16);
  std::string path = fmt::format("{}/compat/{}/libglibcnames.a", config.cache, name);
  if (is_file(path)) return path;
  auto made = make_temporary_folder("tenon-compat");
  if (!made) return {};
  const TemporaryFolder folder(*made);
  const std::string source = folder.path + "/names.c";
  const std::string object = folder.path + "/names.o";
  const std::string archive = folder.path + "/names.a";
  auto compile = compiler_command(config);
  compile.insert(compile.end(),
                 {"-O2", "-g0", "-fno-sanitize=undefined",
                  "-ffile-prefix-map=" + folder.path + "=/tenon", "-c", source, "-o", object});
  if (!write_text(source, glibc_names_source()) || !run_quietly(std::move(compile)) ||
      !run_quietly({config.toolchain.zig, "ar", "rcsD", archive, object})) {
    return {};
  }
  const auto bytes = read_file(archive);
  if (!bytes || !write_file(path, bytes->view().bytes())) return {};
  return path;
}

}  // namespace

CompatLibraries compat_libraries(const CcConfig& config, const std::vector<std::string>& archives) {
  CompatLibraries out;
  if (config.target.darwin() || config.toolchain.engine != Engine::zig) return out;
  // On 32 bits the *64 functions of glibc take other structures than musl's.
  const bool musl =
      config.target.libc == Libc::musl && config.target.platform->processor->bits == 64;
  bool unwinds = false;
  for (const std::string& path : archives) {
    const auto mapping = map_file(path);
    if (!mapping) continue;
    if (musl && uses_glibc_names(mapping->view())) out.users.push_back(path);
    unwinds = unwinds || contains(mapping->view(), "_Unwind_Resume");
  }
  if (!out.users.empty()) {
    std::string path = library(config);
    if (!path.empty()) out.args.push_back(std::move(path));
  }
  // Rust and C++ objects unwind; gcc's driver would bring libgcc for that.
  if (unwinds) out.args.emplace_back("-lunwind");
  return out;
}

}  // namespace tenon
