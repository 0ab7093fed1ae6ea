// Settings of Go and its tools: the environment, the file of `go env -w`, go.env of the GOROOT, and
// the start-up files of shells that they come from.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "base/unread.h"
#include "host/files.h"
#include "machine/probe/probe.h"

namespace tenon {
namespace {

constexpr auto names = std::to_array<const char*>({
    "CGO_ENABLED",
    "CC",
    "CXX",
    "AR",
    "GOOS",
    "GOARCH",
    "GOARM",
    "GOAMD64",
    "GOROOT",
    "GOPATH",
    "GOTOOLCHAIN",
    "GOFLAGS",
    "GOPROXY",
    "GOPRIVATE",
    "GONOPROXY",
    "GOSUMDB",
    "GOEXPERIMENT",
    "GODEBUG",
    "GOCACHE",
    "GOTMPDIR",
    "GOMODCACHE",
    "GOWORK",
    "GO111MODULE",
    "PKG_CONFIG",
    "PKG_CONFIG_PATH",
    "PKG_CONFIG_LIBDIR",
    "PKG_CONFIG_SYSROOT_DIR",
    "CGO_CFLAGS",
    "CGO_CPPFLAGS",
    "CGO_LDFLAGS",
    "CGO_CXXFLAGS",
    "SDKROOT",
    "DEVELOPER_DIR",
    "MACOSX_DEPLOYMENT_TARGET",
    "DYLD_LIBRARY_PATH",
    "DYLD_FRAMEWORK_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "DYLD_INSERT_LIBRARIES",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "CPATH",
    "C_INCLUDE_PATH",
    "LIBRARY_PATH",
});

constexpr std::string_view in_environment = "the environment";

// cmd/go/internal/cfg: NAME=value, the name up to the first '='; '#' begins a comment; a later line
// wins, and every source before this file wins over it. A carriage return is part of the value.
void read_file(const std::string& text, const std::string& file, std::vector<Setting>& list) {
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t equals = line.find('=');
    if (equals == line.npos || line.starts_with('#') || equals == 0) continue;
    std::string name(line.substr(0, equals)), value(line.substr(equals + 1));
    bool covered = false;
    for (Setting& other : list) {
      if (other.name != name) continue;
      if (other.where == file) {
        other.active = false;
      } else if (other.active) {
        covered = true;
      }
    }
    if (!value.empty()) list.push_back({std::move(name), std::move(value), file, !covered});
  }
}

std::string goenv_file(const MachineAccess& machine) {
  if (std::string file = machine.variable("GOENV"); !file.empty()) return file;
  const std::string home = machine.variable("HOME"), xdg = machine.variable("XDG_CONFIG_HOME");
  if (home.empty() && (xdg.empty() || machine.goos == "darwin")) return {};
  return machine.goos == "darwin" ? home + "/Library/Application Support/go/env"
                                  : (xdg.empty() ? home + "/.config" : xdg) + "/go/env";
}

void read_goenv(const MachineAccess& machine, SettingsState& out) {
  const std::string file = goenv_file(machine);
  if (file == "off" || file.empty()) {
    out.file = TextFact::none(file.empty() ? "HOME is not set" : "GOENV=off");
    return;
  }
  const auto text = machine.settings_text(file);
  if (text && *text) {
    out.file = TextFact::of(file, file);
    read_file(**text, file, out.list.value);
  } else if (!text) {
    // What stands in the environment is still known.
    out.file = TextFact::open(file + " cannot be read");
    out.list.state = FactState::unknown;
    out.list.why = out.file.why;
  } else {
    out.file = TextFact::none(file);
  }
}

// A value as a shell reads it, without its quotes; `rest` is left with what stands behind it.
std::string shell_value(std::string_view& rest) {
  std::string out;
  char quote = 0;
  std::size_t at = 0;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == ' ' || c == '\t' || c == ';' || c == '&' || c == '|')) {
      break;
    } else {
      out += c;
    }
  }
  rest = trim(rest.substr(at));
  return out;
}

// Whether taking the line out takes out nothing else. The values of fish are lists.
bool stands_alone(std::string_view line, std::string_view rest, bool list) {
  if (line.ends_with('\\') || line.contains("$(") || line.contains('`')) return false;
  if (rest.empty() || rest.starts_with('#')) return true;
  return list && rest.find_first_of(";&|") == rest.npos;
}

// export NAME=value, NAME=value, typeset -x NAME=value; set -gx NAME value of fish; setenv NAME
// value.
std::optional<ShellLine> shell_line(std::string_view text) {
  const std::string_view line = trim(text);
  std::string_view rest = line;
  const auto word = [&] {
    rest = trim(rest);
    const std::string_view out = rest.substr(0, rest.find_first_of(" \t"));
    return out;
  };
  const auto drop = [&](std::string_view one) { rest = trim(rest.substr(one.size())); };
  std::string_view first = word();
  if (first == "launchctl") drop(first), first = word();
  const bool apart = first == "set" || first == "setenv";
  if (apart || first == "export" || first == "typeset" || first == "declare") {
    drop(first);
    while (word().starts_with('-')) drop(word());
  }
  ShellLine out;
  std::string_view value;
  if (apart) {
    out.name = word();
    value = trim(rest.substr(out.name.size()));
  } else {
    const std::size_t equals = rest.find('=');
    if (equals == rest.npos) return std::nullopt;
    out.name = rest.substr(0, equals);
    value = rest.substr(equals + 1);
  }
  if (std::ranges::find(names, out.name) == names.end()) return std::nullopt;
  out.value = shell_value(value);
  out.alone = stands_alone(line, value, apart);
  return out;
}

void add_missing(const MachineAccess& machine, const Setting& set, std::string_view path,
                 ListFact& out) {
  if (!path.starts_with('/') || path.contains('$')) return;
  if (file_info(machine.at(std::string(path)))) return;
  std::string text = fmt::format("{}={}", set.name, path);
  if (std::ranges::find(out.value, text) == out.value.end()) out.value.push_back(std::move(text));
}

// The path in a flag of a compiler or linker; empty when it has none.
std::string_view path_in(std::string_view word) {
  for (const std::string_view head :
       {"-isystem", "-isysroot", "-iframework", "-idirafter", "-include", "--sysroot=", "-I", "-L",
        "-F", "-B", "-Wl,-rpath,", "-Wl,-syslibroot,"}) {
    if (word.starts_with(head)) return word.substr(head.size());
  }
  return word;
}

}  // namespace

SettingsState probe_settings(const MachineAccess& machine, const std::string& root) {
  SettingsState out;
  out.list = Fact<std::vector<Setting>>::of({}, "the environment and the file of `go env -w`");
  for (const char* name : names) {
    std::string value = machine.variable(name);
    if (!value.empty()) {
      out.list.value.push_back({name, std::move(value), std::string(in_environment), true});
    }
  }
  read_goenv(machine, out);
  // Since Go 1.21 a release, or a distribution, has defaults of its own there.
  if (const auto text = root.empty() ? std::nullopt : machine.text(root + "/go.env")) {
    read_file(*text, root + "/go.env", out.list.value);
  }
  return out;
}

Fact<std::vector<ShellLine>> probe_shell_files(const MachineAccess& machine) {
  const std::string home = machine.variable("HOME");
  if (home.empty()) return Fact<std::vector<ShellLine>>::open("HOME is not set");
  auto out = Fact<std::vector<ShellLine>>::of({}, "start-up files of shells");
  std::vector<std::string> files;
  const std::string zsh = machine.variable("ZDOTDIR");
  for (const char* name : {".zshenv", ".zprofile", ".zshrc", ".zlogin"}) {
    files.push_back(join_path(zsh.empty() ? home : zsh, name));
  }
  for (const char* name : {".bash_profile", ".bash_login", ".profile", ".bashrc",
                           ".config/fish/config.fish", ".tcshrc", ".cshrc"}) {
    files.push_back(join_path(home, name));
  }
  const std::string fish = join_path(home, ".config/fish/conf.d");
  const auto listed = list_folder(machine.at(fish));
  if (!listed && listed.error().code != Errc::not_found) {
    return Fact<std::vector<ShellLine>>::open(fish + ": " + unread_reason(listed.error()));
  }
  for (const std::string& name : listed ? *listed : std::vector<std::string>()) {
    if (name.ends_with(".fish")) files.push_back(join_path(fish, name));
  }
  for (const std::string& file : files) {
    const auto text = machine.settings_text(file);
    if (!text && !machine.folder(file)) {
      return Fact<std::vector<ShellLine>>::open(file + " cannot be read");
    }
    if (!text || !*text) continue;
    std::uint64_t number = 0;
    bool continued = false;
    for (const std::string_view line : split(**text, '\n')) {
      ++number;
      auto found = continued ? std::nullopt : shell_line(line);
      continued = line.ends_with('\\');
      if (!found) continue;
      found->file = file;
      found->line = number;
      out.value.push_back(*std::move(found));
    }
  }
  return out;
}

ListFact missing_paths(const MachineAccess& machine, const SettingsState& settings) {
  ListFact out = ListFact::of({}, "paths in settings");
  for (const Setting& set : settings.list.value) {
    if (!set.active) continue;
    const std::string_view name = set.name;
    const bool flags = name == "CC" || (name.starts_with("CGO_") && name.ends_with("FLAGS"));
    if (flags) {
      const auto words = go_split(set.value).value_or(std::vector<std::string>());
      for (std::size_t i = name == "CC" ? 1 : 0; i < words.size(); ++i) {
        add_missing(machine, set, path_in(words[i]), out);
      }
    } else if (name == "PKG_CONFIG_PATH" || name == "PKG_CONFIG_LIBDIR" || name == "CPATH" ||
               name == "LIBRARY_PATH" || name == "C_INCLUDE_PATH") {
      for (const std::string_view path : split(set.value, ':')) {
        add_missing(machine, set, path, out);
      }
    } else if (name == "SDKROOT" || name == "DEVELOPER_DIR" || name == "GOROOT" ||
               name == "GOWORK" || name == "PKG_CONFIG_SYSROOT_DIR") {
      add_missing(machine, set, set.value, out);
    } else if (name == "CXX") {
      const auto words = go_split(set.value).value_or(std::vector<std::string>());
      if (!words.empty() && !machine.find(words.front())) {
        out.value.push_back("CXX=" + words.front());
      }
    }
  }
  return out;
}

}  // namespace tenon
