#include "diagnose/run/file_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "host/files.h"
#include "host/process.h"
#include "platform/contents.h"

namespace tenon {
namespace {

using Kind = SoughtFile::Kind;
using Texts = std::vector<std::string>;

void add_folders_in(const std::string& folder, Texts& out) {
  const auto names = list_folder(folder);
  if (!names) return;
  for (const std::string& name : *names) {
    std::string path = join_path(folder, name);
    if (is_folder(path)) out.push_back(std::move(path));
  }
}

// Where what was installed by hand, or by Homebrew, has its include and lib.
Texts prefixes() {
  Texts out{"/usr/local"};
  const std::string home = environment_variable("HOME").value_or("");
  if (home.starts_with('/')) out.push_back(join_path(home, ".local"));
  add_folders_in("/opt", out);
  add_folders_in("/opt/homebrew/opt", out);
  add_folders_in("/usr/local/opt", out);
  return out;
}

Texts below(std::initializer_list<std::string_view> ends) {
  Texts out;
  for (const std::string& prefix : prefixes()) {
    for (const std::string_view end : ends) out.push_back(join_path(prefix, std::string(end)));
  }
  return out;
}

// The folders of -L, of the environment and of the #cgo lines of all packages.
Texts named_library_folders() {
  Texts out;
  for (const Texts& argv :
       {Texts{"go", "env", "CGO_LDFLAGS"},
        Texts{"go", "list", "-e", "-deps", "-f", "{{join .CgoLDFLAGS \" \"}}", "./..."}}) {
    Command command;
    command.argv = argv;
    command.deadline = std::chrono::seconds(20);
    const auto exit = run(command);
    if (!exit || !exit->ok()) continue;
    for (const std::string_view word : split_words(exit->out)) {
      if (!word.starts_with("-L/")) continue;
      std::string folder(word.substr(2));
      if (std::ranges::find(out, folder) == out.end()) out.push_back(std::move(folder));
    }
  }
  return out;
}

Texts library_folders() {
  Texts out = named_library_folders();
  std::ranges::move(below({"lib", "lib64"}), std::back_inserter(out));
  return out;
}

Texts folders_for(Kind kind) {
  switch (kind) {
    case Kind::header: return below({"include"});
    case Kind::library: return below({"lib", "lib64"});
    case Kind::loaded: return library_folders();
    case Kind::pc: return below({"lib/pkgconfig", "lib64/pkgconfig", "share/pkgconfig"});
    case Kind::program: return {};
  }
  return {};
}

Texts file_names(const SoughtFile& file) {
  if (file.kind == Kind::pc) return {file.name + ".pc"};
  if (file.kind != Kind::library) return {file.name};
  return {fmt::format("lib{}.so", file.name), fmt::format("lib{}.dylib", file.name),
          fmt::format("lib{}.a", file.name)};
}

}  // namespace

std::string folder_that_has(const SoughtFile& file) {
  const Texts names = file_names(file);
  for (const std::string& folder : folders_for(file.kind)) {
    const bool found = std::ranges::any_of(
        names, [&](const std::string& name) { return is_file(join_path(folder, name)); });
    if (found) return folder;
  }
  return {};
}

}  // namespace tenon
