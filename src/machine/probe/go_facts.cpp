#include "machine/probe/go_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/path.h"
#include "base/result.h"
#include "base/template.h"
#include "base/text.h"
#include "host/files.h"
#include "host/process.h"
#include "machine/probe/own_platform.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

// One record a package; the separators cannot occur in paths that Go accepts.
constexpr std::string_view list_format =
    "{{.ImportPath}}\x1f{{.Name}}\x1f{{.Dir}}\x1f{{.Standard}}\x1f{{.DepOnly}}\x1f"
    "{{join .CgoFiles \"\x1e\"}}\x1f{{join .IgnoredGoFiles \"\x1e\"}}\x1f"
    "{{join .CXXFiles \"\x1e\"}}\x1f{{join .CgoPkgConfig \"\x1e\"}}\x1f"
    "{{join .CgoLDFLAGS \"\x1e\"}}\x1f{{with .Error}}{{printf \"%q\" .Err}}{{end}}\x1f"
    "{{join .Imports \"\x1e\"}}\x1f{{join .CgoCFLAGS \"\x1e\"}}\x1f"
    "{{join .CgoCPPFLAGS \"\x1e\"}}\x1f{{join .CgoCXXFLAGS \"\x1e\"}}\x1d";

std::vector<std::string> strings(std::string_view field) {
  std::vector<std::string> out;
  if (field.empty()) return out;
  for (const std::string_view item : split(field, '\x1e')) out.emplace_back(item);
  return out;
}

void add_record(std::string_view record, GoList& list) {
  record = trim(record);
  const auto fields = split(record, '\x1f');
  if (fields.size() < 11) return;
  GoPackage package;
  package.path = fields[0];
  package.name = fields[1];
  package.folder = fields[2];
  package.standard = fields[3] == "true";
  package.cgo_files = strings(fields[5]);
  package.ignored_files = strings(fields[6]);
  package.cxx_files = strings(fields[7]);
  package.pkg_config = strings(fields[8]);
  package.cgo_ldflags = strings(fields[9]);
  package.error = fields[10];
  if (fields.size() > 11) package.imports = strings(fields[11]);
  for (std::size_t i = 12; i < fields.size(); ++i) {
    for (std::string& flag : strings(fields[i])) package.cgo_flags.push_back(std::move(flag));
  }
  if (package.name == "main" && fields[4] != "true") list.mains.push_back(package.path);
  list.packages.push_back(std::move(package));
}

// "go1.26.8", "go1.27rc1", "devel go1.28-..." -> 1.26.8, 1.27, 1.28
Version release_of(std::string_view version) {
  const std::size_t at = version.find("go1.");
  if (at == std::string_view::npos) return {};
  version.remove_prefix(at + 2);
  return parse_version(version.substr(0, version.find_first_not_of("0123456789.")))
      .value_or(Version{});
}

std::string go_env_file_setting(const std::string& file, std::string_view name) {
  const auto text = read_text(file, std::size_t{1} << 20U);
  if (!text) return {};
  for (const std::string_view line : split(*text, '\n')) {
    if (line.starts_with(name) && line.size() > name.size() && line[name.size()] == '=') {
      return std::string(trim(line.substr(name.size() + 1)));
    }
  }
  return {};
}

// The line of Go's linker that holds the version: "version = 12<<16 | 0<<8 | 0<<0 // 12.0.0" up to
// Go 1.26, "macOS  = macVersionFlag{13, 0, 0}" since.
Version minimum_in_line(std::string_view line) {
  std::string plain(line);
  std::ranges::replace(plain, '{', '(');  // braces are special in templates
  auto found = match("version = {major}<<16 | {minor}<<8", plain);
  if (!found) found = match("macOS{blank}= macVersionFlag({major}, {minor},", plain);
  if (!found) return {};
  const auto major = parse_number(capture(*found, "major"));
  const auto minor = parse_number(capture(*found, "minor"));
  if (!major || !minor || *major < 10 || *major > 99) return {};
  return {static_cast<std::uint32_t>(*major), static_cast<std::uint32_t>(*minor), 0};
}

}  // namespace

namespace {

// go.mod or go.work, found as cmd/go does: upwards from the folder.
std::string find_upwards(std::string folder, std::string_view name) {
  while (!folder.empty()) {
    std::string path = join_path(folder, name);
    if (is_file(path)) return path;
    if (folder == "/") break;
    folder = folder_of(folder);
  }
  return {};
}

std::string stamp(const std::string& path) {
  const auto info = file_info(path);
  if (path.empty() || !info) return path + " -";
  return fmt::format("{} {} {}", path, info->size, info->modified_ns);
}

// The file of `go env -w`: GOENV, else below the user's configuration folder.
std::string go_env_file() {
  if (const auto named = environment_variable("GOENV"); named && !named->empty()) {
    return *named == "off" ? std::string() : *named;
  }
  const std::string home = environment_variable("HOME").value_or("");
  if (own_platform().goos == "darwin") return home + "/Library/Application Support/go/env";
  const auto xdg = environment_variable("XDG_CONFIG_HOME");
  return (xdg && !xdg->empty() ? *xdg : home + "/.config") + "/go/env";
}

// Everything that the answers of `go env` depend on.
std::string facts_key(const std::string& program, const std::string& folder) {
  std::string key = stamp(real_path(program).value_or(program)) + "\n";
  key +=
      stamp(find_upwards(folder, "go.mod")) + "\n" + stamp(find_upwards(folder, "go.work")) + "\n";
  key += stamp(go_env_file()) + "\n";
  for (const char* name : {"GOROOT", "GOTOOLCHAIN", "GOFLAGS", "GOWORK", "GO111MODULE", "GOENV",
                           "CGO_CFLAGS", "GOMODCACHE", "GOPATH", "HOME", "GOPROXY"}) {
    key += fmt::format("{}={}\n", name, environment_variable(name).value_or("\x01"));
  }
  return key;
}

std::string facts_file(const std::string& cache, const std::string& key) {
  return fmt::format("{}/go/{}", cache, hex(sha256(view_of(key).bytes())).substr(0, 24));
}

// `go env` for named variables only, a line each.
Result<Exit> ask_go(const std::string& program, const std::string& folder) {
  Command command;
  command.argv = {program, "env", "GOVERSION", "GOROOT", "GOMOD", "GOFLAGS", "CGO_CFLAGS"};
  command.directory = folder;
  // A toolchain may have to be downloaded first.
  command.deadline = std::chrono::minutes(10);
  return run(command);
}

void take_answers(std::string_view text, GoFacts& go) {
  const auto lines = split(text, '\n');
  const auto line = [&](std::size_t i) {
    return i < lines.size() ? std::string(lines[i]) : std::string();
  };
  go.version = line(0);
  go.release = release_of(go.version);
  go.root = line(1);
  go.module = line(2);
  go.goflags = line(3);
  go.cgo_cflags = line(4);
}

}  // namespace

std::optional<GoFacts> probe_go(const std::string& folder, const std::string& cache) {
  const auto program = find_program("go");
  if (!program) return std::nullopt;
  GoFacts go;
  go.program = *program;
  const std::string kept =
      cache.empty() ? std::string() : facts_file(cache, facts_key(*program, folder));
  if (const auto known = read_text(kept, std::size_t{1} << 16U); known && !kept.empty()) {
    take_answers(*known, go);
  }
  if (go.version.empty() || !is_folder(go.root)) {
    const auto exit = ask_go(go.program, folder);
    if (!exit || !exit->ok()) {
      go.interrupted = exit && exit->interrupted;
      go.error = exit ? std::string(trim(exit->err)) : std::string(exit.error().what);
      if (go.error.empty()) go.error = "go env exited without output";
      return go;
    }
    take_answers(exit->out, go);
    if (!kept.empty()) (void)write_text(kept, exit->out);  // asked again next time
  }
  const GoSetting cgo = go_setting("CGO_ENABLED");
  go.cgo_env = cgo.value;
  go.cgo_where = cgo.where;
  return go;
}

GoSetting go_setting(const char* name) {
  if (auto set = environment_variable(name); set && !set->empty()) {
    return {*std::move(set), "the environment"};
  }
  std::string file = go_env_file();
  std::string value = go_env_file_setting(file, name);
  if (value.empty()) return {};
  return {std::move(value), std::move(file)};
}

GoFolders find_go_folders(const std::string& folder) {
  GoFolders out;
  const std::string file = find_upwards(folder, "go.mod");
  if (!file.empty()) out.module_root = folder_of(file);
  out.module_cache = go_setting("GOMODCACHE").value;
  if (out.module_cache.empty()) {
    std::string path = go_setting("GOPATH").value;
    path.resize(std::min(path.find(':'), path.size()));
    if (path.empty()) path = join_path(environment_variable("HOME").value_or(""), "go");
    out.module_cache = join_path(path, "pkg/mod");
  }
  out.root = go_setting("GOROOT").value;
  if (const auto program = find_program("go"); program && out.root.empty()) {
    const std::string home(folder_of(folder_of(real_path(*program).value_or(*program))));
    if (is_folder(home + "/src/runtime")) out.root = home;
  }
  return out;
}

Version go_minimum_macos(const GoFacts& go) {
  const auto source = read_text(go.root + "/src/cmd/link/internal/ld/macho.go");
  if (source) {
    for (const std::string_view line : split(*source, '\n')) {
      if (const Version version = minimum_in_line(line); !version.empty()) return version;
    }
  }
  // Release notes of Go: 1.21 needs 10.15, 1.23 needs 11, 1.25 needs 12, 1.27 needs 13.
  if (go.release >= Version{1, 27, 0}) return {13, 0, 0};
  if (go.release >= Version{1, 25, 0}) return {12, 0, 0};
  if (go.release >= Version{1, 23, 0}) return {11, 0, 0};
  return {10, 15, 0};
}

GoList list_packages(const GoFacts& go, const std::string& folder,
                     const std::vector<std::string>& flags,
                     const std::vector<std::string>& patterns,
                     const std::vector<std::string>& environment) {
  Command command;
  command.argv = {go.program, "list", "-e", "-deps", "-f", std::string(list_format)};
  command.argv.insert(command.argv.end(), flags.begin(), flags.end());
  command.argv.emplace_back("--");
  command.argv.insert(command.argv.end(), patterns.begin(), patterns.end());
  command.environment = environment;
  command.directory = folder;
  command.deadline = std::chrono::minutes(10);
  GoList list;
  const auto exit = run(command);
  if (!exit) {
    list.error = exit.error().what;
    return list;
  }
  list.timed_out = exit->timed_out;
  for (const std::string_view record : split(exit->out, '\x1d')) add_record(record, list);
  if (exit->code != 0) list.error = trim(exit->err);
  return list;
}

}  // namespace tenon
