#include "machine/doctor/fix_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/result.h"
#include "base/shell_word.h"
#include "base/shown.h"
#include "base/text.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "machine/doctor/file_edit.h"
#include "machine/doctor/shell_lines.h"
#include "machine/snapshot.h"

namespace tenon {
namespace {

// The file of `go env -w` after a command that changes it; nullopt: it is another command.
std::optional<std::string> env_edited(const std::vector<std::string>& argv,
                                      const std::string& text) {
  if (argv.size() < 4 || argv[0] != "go" || argv[1] != "env") return std::nullopt;
  std::string out = text;
  for (std::size_t i = 3; i < argv.size(); ++i) {
    const std::size_t equals = argv[i].find('=');
    if (argv[2] == "-u") {
      out = without_setting(out, argv[i]);
    } else if (argv[2] == "-w" && equals != std::string::npos) {
      out = with_setting(out, argv[i].substr(0, equals), argv[i].substr(equals + 1));
    } else {
      return std::nullopt;
    }
  }
  return out;
}

// The file of `go env -w`, there or not; empty when there can be none.
std::string env_file(const Snapshot& snapshot) {
  const TextFact& file = snapshot.settings.file;
  if (file.known()) return file.value;
  const bool missing = file.state == FactState::absent && file.source.starts_with('/');
  return missing ? file.source : std::string();
}

struct Planner {
  const FixSources& sources;
  FixPlan plan;
  std::vector<std::string> unread;  // files whose changes are dropped

  FileChange& of(const std::string& path) {
    for (FileChange& one : plan.changes) {
      if (one.path == path) return one;
    }
    const auto text = sources.read(path);
    if (!text && text.error().code != Errc::not_found) {
      leave(path, text.error().what);
      unread.push_back(path);
    }
    return plan.changes.emplace_back(FileChange{path, text.value_or(""), text.value_or("")});
  }

  void leave(const std::string& where, std::string why) {
    FixPlan::Untouched one{where, std::move(why)};
    if (std::ranges::find(plan.untouched, one) == plan.untouched.end()) {
      plan.untouched.push_back(std::move(one));
    }
  }
};

void plan_fix(const Fix& fix, const std::string& file, const FixesAllowed& allowed, Planner& out) {
  if (fix.safety == Fix::Safety::manual || fix.commands.empty()) {
    ++out.plan.manual;
    return;
  }
  if (fix.safety == Fix::Safety::review && !allowed.unsafe) {
    ++out.plan.need_unsafe;
    return;
  }
  // A person has to put a name in.
  if (!std::ranges::all_of(fix.commands, is_complete)) {
    ++out.plan.manual;
    return;
  }
  for (const ShellCommand& command : fix.commands) {
    auto edited =
        file.empty() ? std::nullopt : env_edited(arguments_of(command), out.of(file).after);
    if (edited) {
      out.of(file).after = *std::move(edited);
    } else if (std::ranges::find(out.plan.commands, command) == out.plan.commands.end()) {
      out.plan.commands.push_back(command);
    }
  }
}

// Why a shell's answer forbids an edit; empty: it does not.
std::string objection(const ShellVerdict& verdict, std::string_view shell, std::string_view what) {
  if (verdict.accepts()) return {};
  if (verdict.state == ShellVerdict::State::no_answer) {
    return fmt::format("{} -n did not answer{}{}", shell, verdict.said.empty() ? "" : ": ",
                       verdict.said);
  }
  return fmt::format("{} refuses the file {}: {}", shell, what, verdict.said);
}

// The text with the line as a comment, or why it stays as it is.
std::expected<std::string, std::string> commented(const FileChange& change, const ShellLine& line,
                                                  const ShellCheck& check) {
  const auto lines = split(change.before, '\n');
  // The file can be another by now.
  if (line.line > lines.size() || !lines[line.line - 1].contains(line.name)) {
    return std::unexpected("the file was changed meanwhile");
  }
  const LinePlace place = place_of_line(change.after, line.line, kind_of_shell(change.shell));
  if (const auto why = why_untouched(place); !why.empty()) return std::unexpected(std::string(why));
  std::string out = without_line(change.after, line.line, place);
  if (!check) return out;
  std::string why = objection(check(change.shell, change.after), change.shell, "as it is");
  if (why.empty()) why = objection(check(change.shell, out), change.shell, "without the line");
  if (!why.empty()) return std::unexpected(std::move(why));
  return out;
}

// Lines of start-up files that a finding names.
void plan_lines(const Snapshot& snapshot, const Finding& finding, const FixesAllowed& allowed,
                Planner& out) {
  for (const ShellLine& line : snapshot.settings.shell_lines.value) {
    const std::string where = fmt::format("{}:{}", line.file, line.line);
    if (std::ranges::find(finding.evidence, where, &Evidence::where) == finding.evidence.end()) {
      continue;
    }
    if (!allowed.shell_files) {
      out.plan.need_shell_files += line.alone ? 1 : 0;
      continue;
    }
    if (!line.alone) {
      out.leave(where, "something else stands on the line, or it continues in the next one");
      continue;
    }
    FileChange& change = out.of(line.file);
    if (std::ranges::find(out.unread, line.file) != out.unread.end()) continue;
    change.shell = shell_of(line.file);
    const auto lines = split(change.before, '\n'), now = split(change.after, '\n');
    // Two findings can name the same line.
    if (line.line <= lines.size() && lines[line.line - 1] != now[line.line - 1]) continue;
    auto after = commented(change, line, out.sources.check);
    if (after) {
      change.after = *std::move(after);
    } else {
      out.leave(where, std::move(after).error());
    }
  }
}

}  // namespace

bool FixPlan::empty() const {
  return commands.empty() && std::ranges::all_of(changes, &FileChange::empty);
}

FixPlan plan_fixes(const Snapshot& snapshot, const std::vector<Finding>& findings,
                   FixesAllowed allowed, const FixSources& sources) {
  Planner out{sources, {}, {}};
  const SettingsState& settings = snapshot.settings;
  if (settings.file.state == FactState::unknown) out.leave("go env", settings.file.why);
  if (allowed.shell_files && settings.shell_lines.state == FactState::unknown) {
    out.leave("start-up files of shells", settings.shell_lines.why);
  }
  for (const Finding& finding : findings) {
    plan_lines(snapshot, finding, allowed, out);
    for (const Fix& fix : finding.fixes) {
      const bool own = !fix.commands.empty() && fix.commands.front().front().argument() == "tenon";
      if (!own) plan_fix(fix, env_file(snapshot), allowed, out);
    }
  }
  std::erase_if(out.plan.changes, [&](const FileChange& change) {
    return std::ranges::find(out.unread, change.path) != out.unread.end();
  });
  return std::move(out.plan);
}

Data fix_plan_data(const FixPlan& plan) {
  Data out = Data::object(), files = Data::array(), commands = Data::array();
  for (const FileChange& one : plan.changes) {
    if (one.empty()) continue;
    Data row = Data::object();
    row.add("path", one.path);
    row.add("change", change_text(one));
    files.push(std::move(row));
  }
  for (const ShellCommand& command : plan.commands) {
    Data words = Data::array();
    for (const std::string& word : arguments_of(command)) words.push(word);
    commands.push(std::move(words));
  }
  out.add("files", std::move(files));
  out.add("commands", std::move(commands));
  out.add("need_unsafe_fixes", static_cast<std::int64_t>(plan.need_unsafe));
  out.add("need_shell_files", static_cast<std::int64_t>(plan.need_shell_files));
  out.add("for_a_person", static_cast<std::int64_t>(plan.manual));
  Data left = Data::array();
  for (const FixPlan::Untouched& one : plan.untouched) {
    Data row = Data::object();
    row.add("where", one.where);
    row.add("why", one.why);
    left.push(std::move(row));
  }
  out.add("untouched", std::move(left));
  return out;
}

Shown fix_plan_text(const FixPlan& plan) {
  Shown out;
  for (const FileChange& one : plan.changes) {
    if (!one.empty()) out += Shown::lines_of(change_text(one));
  }
  for (const ShellCommand& command : plan.commands) out += quoted(command) + "\n";
  for (const FixPlan::Untouched& one : plan.untouched) {
    out += shown_format("left alone: {}: {}\n", one.where, one.why);
  }
  if (plan.need_unsafe > 0) out += shown_format("{} fixes need --unsafe-fixes\n", plan.need_unsafe);
  if (plan.need_shell_files > 0) {
    out +=
        shown_format("{} in start-up files of shells need --shell-files\n", plan.need_shell_files);
  }
  if (plan.manual > 0) out += shown_format("{} fixes must be applied by hand\n", plan.manual);
  return out;
}

}  // namespace tenon
