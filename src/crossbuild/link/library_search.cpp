#include "crossbuild/link/library_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_source.h"
#include "crossbuild/driver/linker_args.h"

namespace tenon {
namespace {

// The folder of `flag`, joined ("-L/x") or apart ("-L", "/x").
void add_folder(const DriverArg& arg, std::string_view flag, std::vector<std::string>& out) {
  if (arg.name == flag && !arg.values.empty()) out.push_back(arg.values[0]);
  if (arg.name.starts_with(flag) && arg.name.size() > flag.size()) {
    out.push_back(arg.name.substr(flag.size()));
  }
}

}  // namespace

SearchFolders search_folders(const std::vector<DriverArg>& args) {
  SearchFolders folders;
  for (const DriverArg& arg : args) {
    add_folder(arg, "-L", folders.libraries);
    add_folder(arg, "-F", folders.frameworks);
  }
  return folders;
}

std::optional<std::string> find_library(const SearchFolders& folders, std::string_view name,
                                        std::span<const std::string_view> endings,
                                        FileSource& files) {
  for (const std::string& folder : folders.libraries) {
    for (const std::string_view ending : endings) {
      std::string path = fmt::format("{}/lib{}{}", folder, name, ending);
      if (files.exists(path)) return path;
    }
  }
  return std::nullopt;
}

std::optional<std::string> find_framework(const SearchFolders& folders, std::string_view name,
                                          FileSource& files) {
  for (const std::string& folder : folders.frameworks) {
    for (const std::string_view ending : {".tbd", ""}) {
      std::string path = fmt::format("{0}/{1}.framework/{1}{2}", folder, name, ending);
      if (files.exists(path)) return path;
    }
  }
  return std::nullopt;
}

std::vector<std::string> named_archives(const std::vector<DriverArg>& args, FileSource& files) {
  const SearchFolders folders = search_folders(args);
  std::vector<std::string> out;
  for (const DriverArg& arg : args) {
    if (arg.kind == DriverArg::Kind::input && arg.name.ends_with(".a")) out.push_back(arg.name);
    if (arg.kind != DriverArg::Kind::library) continue;
    auto path = find_library(folders, arg.values[0], archive_endings, files);
    if (path) out.push_back(std::move(*path));
  }
  return out;
}

void choose_archives(std::vector<DriverArg>& args, const std::vector<std::string>& sysroot,
                     FileSource& files) {
  static constexpr std::array<std::string_view, 15> of_zig{
      "c",    "m",   "pthread", "dl",    "rt",     "util",   "resolv", "crypt",
      "xnet", "gcc", "gcc_eh",  "gcc_s", "atomic", "stdc++", "c++"};
  SearchFolders folders = search_folders(args);
  folders.libraries.insert(folders.libraries.end(), sysroot.begin(), sysroot.end());
  for (DriverArg& arg : args) {
    if (arg.kind != DriverArg::Kind::library || arg.values.empty()) continue;
    if (std::ranges::find(of_zig, arg.values[0]) != of_zig.end()) continue;
    auto path = find_library(folders, arg.values[0], archive_endings, files);
    if (path) arg = {DriverArg::Kind::input, std::move(*path), {}};
  }
}

}  // namespace tenon
