#include "rewrite/run/apply.h"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/reason.h"
#include "base/result.h"
#include "base/text.h"
#include "host/files.h"
#include "host/process.h"
#include "machine/run/change_journal.h"
#include "rewrite/edit.h"
#include "rewrite/plan.h"

namespace tenon::rewrite {
namespace {

constexpr std::chrono::seconds time_limit{60};

std::string journal_folder() {
  const std::string state = state_folder();
  return state.empty() ? std::string() : join_path(state, "rewrite");
}

// Why a file may not be written; empty when it may.
std::string objection(const FilePlan& plan) {
  const std::string &path = plan.path, &text = plan.text;
  if (is_link(path)) return "it is a symbolic link";
  if (plan.fresh) {
    const auto info = look_up(path);
    if (!info) return reason_text(info.error());
    return *info ? "it is there already" : "";
  }
  const auto now = read_text(path);
  if (!now) return reason_text(now.error());
  return *now == text ? std::string() : "it was changed since it was read";
}

}  // namespace

Result<Applied> apply(const std::vector<FilePlan>& plans) {
  Applied out;
  for (const FilePlan& one : plans) {
    if (one.edits.empty()) continue;
    if (std::string why = objection(one); !why.empty())
      out.problems.push_back({one.path, std::move(why)});
  }
  if (!out.problems.empty()) return out;
  auto journal = TENON_TRY(ChangeJournal::open(journal_folder()));
  for (const FilePlan& one : plans) {
    if (one.edits.empty()) continue;
    if (interrupted())
      return fail(Errc::interrupted,
                  "interrupted; tenon rewrite --undo takes back what was written");
    const auto done = journal.apply({one.path, one.text, applied(one.text, one.edits)});
    if (!done) {
      out.problems.push_back({one.path, reason_text(done.error())});
      return out;
    }
    ++out.written;
    for (const std::string& note : *done) out.notes.push_back(one.path + ": " + note);
  }
  return out;
}

Result<std::vector<Undone>> undo(bool dry) {
  const std::string folder = journal_folder();
  if (!TENON_TRY(look_up(folder))) return std::vector<Undone>{};
  auto journal = TENON_TRY(ChangeJournal::open(folder));
  return journal.undo({dry, false, {}});
}

Result<std::vector<std::string>> uncommitted(const std::string& path) {
  const auto git = find_program("git");
  const std::string folder = is_folder(path) ? path : std::string(folder_of(path));
  if (!git) return std::vector<std::string>{};
  Command command;
  // A repository's own configuration could name programs to run.
  command.argv = {*git,
                  "-c",
                  "core.fsmonitor=false",
                  "status",
                  "--porcelain",
                  "-z",
                  "--untracked-files=no",
                  "--",
                  is_folder(path) ? std::string(".") : std::string(base_name(path))};
  // Its messages are read below.
  command.environment = {"LC_ALL=C"};
  command.directory = folder;
  command.deadline = time_limit;
  const Exit exit = TENON_TRY(run(command));
  if (exit.timed_out) return fail(Errc::timeout, "git status did not end in time");
  if (exit.interrupted) return fail(Errc::interrupted, "interrupted");
  if (!exit.ok()) {
    if (exit.err.contains("not a git repository")) return std::vector<std::string>{};
    return fail(Errc::io, "git status failed");
  }
  std::vector<std::string> out;
  for (const std::string_view one : split(exit.out, '\0')) {
    if (one.size() > 3) out.emplace_back(one.substr(3));
  }
  return out;
}

}  // namespace tenon::rewrite
