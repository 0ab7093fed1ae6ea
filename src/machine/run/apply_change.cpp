#include "machine/run/apply_change.h"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "host/files.h"
#include "host/private_folder.h"

namespace tenon {
namespace {

std::string journal(const std::string& store) { return join_path(store, "changes"); }

}  // namespace

Result<void> apply_change(const FileChange& change, const std::string& store) {
  if (change.empty()) return {};
  (void)TENON_TRY(private_folder(store));
  const std::string known = read_text(journal(store)).value_or("");
  const std::string backup = join_path(store, fmt::format("{}.backup", split(known, '\n').size()));
  TENON_TRY(write_text(backup, change.before, 0600));
  TENON_TRY(write_text(journal(store), known + backup + "\t" + change.path + "\n", 0600));
  const auto info = file_info(change.path);
  return write_text(change.path, change.after, info ? info->mode & 0777U : 0644U);
}

Result<std::vector<std::string>> undo_changes(const std::string& store) {
  std::vector<std::string> restored;
  if (!is_folder(store)) return restored;
  TENON_TRY(check_private(real_path(store).value_or(store)));
  const std::string known = read_text(journal(store)).value_or("");
  const auto lines = split(known, '\n');
  // The first backup of a file is its oldest state: it is put back last.
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const std::size_t tab = line->find('\t');
    if (tab == line->npos) continue;
    const std::string path(line->substr(tab + 1));
    const std::string before = TENON_TRY(read_text(std::string(line->substr(0, tab))));
    const auto info = file_info(path);
    TENON_TRY(write_text(path, before, info ? info->mode & 0777U : 0644U));
    restored.push_back(path);
  }
  remove_tree(store);
  return restored;
}

}  // namespace tenon
