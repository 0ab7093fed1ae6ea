#include "crossbuild/run/compiler_identity.h"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "crossbuild/cache/compile_call.h"
#include "crossbuild/cache/probes.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

constexpr std::size_t largest_note = std::size_t{1} << 16U;
constexpr std::chrono::seconds patience{60};

std::string digest_of(std::string_view text) { return hex(sha256(view_of(text).bytes())); }

// What changes when a program is replaced.
std::optional<std::string> stamp(const std::string& path) {
  const auto info = file_info(path);
  if (!info || info->kind != FileInfo::Kind::file) return std::nullopt;
  return fmt::format("{} {} {} {}", info->size, info->modified_ns, info->inode, path);
}

// The programs behind a driver: those that gcc starts, and the compiler that clang of Xcode is a
// stand-in for. A bare name is one that it looks for in PATH.
std::vector<std::string> parts_of(const std::string& program) {
  std::vector<std::string> out;
  std::vector<std::string> names{"cc1", "cc1plus", "as"};
  if (base_name(program).contains("clang")) names = {"clang"};
  for (const std::string& name : names) {
    Command command;
    command.argv = {program, fmt::format("-print-prog-name={}", name)};
    command.deadline = patience;
    const auto exit = run(command);
    if (!exit || !exit->ok()) continue;
    const std::string path(trim(exit->out));
    if (!path.empty() && !path.contains('\n')) out.push_back(path);
  }
  return out;
}

std::string located(const std::string& part) {
  const std::string path =
      part.starts_with('/') ? part : find_program(part).value_or(std::string());
  return real_path(path).value_or(path);
}

bool is_zig(std::string_view program) { return base_name(program).starts_with("zig"); }

// "STAMP\n" for each program, and the digest.
std::optional<std::string> remembered(const std::string& note) {
  const auto text = read_text(note, largest_note);
  if (!text) return std::nullopt;
  const auto lines = split(*text, '\n');
  std::string digest;
  for (const std::string_view line : lines) {
    if (line.starts_with("digest ")) digest = line.substr(7);
    if (line.starts_with("part ")) {
      const std::string_view rest = line.substr(5);
      const std::size_t name = rest.find('\t');
      if (name == rest.npos) return std::nullopt;
      const std::string path = located(std::string(rest.substr(0, name)));
      if (stamp(path).value_or("gone") != rest.substr(name + 1)) return std::nullopt;
    }
  }
  if (digest.empty()) return std::nullopt;
  return digest;
}

}  // namespace

Result<CompilerIdentity> compiler_identity(const std::string& program, const std::string& cache) {
  const std::string path = located(program);
  if (path.empty()) return fail(Errc::not_found, "the compiler is not in PATH");
  CompilerIdentity out{std::string(base_name(path)), {}};
  // Which Xcode a stand-in leads to.
  std::string choice = real_path("/var/db/xcode_select_link").value_or("");
  for (const char* name : {"DEVELOPER_DIR", "TOOLCHAINS"}) {
    choice += "\n" + environment_variable(name).value_or("");
  }
  const std::string note = cache + "/compilers/" + digest_of(path + "\n" + choice).substr(0, 24);
  if (auto known = remembered(note)) {
    out.digest = *std::move(known);
    return out;
  }
  std::vector<std::string> parts{path};
  if (!is_zig(path)) {
    for (std::string& part : parts_of(path)) parts.push_back(std::move(part));
  }
  std::string all, text;
  for (const std::string& part : parts) {
    const std::string place = located(part);
    const auto before = stamp(place);
    const auto bytes = read_file(place);
    // "cc1plus" of a gcc without C++ is only a name.
    if (!before || !bytes) {
      if (part == path) return fail(Errc::io, "the compiler cannot be read");
      continue;
    }
    // A script may do anything with its arguments and the environment.
    if (bytes->view().text().starts_with("#!")) {
      return fail(Errc::unsupported, "the compiler is a script");
    }
    all += hex(sha256(bytes->view().bytes())) + "\n";
    text += "part " + part + "\t" + *before + "\n";
  }
  out.digest = digest_of(all);
  (void)write_cache(note, text + "digest " + out.digest + "\n");  // read again next time
  return out;
}

namespace {

// The answer to `-E -v`: the list between two lines, and what is not there.
std::optional<OwnFolders> parse_search_list(std::string_view text) {
  constexpr std::string_view nonexistent = "ignoring nonexistent directory \"";
  constexpr std::string_view framework = " (framework directory)";
  OwnFolders out;
  bool inside = false;
  bool found = false;
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with(nonexistent) && line.ends_with('"')) {
      out.missing.emplace_back(
          line.substr(nonexistent.size(), line.size() - nonexistent.size() - 1));
    } else if (line.starts_with("#include ")) {
      inside = true;
      found = true;
    } else if (line.starts_with("End of search list")) {
      inside = false;
    } else if (inside && line.starts_with(' ')) {
      std::string_view folder = trim(line);
      if (folder.ends_with(framework)) folder.remove_suffix(framework.size());
      out.searched.emplace_back(folder);
    }
  }
  if (!found) return std::nullopt;
  return out;
}

OwnFolders parse_note(std::string_view text) {
  OwnFolders out;
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with("has ")) out.searched.emplace_back(line.substr(4));
    if (line.starts_with("no ")) out.missing.emplace_back(line.substr(3));
  }
  return out;
}

}  // namespace

Result<OwnFolders> own_search_folders(const std::vector<std::string>& command,
                                      const std::vector<std::string>& flags,
                                      const std::string& language, const CompilerIdentity& compiler,
                                      const std::string& cache) {
  std::vector<std::string> argv = command;
  argv.insert(argv.end(), flags.begin(), flags.end());
  argv.insert(argv.end(), {"-E", "-v", "-x", language, "/dev/null"});
  std::string key = "2\n" + compiler.digest + "\n" + join(argv, "\n");
  for (const std::string_view name : deciding_variables()) {
    key += "\n" + environment_variable(std::string(name).c_str()).value_or("");
  }
  const std::string note = cache + "/search/" + digest_of(key).substr(0, 24);
  if (const auto known = read_text(note, largest_note)) return parse_note(*known);
  Command ask;
  ask.argv = argv;
  ask.deadline = patience;
  ask.environment = {"LC_ALL=C"};
  const Exit exit = TENON_TRY(run(ask));
  auto out = exit.ok() ? parse_search_list(exit.err) : std::nullopt;
  if (!out) return fail(Errc::unsupported, "the compiler does not tell its search folders");
  std::string text;
  for (const std::string& folder : out->searched) text += "has " + folder + "\n";
  for (const std::string& folder : out->missing) text += "no " + folder + "\n";
  (void)write_cache(note, text);  // asked again next time
  return *std::move(out);
}

}  // namespace tenon
