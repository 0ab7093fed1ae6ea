#include "cli/explain/lookup.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/shell_word.h"
#include "base/shown.h"
#include "diag/report.h"
#include "machine/snapshot.h"
#include "resolve/answer.h"
#include "resolve/decision.h"
#include "resolve/from_snapshot.h"
#include "resolve/inputs.h"
#include "resolve/lookup_error.h"

namespace tenon::explain {
namespace {

using resolve::NameAnswer;

struct Program {
  std::string_view key, words;
  bool cgo;
};

// A log does not tell how the program was built: both answers are given.
constexpr std::array<Program, 2> programs{
    {{"with_cgo", "with cgo", true}, {"without_cgo", "without cgo", false}}};

std::optional<NameAnswer> answer_on(const Snapshot* machine, const std::string& name, bool cgo) {
  if (machine == nullptr || !resolve::known_goos(machine->system.goos)) return std::nullopt;
  resolve::Inputs inputs;
  inputs.build.goos = machine->system.goos;
  inputs.build.cgo = cgo;
  inputs.build.cgo_known = true;
  inputs.environment = resolve::environment_of(machine->network);
  inputs.machine = resolve::machine_of(machine->network);
  return resolve::answer_for_name(resolve::Resolver(inputs), name);
}

}  // namespace

Data lookup_data(std::string_view line, const Snapshot* machine) {
  const resolve::LookupVerdict verdict = resolve::judge_lookup_error(line);
  Data out = resolve::verdict_data(verdict);
  if (!verdict.error || machine == nullptr) return out;
  Data decisions = Data::object();
  for (const Program& program : programs) {
    if (const auto answer = answer_on(machine, verdict.error->name, program.cgo)) {
      decisions.add(std::string(program.key), resolve::name_data(*answer));
    }
  }
  out.add("machine", std::move(decisions));
  return out;
}

Shown lookup_text(std::string_view line, const Snapshot* machine) {
  const resolve::LookupVerdict verdict = resolve::judge_lookup_error(line);
  if (!verdict.error) return {};
  Shown out = shown_format("\nlookup of {}: {}\n", verdict.error->name, verdict.says);
  if (verdict.cause != nullptr)
    out += shown_format("  {}: {}\n", verdict.cause->title, verdict.cause->fix);
  for (const Program& program : programs) {
    const auto answer = answer_on(machine, verdict.error->name, program.cgo);
    if (!answer) continue;
    out += shown_format("  a program {}: {}, because ", program.words,
                        resolve::order_text(answer->decision.order));
    out += resolve::reason_sentence(answer->decision);
    if (!answer->plan_of.empty()) {
      out += shown_format("; {} queries, at most {:.0f} s", answer->plan.queries,
                          static_cast<double>(answer->plan.worst_ms) / 1000);
    }
    out += "\n";
  }
  return out + shown_format("  tenon resolve --binary PROGRAM -- {}\n",
                            ShellWord::of(verdict.error->name).quoted());
}

}  // namespace tenon::explain
