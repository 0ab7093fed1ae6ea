// What a snapshot of a machine makes of the candidates: causes that a log cannot tell apart.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diagnose/answer.h"
#include "diagnose/causes/causes.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "diagnose/run/ask.h"
#include "machine/doctor/decide.h"
#include "machine/snapshot_data.h"

namespace tenon::explain {
namespace {

// A fact of the machine moves a candidate further than the words of a log that several causes
// share, not as far as words that only one cause has: one class up, two down. False: contradicted,
// and not even possible any more by what the log says: better none than a fix for another machine.
bool move_class(Sureness& sureness, bool up) {
  if (!up && sureness != Sureness::certain) return false;
  const int moved = static_cast<int>(sureness) + (up ? 1 : -2);
  sureness = static_cast<Sureness>(std::min(moved, static_cast<int>(Sureness::certain)));
  return true;
}

bool has(const Answer& answer, Code code) {
  return std::ranges::any_of(answer.candidates,
                             [&](const Candidate& one) { return one.cause->code == code; });
}

// The candidates, and the causes that the best one is known to be mistaken for.
std::vector<std::string_view> questions(const Answer& answer) {
  std::vector<std::string_view> out;
  for (const Candidate& one : answer.candidates) out.push_back(one.cause->slug);
  for (const Code rival : answer.candidates.front().cause->rivals) {
    if (!has(answer, rival)) out.push_back(slug_of(rival));
  }
  return out;
}

// What the log names: pkg-config's package above all.
std::string subject(const Answer& answer) {
  const LogEvent* event = answer.log.event(EventKind::pc_missing);
  return event == nullptr ? std::string() : std::string(event->get("name"));
}

// What the log said best, before the machine was asked.
struct First {
  const Cause* cause = nullptr;
  Sureness sureness = Sureness::weak;
  bool supported = false;                 // by the machine, too
  std::vector<const Cause*> before = {};  // rivals whose state the machine is in
};

Candidate* candidate_of(Answer& answer, const SnapshotVerdict& verdict) {
  auto found = std::ranges::find(answer.candidates, verdict.slug,
                                 [](const Candidate& one) { return one.cause->slug; });
  if (found != answer.candidates.end()) return &*found;
  if (verdict.support != Support::supported) return nullptr;
  // The log does not name it: its lines are those of the cause that it is mistaken for.
  Proof proof;
  proof.lines = answer.candidates.front().lines;
  return &answer.candidates.emplace_back(
      make_candidate(*find_cause(verdict.slug), answer.log, Sureness::weak, std::move(proof)));
}

void weigh(Answer& answer, const SnapshotVerdict& verdict, First& first) {
  if (verdict.support == Support::unknown) return;
  const bool supported = verdict.support == Support::supported;
  Candidate* found = candidate_of(answer, verdict);
  if (found == nullptr) return;
  const Cause* cause = found->cause;
  first.supported = first.supported || (supported && cause == first.cause);
  if (!move_class(found->sureness, supported)) {
    std::erase_if(answer.candidates, [&](const Candidate& one) { return one.cause == cause; });
  } else if (supported &&
             std::ranges::find(first.cause->rivals, cause->code) != first.cause->rivals.end()) {
    // What the first is known to be mistaken for, and the machine is in just that state.
    first.before.push_back(cause);
    found->sureness = std::max(found->sureness, first.sureness);
  }
  Evidence evidence = verdict.evidence;
  evidence.text += fmt::format(": speaks {} {}", supported ? "for" : "against", cause->slug);
  answer.settings.push_back(std::move(evidence));
}

void put_before(std::vector<Candidate>& list, const Cause& cause, const Cause& other) {
  const auto place = std::ranges::find(list, &other, &Candidate::cause);
  const auto found = std::ranges::find(list, &cause, &Candidate::cause);
  if (place < found && found != list.end()) std::rotate(place, found, found + 1);
}

// What only macOS does at the start of programs, told of another machine.
void not_of_this_system(Answer& answer, const Snapshot& host) {
  if (host.system.goos.empty() || host.system.goos == "darwin") return;
  std::erase_if(answer.candidates, [](const Candidate& one) {
    return of_macos_only(one.cause->slug) && one.sureness < Sureness::certain;
  });
}

}  // namespace

void ask_host(Answer& answer, const Snapshot& host) {
  if (answer.candidates.empty()) return;
  // A cause that only its own words show needs no witness.
  const bool settled = answer.candidates.front().sureness == Sureness::certain &&
                       answer.candidates.front().cause->rivals.empty();
  if (settled) return;
  First first{answer.candidates.front().cause, answer.candidates.front().sureness};
  const auto slugs = questions(answer);
  for (const SnapshotVerdict& verdict : decide_causes(host, slugs, subject(answer))) {
    if (answer.candidates.empty()) return;
    const std::string& where = verdict.evidence.where;
    if (!where.empty() && std::ranges::find(answer.looked, where) == answer.looked.end())
      answer.looked.push_back(where);
    weigh(answer, verdict, first);
  }
  not_of_this_system(answer, host);
  sort_by_sureness(answer.candidates);
  if (first.supported) return;
  for (const Cause* cause : first.before) put_before(answer.candidates, *cause, *first.cause);
}

}  // namespace tenon::explain
