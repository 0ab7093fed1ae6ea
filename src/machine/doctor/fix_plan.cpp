#include "machine/doctor/fix_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "diag/finding.h"
#include "diag/report.h"

namespace tenon {
namespace {

// The change of a file that a command of `go env` stands for; empty path: it is another command.
FileChange file_change(const std::vector<std::string>& argv, const std::string& file,
                       const std::string& text) {
  FileChange out;
  if (argv.size() != 4 || argv[0] != "go" || argv[1] != "env" || file.empty()) return out;
  const std::size_t equals = argv[3].find('=');
  if (argv[2] == "-u") {
    out = {file, text, without_setting(text, argv[3])};
  } else if (argv[2] == "-w" && equals != std::string::npos) {
    out = {file, text, with_setting(text, argv[3].substr(0, equals), argv[3].substr(equals + 1))};
  }
  return out;
}

struct Planner {
  const std::function<std::string(const std::string&)>& read;
  FixPlan plan;

  FileChange& of(const std::string& path) {
    for (FileChange& one : plan.changes) {
      if (one.path == path) return one;
    }
    const std::string text = read(path);
    return plan.changes.emplace_back(FileChange{path, text, text});
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
  for (const auto& argv : fix.commands) {
    const std::string before = file.empty() ? std::string() : out.of(file).after;
    const FileChange one = file_change(argv, file, before);
    if (one.path.empty()) {
      if (std::ranges::find(out.plan.commands, argv) == out.plan.commands.end())
        out.plan.commands.push_back(argv);
    } else {
      out.of(file).after = one.after;
    }
  }
}

// Lines of start-up files that a finding names.
void plan_lines(const Snapshot& snapshot, const Finding& finding, const FixesAllowed& allowed,
                Planner& out) {
  for (const ShellLine& line : snapshot.settings.shell_lines.value) {
    const std::string where = fmt::format("{}:{}", line.file, line.line);
    if (!line.alone ||
        std::ranges::find(finding.evidence, where, &Evidence::where) == finding.evidence.end()) {
      continue;
    }
    if (!allowed.shell_files) {
      ++out.plan.need_shell_files;
      continue;
    }
    FileChange& change = out.of(line.file);
    const auto lines = split(change.before, '\n'), now = split(change.after, '\n');
    // Two findings can name the same line, and the file can be another by now.
    const bool fresh = line.line <= lines.size() && lines[line.line - 1] == now[line.line - 1] &&
                       lines[line.line - 1].contains(line.name);
    if (fresh) change.after = without_line(change.after, line.line);
  }
}

}  // namespace

bool FixPlan::empty() const {
  return commands.empty() && std::ranges::all_of(changes, &FileChange::empty);
}

FixPlan plan_fixes(const Snapshot& snapshot, const std::vector<Finding>& findings,
                   FixesAllowed allowed,
                   const std::function<std::string(const std::string&)>& read) {
  Planner out{read, {}};
  for (const Finding& finding : findings) {
    plan_lines(snapshot, finding, allowed, out);
    for (const Fix& fix : finding.fixes) {
      const bool own = !fix.commands.empty() && fix.commands.front().front() == "tenon";
      if (!own) plan_fix(fix, snapshot.settings.file.value, allowed, out);
    }
  }
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
  for (const auto& argv : plan.commands) {
    Data words = Data::array();
    for (const std::string& word : argv) words.push(word);
    commands.push(std::move(words));
  }
  out.add("files", std::move(files));
  out.add("commands", std::move(commands));
  out.add("need_unsafe_fixes", static_cast<std::int64_t>(plan.need_unsafe));
  out.add("need_shell_files", static_cast<std::int64_t>(plan.need_shell_files));
  out.add("for_a_person", static_cast<std::int64_t>(plan.manual));
  return out;
}

std::string fix_plan_text(const FixPlan& plan) {
  std::string out;
  for (const FileChange& one : plan.changes) {
    if (!one.empty()) out += change_text(one);
  }
  for (const auto& argv : plan.commands) out += shell_join(argv) + "\n";
  if (plan.need_unsafe > 0) out += fmt::format("{} fixes need --unsafe-fixes\n", plan.need_unsafe);
  if (plan.need_shell_files > 0) {
    out +=
        fmt::format("{} in start-up files of shells need --shell-files\n", plan.need_shell_files);
  }
  if (plan.manual > 0) out += fmt::format("{} fixes must be applied by hand\n", plan.manual);
  return out;
}

}  // namespace tenon
