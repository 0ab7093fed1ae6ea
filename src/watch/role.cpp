#include "watch/role.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/process_sample.h"

namespace tenon::watch {
namespace {

std::string_view base(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

struct RoleName {
  std::string_view name;
  Role role;
};

constexpr RoleName role_names[] = {
    {"go", Role::go},           {"compile", Role::go_compile}, {"asm", Role::go_assemble},
    {"link", Role::go_link},    {"cgo", Role::go_tool},        {"vet", Role::go_tool},
    {"buildid", Role::go_tool}, {"pack", Role::go_tool},       {"cover", Role::go_tool},
    {"cc1", Role::c_compile},   {"cc1plus", Role::c_compile},  {"cc1obj", Role::c_compile},
    {"lto1", Role::link},       {"as", Role::assemble},        {"ld", Role::link},
    {"ld.bfd", Role::link},     {"ld.gold", Role::link},       {"ld.lld", Role::link},
    {"ld64.lld", Role::link},   {"lld", Role::link},           {"mold", Role::link},
    {"collect2", Role::link},   {"dsymutil", Role::link},      {"zig", Role::zig},
    {"git", Role::repository},  {"hg", Role::repository},      {"svn", Role::repository},
    {"bzr", Role::repository},  {"fossil", Role::repository},  {"ssh", Role::remote},
    {"curl", Role::remote},     {"wget", Role::remote},        {"sh", Role::shell},
    {"bash", Role::shell},      {"dash", Role::shell},         {"zsh", Role::shell},
};

bool has(const ProcessSample& process, std::string_view word) {
  return std::ranges::find(process.arguments, word) != process.arguments.end();
}

// "gcc", "clang-19", "aarch64-linux-gnu-gcc-12"
bool driver_name(std::string_view name) {
  constexpr std::array<std::string_view, 6> ends{"gcc", "g++", "cc", "c++", "clang", "clang++"};
  while (!name.empty() &&
         (name.back() == '.' || name.back() == '-' || (name.back() >= '0' && name.back() <= '9'))) {
    name.remove_suffix(1);
  }
  return std::ranges::any_of(ends, [&](std::string_view end) {
    return name == end || (name.ends_with(end) && name[name.size() - end.size() - 1] == '-');
  });
}

bool source_name(std::string_view word) {
  constexpr std::array<std::string_view, 9> endings{".c",  ".cc", ".cpp", ".cxx", ".m",
                                                    ".mm", ".S",  ".s",   ".C"};
  return !word.starts_with('-') &&
         std::ranges::any_of(endings, [&](std::string_view one) { return word.ends_with(one); });
}

std::string_view behind(const ProcessSample& process, std::string_view option) {
  const auto at = std::ranges::find(process.arguments, option);
  if (at == process.arguments.end() || at + 1 == process.arguments.end()) return {};
  return *(at + 1);
}

// A script's command line begins with its interpreter.
std::string_view script_of(const ProcessSample& process) {
  for (std::size_t i = 1; i < process.arguments.size(); ++i) {
    const std::string& word = process.arguments[i];
    if (word == "-c") return {};
    if (!word.starts_with('-')) return word;
  }
  return {};
}

// go test gives its programs options of their own, also with -o.
bool of_go_test(const ProcessSample& process) {
  return std::ranges::any_of(process.arguments, [](const std::string& word) {
    return word.starts_with("-test.timeout=") || word.starts_with("-test.paniconexit0");
  });
}

std::string_view program(const ProcessSample& process) {
  return process.arguments.empty() ? std::string_view(process.name)
                                   : base(process.arguments.front());
}

}  // namespace

Role role_of(const ProcessSample& process) {
  if (process.arguments.empty()) return Role::other;
  const std::string_view name = base(process.arguments.front());
  for (const RoleName& row : role_names) {
    if (row.name == name) return row.role;
  }
  if (name.starts_with("git-")) return Role::repository;
  if (name.starts_with("ld-") || name.ends_with("-ld")) return Role::link;
  if (driver_name(name)) return has(process, "-cc1") ? Role::c_compile : Role::c_driver;
  if (name.ends_with(".test") || of_go_test(process)) return Role::test;
  return Role::other;
}

std::string display_name(const ProcessSample& process) {
  std::string_view name = process.name;
  if (!process.arguments.empty() && !base(process.arguments.front()).empty()) {
    name = base(process.arguments.front());
    if (role_of(process) == Role::shell) {
      if (const std::string_view script = script_of(process); !script.empty()) name = base(script);
    }
  }
  return fmt::format("{} ({})", name, process.id);
}

std::string source_of(const ProcessSample& process) {
  for (std::size_t i = process.arguments.size(); i > 1; --i) {
    const std::string& word = process.arguments[i - 1];
    const std::string& before = process.arguments[i - 2];
    if (source_name(word) && !before.starts_with("-dumpbase") && before != "-o" &&
        before != "-main-file-name") {
      return word;
    }
  }
  return {};
}

std::string work_of(const ProcessSample& process) {
  std::string out;
  switch (role_of(process)) {
    case Role::go_compile:
    case Role::go_assemble:
      if (const auto name = behind(process, "-p"); !name.empty()) {
        out = fmt::format("package {}", name);
      }
      break;
    case Role::go_tool:
      if (const auto name = behind(process, "-importpath"); !name.empty()) {
        out = fmt::format("package {}", name);
      }
      break;
    case Role::c_compile:
    case Role::c_driver:
    case Role::zig:
    case Role::other:
    case Role::shell: out = base(source_of(process)); break;
    default: break;
  }
  return out;
}

bool called_as_compiler(const ProcessSample& process, const ProcessSample& parent) {
  const std::string_view caller =
      parent.arguments.empty() ? std::string_view(parent.name) : base(parent.arguments.front());
  if (caller != "go" && caller != "cgo" && caller != "link") return false;
  switch (role_of(process)) {
    case Role::c_driver:
    case Role::zig: return true;
    case Role::other:
    case Role::shell: break;
    default: return false;
  }
  constexpr std::array<std::string_view, 8> marks{"-E",  "-###", "-c",        "-o",
                                                  "-dM", "-v",   "--version", "-x"};
  return std::ranges::any_of(process.arguments, [&](const std::string& word) {
    return std::ranges::find(marks, word) != marks.end() || word.starts_with("-print-") ||
           word.starts_with("-Wl,");
  });
}

bool ssh_name(const ProcessSample& process) { return program(process) == "ssh"; }

std::string ssh_host(const ProcessSample& process) {
  constexpr std::string_view with_value = "BbcDEeFIiJLlmOopQRSWw";
  for (std::size_t i = 1; i < process.arguments.size(); ++i) {
    const std::string_view word = process.arguments[i];
    if (!word.starts_with('-')) {
      const std::size_t user = word.find('@');
      return std::string(user == word.npos ? word : word.substr(user + 1));
    }
    if (word.size() == 2 && with_value.contains(word[1])) ++i;
  }
  return "the host";
}

bool compiler_cache(const ProcessSample& process) {
  constexpr std::array<std::string_view, 7> names{"ccache", "sccache", "distcc",    "icecc",
                                                  "gomacc", "recc",    "buildcache"};
  return std::ranges::find(names, program(process)) != names.end();
}

std::string_view go_verb(const ProcessSample& process) {
  if (program(process) != "go") return {};
  for (std::size_t i = 1; i < process.arguments.size(); ++i) {
    if (process.arguments[i] == "-C") {
      ++i;
    } else if (!process.arguments[i].starts_with('-')) {
      return process.arguments[i];
    }
  }
  return {};
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 10'000) return fmt::format("{} bytes", bytes);
  if (bytes < 1'000'000) return fmt::format("{} kB", bytes / 1000);
  return fmt::format("{}.{} MB", bytes / 1'000'000, bytes / 100'000 % 10);
}

std::string time_text(std::uint64_t ms) {
  const std::uint64_t seconds = ms / 1000;
  if (seconds < 120) return fmt::format("{} s", seconds);
  return fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

}  // namespace tenon::watch
