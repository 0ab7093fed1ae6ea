#include "crossbuild/run/find_toolchain.h"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "host/files.h"
#include "host/private_folder.h"
#include "host/process.h"
#include "machine/probe/own_platform.h"
#include "platform/toolchain.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

constexpr int newest_llvm = 23;
constexpr int oldest_llvm = 16;

bool on_mac() { return own_platform().goos == "darwin"; }

// The zig program in a site-packages folder, if its package is there.
std::optional<std::string> zig_in(const std::string& site_packages, Search& search) {
  std::string path = site_packages + "/ziglang/zig";
  search.tried.push_back(path);
  return find_program(path);
}

// PREFIX/lib/python3.*/site-packages, newest Python first.
std::optional<std::string> zig_under(const std::string& prefix, Search& search) {
  const std::string lib = prefix + "/lib";
  auto names = search_folder(lib);
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    if (!name->starts_with("python3")) continue;
    for (const std::string_view folder : {"site-packages", "dist-packages"}) {
      if (auto zig = zig_in(fmt::format("{}/{}/{}", lib, *name, folder), search)) return zig;
    }
  }
  return std::nullopt;
}

// "ziglang-0.15.2.dist-info" beside the package names the version without starting zig.
std::optional<Version> packaged_version(const std::string& zig) {
  const std::string_view package = folder_of(zig);
  if (base_name(package) != "ziglang") return std::nullopt;
  for (const std::string& name : search_folder(std::string(folder_of(package)))) {
    if (!name.starts_with("ziglang-") || !name.ends_with(".dist-info")) continue;
    std::string_view text = std::string_view(name).substr(8);
    text.remove_suffix(std::string_view(".dist-info").size());
    if (const std::size_t post = text.find(".post"); post != std::string_view::npos) {
      text = text.substr(0, post);
    }
    return parse_version(text);
  }
  return std::nullopt;
}

// Runs `argv` once for a version and keeps the answer under the program's path, size and time.
template <class Parse>
std::optional<Version> asked_version(const std::vector<std::string>& argv, const std::string& cache,
                                     Parse parse) {
  const auto info = file_info(argv.front());
  if (!info) return std::nullopt;
  const std::string key = fmt::format("{} {} {}", argv.front(), info->size, info->modified_ns);
  const std::string path =
      cache.empty()
          ? std::string()
          : fmt::format("{}/versions/{}", cache, to_hex(key.data(), key.size()).substr(0, 180));
  if (!path.empty()) {
    const auto kept = read_text(path, 256);
    if (kept && kept->starts_with(key + "\n")) {
      return parse_version(trim(std::string_view(*kept).substr(key.size() + 1)));
    }
  }
  Command command;
  command.argv = argv;
  command.deadline = std::chrono::seconds(20);
  const auto exit = run(command);
  if (!exit || !exit->ok()) return std::nullopt;
  const std::optional<Version> version = parse(exit->out);
  if (version && !path.empty()) {
    (void)write_cache(path,
                      key + "\n" + version->text());  // a cache that cannot be kept is no error
  }
  return version;
}

std::optional<Version> clang_version_in(std::string_view text) {
  const std::size_t at = text.find("clang version ");
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + 14);
  const std::size_t end = text.find_first_not_of("0123456789.");
  return parse_version(text.substr(0, end));
}

// The Python that the user runs may keep its packages anywhere (pyenv, conda): it is asked, once.
std::optional<std::string> zig_of_python(Search& search) {
  const auto python = find_program("python3");
  if (!python) return std::nullopt;
  search.tried.push_back("the ziglang package of " + *python);
  const std::string cache = private_cache();
  const std::string kept = join_path(cache, "zig-of-python");
  const auto known = cache.empty() ? fail(Errc::not_found, "") : read_text(kept, 4096);
  if (known && find_program(trim(*known))) {
    return std::string(trim(*known));
  }
  Command command;
  command.argv = {*python, "-c", "import ziglang; print(ziglang.__file__)"};
  command.deadline = std::chrono::seconds(10);
  const auto exit = run(command);
  if (!exit || !exit->ok()) return std::nullopt;
  std::string path(folder_of(trim(exit->out)));
  path += "/zig";
  if (!find_program(path)) return std::nullopt;
  if (!cache.empty()) (void)write_cache(kept, path);  // asking again is slow, not wrong
  return path;
}

// A link in a bin folder stands for a program whose library lies beside the real file.
std::optional<std::string> program_itself(const std::string& name) {
  const auto program = find_program(name);
  if (!program) return std::nullopt;
  return real_path(*program).value_or(*program);
}

FoundToolchain find_zig_engine(const ToolchainRequest& request, Toolchain tools) {
  FoundToolchain found;
  const auto zig = find_zig(tools.zig, found.search);
  if (!zig) {
    found.missing = "zig";
    return found;
  }
  tools.engine = Engine::zig;
  tools.zig = *zig;
  if (tools.zig_version.empty())
    tools.zig_version = zig_version(*zig, request.cache).value_or(Version{});
  if (tools.why.empty()) tools.why = request.engine ? "asked for" : "zig is installed";
  found.toolchain = std::move(tools);
  return found;
}

FoundToolchain find_clang_engine(const ToolchainRequest& request, Toolchain tools) {
  FoundToolchain found;
  const auto clang = find_clang(tools.clang, request.cache, found.search);
  if (!clang) {
    found.missing = "clang";
    return found;
  }
  tools.engine = Engine::clang;
  tools.clang = clang->clang;
  tools.clang_version = clang->version;
  if (tools.lld.empty()) tools.lld = clang->lld;
  if (request.darwin && tools.lld.empty()) {
    found.missing = "ld64.lld";
    return found;
  }
  Search ignored;
  if (tools.zig.empty()) tools.zig = find_zig({}, ignored).value_or(std::string());
  if (!tools.zig.empty() && tools.zig_version.empty()) {
    tools.zig_version = zig_version(tools.zig, request.cache).value_or(Version{});
  }
  if (tools.why.empty()) tools.why = request.engine ? "asked for" : "no zig; clang is installed";
  found.toolchain = std::move(tools);
  return found;
}

FoundToolchain find_apple_engine(const ToolchainRequest& request, Toolchain tools) {
  FoundToolchain found;
  found.search.tried.emplace_back("/usr/bin/xcrun");
  if (tools.clang.empty()) {
    if (!on_mac() || !find_program("/usr/bin/xcrun")) {
      found.missing = "xcrun";
      return found;
    }
    Command command;
    command.argv = {"/usr/bin/xcrun", "--find", "clang"};
    command.deadline = std::chrono::seconds(20);
    const auto exit = run(command);
    if (!exit || !exit->ok()) {
      found.missing = "xcrun";
      return found;
    }
    tools.clang = trim(exit->out);
  }
  tools.engine = Engine::apple;
  if (tools.clang_version.empty()) {
    tools.clang_version = asked_version({tools.clang, "--version"}, request.cache, clang_version_in)
                              .value_or(Version{});
  }
  if (tools.why.empty()) tools.why = request.engine ? "asked for" : "this is a Mac";
  found.toolchain = std::move(tools);
  return found;
}

}  // namespace

std::optional<std::string> find_zig(const std::string& wanted, Search& search) {
  if (!wanted.empty()) {
    search.tried.push_back(wanted);
    return program_itself(wanted);
  }
  if (const auto named = environment_variable("TENON_ZIG"); named && !named->empty()) {
    search.tried.push_back("TENON_ZIG=" + *named);
    return program_itself(*named);
  }
  search.tried.emplace_back("zig in PATH");
  if (auto zig = program_itself("zig")) return zig;
  // PREFIX/bin/tenon -> PREFIX
  const std::string own = own_path();
  if (auto zig = zig_under(std::string(folder_of(folder_of(own))), search)) return zig;
  if (const auto active = environment_variable("VIRTUAL_ENV")) {
    if (auto zig = zig_under(*active, search)) return zig;
  }
  if (const auto home = environment_variable("HOME")) {
    if (auto zig = zig_under(*home + "/.local", search)) return zig;
  }
  for (const std::string_view prefix : {"/usr/local", "/usr", "/opt/homebrew"}) {
    if (auto zig = zig_under(std::string(prefix), search)) return zig;
  }
  return zig_of_python(search);
}

std::optional<Version> zig_version(const std::string& zig, const std::string& cache) {
  if (const auto version = packaged_version(zig)) return version;
  return asked_version({zig, "version"}, cache, [](std::string_view text) {
    text = trim(text);
    return parse_version(text.substr(0, text.find_first_not_of("0123456789.")));
  });
}

std::optional<ClangTools> find_clang(const std::string& wanted, const std::string& cache,
                                     Search& search) {
  std::vector<std::string> names;
  if (!wanted.empty()) {
    names.push_back(wanted);
  } else {
    for (int version = newest_llvm; version >= oldest_llvm; --version) {
      names.push_back(fmt::format("clang-{}", version));
    }
    names.emplace_back("clang");
  }
  for (const std::string& name : names) {
    const auto path = find_program(name);
    if (!path) continue;
    const auto version = asked_version({*path, "--version"}, cache, clang_version_in);
    if (!version) continue;
    ClangTools tools{*path, *version, {}};
    for (const std::string& linker :
         {fmt::format("ld64.lld-{}", version->major), std::string("ld64.lld")}) {
      if (const auto lld = find_program(linker); lld && tools.lld.empty()) tools.lld = *lld;
    }
    return tools;
  }
  search.tried.push_back(fmt::format("{} ... {} in PATH", names.front(), names.back()));
  return std::nullopt;
}

std::optional<std::string> find_llvm_tool(std::string_view tool) {
  const std::string plain = tool == "dsymutil" ? std::string(tool) : fmt::format("llvm-{}", tool);
  for (int version = newest_llvm; version >= oldest_llvm; --version) {
    if (const auto path = find_program(fmt::format("{}-{}", plain, version))) return path;
  }
  return find_program(plain);
}

namespace {

// The folders of PATH as they are now: a program that comes or goes changes the time of its folder.
// Empty when a folder is relative: what PATH finds then depends on the current folder.
std::string state_of_path() {
  const std::string path = environment_variable("PATH").value_or("");
  std::string state;
  for (const std::string_view folder : split(path, ':')) {
    if (!folder.starts_with('/')) return {};
    const auto info = file_info(std::string(folder));
    state += fmt::format("{} {}\n", folder, info ? info->modified_ns : 0);
  }
  return state;
}

// What the last build found in the same folders; the search itself asks for some 170 files.
bool use_kept_tools(const std::string& kept, const std::string& state, Toolchain& tools) {
  const auto text = read_text(kept, 65536);
  if (state.empty() || !text || !text->starts_with(state)) return false;
  const auto lines = split(std::string_view(*text).substr(state.size()), '\n');
  if (lines.size() != 3) return false;
  for (const std::string_view path : lines) {
    if (!path.empty() && !find_program(path)) return false;
  }
  tools.strip = lines[0];
  tools.dsymutil = lines[1];
  tools.ar = lines[2];
  return true;
}

void find_llvm_tools(Toolchain& tools) {
  if (!tools.strip.empty() && !tools.dsymutil.empty() && !tools.ar.empty()) return;
  const std::string cache = private_cache(), state = state_of_path();
  const std::string kept = cache.empty() ? std::string() : join_path(cache, "llvm-tools");
  Toolchain found;
  if (kept.empty() || !use_kept_tools(kept, state, found)) {
    found.strip = find_llvm_tool("strip").value_or("");
    found.dsymutil = find_llvm_tool("dsymutil").value_or("");
    found.ar = find_llvm_tool("ar").value_or("");
    if (!kept.empty() && !state.empty()) {
      (void)write_cache(kept, fmt::format("{}{}\n{}\n{}", state, found.strip, found.dsymutil,
                                          found.ar));  // without it the next build searches again
    }
  }
  if (tools.strip.empty()) tools.strip = found.strip;
  if (tools.dsymutil.empty()) tools.dsymutil = found.dsymutil;
  if (tools.ar.empty()) tools.ar = found.ar;
}

}  // namespace

FoundToolchain find_toolchain(const ToolchainRequest& request, Toolchain known) {
  find_llvm_tools(known);
  if (request.engine == Engine::clang) return find_clang_engine(request, std::move(known));
  if (request.engine == Engine::apple) return find_apple_engine(request, std::move(known));
  if (request.engine == Engine::zig) return find_zig_engine(request, std::move(known));
  if (on_mac() && request.darwin) {
    auto found = find_apple_engine(request, known);
    if (found.toolchain) return found;
  }
  auto found = find_zig_engine(request, known);
  if (found.toolchain || !request.darwin) return found;
  auto other = find_clang_engine(request, std::move(known));
  // Without zig there are no headers of macOS: clang alone can do nothing.
  if (other.toolchain && !other.toolchain->zig.empty()) return other;
  return found;
}

}  // namespace tenon
