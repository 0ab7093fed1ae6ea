#include "machine/run/change_journal.h"

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "host/files.h"
#include "host/private_folder.h"
#include "host/process.h"
#include "host/replacement.h"
#include "machine/doctor/change_record.h"
#include "machine/doctor/file_edit.h"
#include "machine/doctor/line_merge.h"

namespace tenon {
namespace {

constexpr std::string_view record_end = ".change";
constexpr unsigned private_mode = 0600;
constexpr unsigned any_write = 0222;

Notes notes_of(const ReplacementNotes& lost) {
  Notes out;
  if (lost.owner_lost) out.emplace_back("its owner or group could not be kept");
  if (lost.set_id_dropped) out.emplace_back("its set-id bits were dropped");
  if (lost.other_names > 0) {
    out.push_back(
        fmt::format("{} other names (hard links) still lead to the old file", lost.other_names));
  }
  for (const std::string& name : lost.attributes_lost) {
    out.push_back("an attribute could not be kept: " + name);
  }
  if (lost.unsynced) out.emplace_back("the directory could not be synced to disk");
  return out;
}

// The file holds `old`, or is not there and `old` is empty; then it gets `fresh`. A file that
// nobody may write is left alone: a rename would pass over that.
Result<Notes> swap_text(const std::string& path, std::string_view old, std::string_view fresh) {
  if (const std::string_view folder = folder_of(path); !folder.empty()) {
    TENON_TRY(make_folders(std::string(folder)));
  }
  Replacement file = TENON_TRY(Replacement::open({.path = path}));
  const auto info = TENON_TRY(look_up(path));
  if (info && (info->mode & any_write) == 0) return fail(Errc::permission, "is write-protected");
  // Read after open(): what changes from here on is noticed by commit().
  const std::string now = info ? TENON_TRY(read_text(path)) : std::string();
  if (now != old) return fail(Errc::changed, "was changed by another process meanwhile");
  TENON_TRY(file.write(view_of(fresh).bytes()));
  return notes_of(TENON_TRY(file.commit()));
}

// What the file is to hold, and what of it is somebody else's; decides, changes nothing.
std::string planned(const ChangeRecord& record, const std::string& now, const UndoRequest& request,
                    Undone& out) {
  TakenBack merged = take_back(record.before, record.after, now);
  out.kept = std::move(merged.kept);
  out.open = std::move(merged.open);
  const bool own_text = merged.text == record.before || merged.text == now;
  if (own_text || !request.check || record.shell.empty()) return std::move(merged.text);
  const ShellVerdict verdict = request.check(record.shell, merged.text);
  if (verdict.accepts()) return std::move(merged.text);
  out.problem = fmt::format("with the old lines {} refuses it: {}", record.shell, verdict.said);
  return now;
}

// Of several records of one file, a dry run sees what the later ones would leave.
using Texts = std::map<std::string, std::string, std::less<>>;

void undo_file(const ChangeRecord& record, const UndoRequest& request, Texts& texts, Undone& out) {
  const auto planned_before = texts.find(record.path);
  const Result<std::string> now = planned_before != texts.end()
                                      ? Result<std::string>(planned_before->second)
                                      : read_text(record.path);
  if (!now && now.error().code != Errc::not_found) {
    out.problem = now.error().what;
    return;
  }
  if (!now) {
    // Removed by an undo that could not forget the record any more, or never made.
    if (record.existed) out.problem = "the file is gone: nothing was put back";
    return;
  }
  const std::string text = planned(record, *now, request, out);
  out.restored = text != *now && out.problem.empty();
  if (!out.restored) return;
  if (request.dry) {
    texts[record.path] = text;
  } else if (!record.existed && text.empty()) {
    remove_tree(record.path);
  } else if (auto done = swap_text(record.path, *now, text)) {
    out.notes = *std::move(done);
  } else {
    out.restored = false;
    out.problem = done.error().what;
  }
}

void undo_command(const ChangeRecord& record, const UndoRequest& request, Undone& out) {
  out.command = true;
  out.path = shell_join(record.command);
  const std::string back = shell_join(record.reverse);
  if (!request.commands || request.dry) {
    out.problem = fmt::format("{} takes it back; --undo --unsafe-fixes runs it", back);
    return;
  }
  const auto code = pass_through(record.reverse, {});
  out.restored = code && *code == 0;
  if (!out.restored) out.problem = "failed: " + back;
}

}  // namespace

Result<ChangeJournal> ChangeJournal::open(const std::string& folder) {
  if (folder.empty()) {
    return fail(Errc::not_found, "no directory for the record of changes: HOME is not set");
  }
  TENON_TRY(private_folder(std::string(folder_of(folder))));
  std::string real = TENON_TRY(private_folder(folder));
  auto lock = TENON_TRY(FileLock::try_lock(join_path(real, "lock")));
  if (!lock) return fail(Errc::busy, "another tenon doctor changes files at this moment");
  return ChangeJournal(std::move(real), *std::move(lock));
}

Result<std::vector<std::string>> ChangeJournal::records() const {
  auto names = TENON_TRY(list_folder(folder_));
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(record_end); });
  return names;
}

Result<std::string> ChangeJournal::keep(const ChangeRecord& record) {
  const auto known = TENON_TRY(records());
  std::uint64_t number = 1;
  if (!known.empty()) {
    const std::string_view last = known.back();
    number = parse_number(last.substr(0, last.size() - record_end.size())).value_or(0) + 1;
  }
  std::string path = join_path(folder_, fmt::format("{:08}{}", number, record_end));
  TENON_TRY(write_text(path, record_text(record), private_mode));
  last_ = path;
  return path;
}

Result<Notes> ChangeJournal::apply(const FileChange& change) {
  if (change.empty()) return Notes{};
  const std::string path = real_path(change.path).value_or(change.path);
  const bool existed = TENON_TRY(look_up(path)).has_value();
  const std::string record =
      TENON_TRY(keep({path, existed, change.before, change.after, change.shell, {}, {}}));
  auto done = swap_text(path, change.before, change.after);
  if (!done) remove_tree(record);
  return done;
}

Result<void> ChangeJournal::record_command(const std::vector<std::string>& argv,
                                           std::vector<std::string> reverse) {
  (void)TENON_TRY(keep({{}, true, {}, {}, {}, argv, std::move(reverse)}));
  return {};
}

void ChangeJournal::forget_last() {
  if (!last_.empty()) remove_tree(std::exchange(last_, {}));
}

Result<std::vector<Undone>> ChangeJournal::undo(const UndoRequest& request) {
  std::vector<Undone> out;
  Texts texts;
  auto names = TENON_TRY(records());
  for (const std::string& name : names | std::views::reverse) {
    const std::string file = join_path(folder_, name);
    Undone one;
    one.record = file;
    const std::string text = TENON_TRY(read_text(file));
    const auto record = read_record(text);
    if (!record) {
      one.path = file;
      one.problem = record.error().what;
    } else if (record->path.empty()) {
      undo_command(*record, request, one);
    } else {
      one.path = record->path;
      undo_file(*record, request, texts, one);
    }
    if (one.complete() && !request.dry) remove_tree(file);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace tenon
