#include "rewrite/run/files.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "base/unread.h"
#include "host/files.h"
#include "host/walk.h"
#include "rewrite/plan.h"

namespace tenon::rewrite {
namespace {

constexpr std::array<std::string_view, 4> not_sources = {".git", ".hg", ".svn", ".bzr"};
constexpr std::size_t most_bytes = 100'000'000;

bool ends_with_one(std::string_view path, std::string_view endings) {
  return std::ranges::any_of(split_words(endings),
                             [&](std::string_view one) { return path.ends_with(one); });
}

// What cannot be looked at may be a source file: it is told.
void add_file(const std::string& path, Found& out) {
  if (is_link(path)) return;
  const auto info = look_up(path);
  if (!info) {
    out.unread.push_back({path, info.error()});
  } else if (*info && (*info)->kind == FileInfo::Kind::file) {
    out.paths.push_back(path);
  }
}

}  // namespace

Found find_files(const std::vector<std::string>& paths, std::string_view endings) {
  Found out;
  for (const std::string& path : paths) {
    const auto info = look_up(path);
    if (!info || !*info) {
      out.unread.push_back(
          {path, info ? Error{Errc::not_found, "no such file or directory"} : info.error()});
      continue;
    }
    if ((*info)->kind == FileInfo::Kind::file) {
      out.paths.push_back(path);
      continue;
    }
    walk_folder(path, {.file =
                           [&](const std::string& file) {
                             if (ends_with_one(file, endings)) add_file(file, out);
                           },
                       .folder =
                           [](const std::string& folder) {
                             return std::ranges::find(not_sources, base_name(folder)) ==
                                    not_sources.end();
                           },
                       .unread = [&](const Unread& one) { out.unread.push_back(one); }});
  }
  std::ranges::sort(out.paths);
  const auto again = std::ranges::unique(out.paths);
  out.paths.erase(again.begin(), again.end());
  return out;
}

Sources sources_of(const Found& found) {
  return {found.paths, [](const std::string& path) { return read_text(path, most_bytes); },
          [](const std::string& path) {
            const auto info = look_up(path);
            return info && *info;
          },
          current_folder(),
          [](const std::string& folder) {
            std::vector<std::string> out;
            walk_folder(folder.empty() ? "." : folder,
                        {.file = [&](const std::string& file) { out.push_back(file); },
                         .folder = [](const std::string&) { return false; },
                         .unread = [](const Unread&) {}});
            return out;
          }};
}

}  // namespace tenon::rewrite
