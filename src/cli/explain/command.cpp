// explain -- COMMAND: both streams pass through as they come, and are read on the way.
#include <array>
#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/shown.h"
#include "cli/explain/explain.h"
#include "cli/explain/linker_search.h"
#include "cli/explain/loader_search.h"
#include "cli/table.h"
#include "cli/term.h"
#include "diag/report.h"
#include "diagnose/answer.h"
#include "diagnose/causes/team.h"
#include "diagnose/run/ask.h"
#include "host/relay.h"
#include "machine/probe/probe.h"

namespace tenon::explain {
namespace {

// The beginning and the end of what a command says, in lines, of both streams in their order.
class Recording {
 public:
  void take(std::string_view bytes, bool standard_error) {
    std::string& open = open_[standard_error ? 1 : 0];
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t end = bytes.find('\n', at);
      if (end == bytes.npos) {
        if (open.size() < most_line) open += bytes.substr(at);
        return;
      }
      if (open.size() < most_line) open += bytes.substr(at, end - at);
      open += '\n';
      keep(open);
      open.clear();
      at = end + 1;
    }
  }

  [[nodiscard]] std::string text() {
    for (std::string& open : open_) keep(open);
    return head_ + tail_;
  }

 private:
  static constexpr std::size_t most_line = std::size_t{1} << 16U;
  static constexpr std::size_t most = std::size_t{16} << 20U;

  void keep(std::string_view line) {
    if (head_.size() < most) {
      head_ += line;
      return;
    }
    tail_ += line;
    if (tail_.size() > 2 * most) tail_.erase(0, tail_.find('\n', most) + 1);
  }

  std::array<std::string, 2> open_;
  std::string head_, tail_;
};

}  // namespace

// This machine as the command found it: "env NAME=value" before a command counts.
Snapshot machine_of(const std::vector<std::string>& argv) {
  MachineAccess machine = this_machine();
  std::map<std::string, std::string, std::less<>> set;
  const bool env = base_name(argv.front()) == "env";
  for (std::size_t i = 1; env && i < argv.size() && argv[i].contains('='); ++i) {
    const std::size_t equals = argv[i].find('=');
    set[argv[i].substr(0, equals)] = argv[i].substr(equals + 1);
  }
  machine.environment = [set, own = machine.environment](const char* name) {
    const auto found = set.find(name);
    return found == set.end() ? own(name) : std::optional<std::string>(found->second);
  };
  SnapshotRequest request;
  request.c = SnapshotRequest::Try::nothing;
  return take_snapshot(machine, request);
}

Ran run_recorded(Term& term, const std::vector<std::string>& argv) {
  Recording recording;
  Relay command;
  command.argv = argv;
  command.joined = same_file(1, 2);
  command.on_bytes = [&](std::string_view bytes, bool standard_error) {
    recording.take(bytes, standard_error);
    return write_all(standard_error || term.json() ? 2 : 1, bytes);
  };
  const auto end = relay(command);
  if (!end) {
    tell(shown_format("tenon explain: cannot start {}: {}\n", argv.front(), end.error().what));
    return {
        end.error().code == Errc::not_found ? exit_not_found : exit_cannot_run, false, false, {}};
  }
  // Somebody ended it, or nobody reads any more: that is no failure.
  const bool ended = asks_to_end(end->signal) || end->code == exit_interrupted;
  return {end->code, true, end->code != 0 && !ended, recording.text()};
}

int run_command(Term& term, const std::vector<std::string>& argv, const std::string& project,
                const Snapshot* host, const TeamCauses* team, const std::string& root) {
  const Ran ran = run_recorded(term, argv);
  Report report;
  report.command = "explain";
  if (!ran.started) return ran.code;
  if (!ran.failed && !term.json()) return term.save({}, report.command, ran.code);
  if (!ran.failed) {
    report.data.add("candidates", Data::array());
    return term.finish(report, ran.code);
  }
  term.status("probing this machine");
  const Snapshot here = host == nullptr ? machine_of(argv) : *host;
  Answer said = answer(ran.text, "the command", project, argv, &here, team);
  search_as_loader(said, argv, root);
  search_as_linker(said, argv, root, term);
  term.clear_status();
  term.save(answer_diagnoses(said), report.command, ran.code);
  if (!term.json()) {
    tell("\n" + answer_text(said, term.error_style()));
    return ran.code;
  }
  report.data = answer_data(said);
  if (!said.candidates.empty()) report.findings.push_back(answer_finding(said));
  return term.finish(report, ran.code);
}

}  // namespace tenon::explain
