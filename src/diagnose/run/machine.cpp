// What a snapshot of a machine makes of the candidates: causes that a log cannot tell apart.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "diag/catalog.h"
#include "diag/render/render.h"
#include "diagnose/run/ask.h"
#include "host/files.h"
#include "machine/doctor/decide.h"
#include "machine/snapshot_data.h"

namespace tenon::explain {
namespace {

// How much a fact of the machine moves a candidate: further than the words of a log that several
// causes share, not as far as words that only one cause has.
constexpr int for_it = 30, against_it = 40;

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
  int score = 0;
};

void weigh(Answer& answer, const SnapshotVerdict& verdict, const First& first) {
  if (verdict.support == Support::unknown) return;
  const bool supported = verdict.support == Support::supported;
  auto found = std::ranges::find(answer.candidates, verdict.slug,
                                 [](const Candidate& one) { return one.cause->slug; });
  if (found == answer.candidates.end()) {
    if (!supported) return;
    // The log does not name it: its lines are those of the cause that it is mistaken for.
    Proof proof;
    proof.lines = answer.candidates.front().lines;
    answer.candidates.push_back(
        make_candidate(*find_cause(verdict.slug), answer.log, 1, std::move(proof)));
    found = std::prev(answer.candidates.end());
  }
  found->score = std::clamp(found->score + (supported ? for_it : -against_it), 1, 100);
  // Contradicted, and not even possible any more by what the log says: better none than a fix for
  // another machine.
  if (!supported && found->score < causes::possible) found->score = 0;
  // What the first is known to be mistaken for, and the machine is in just that state.
  const auto& rivals = first.cause->rivals;
  if (supported && std::ranges::find(rivals, verdict.slug, slug_of) != rivals.end()) {
    found->score = std::max(found->score, std::min(first.score + 1, 100));
  }
  Evidence evidence = verdict.evidence;
  evidence.text += fmt::format(": speaks {} {}", supported ? "for" : "against", found->cause->slug);
  answer.settings.push_back(std::move(evidence));
}

// What only macOS does at the start of programs, told of another machine.
void not_of_this_system(Answer& answer, const Snapshot& host) {
  if (host.system.goos.empty() || host.system.goos == "darwin") return;
  for (Candidate& one : answer.candidates) {
    if (of_macos_only(one.cause->slug) && one.score < causes::sure) one.score = 0;
  }
}

}  // namespace

Outcome<Snapshot> recorded_host(const std::string& path) {
  const auto text = read_text(path, std::size_t{16} << 20U);
  const auto data = text ? parse_data(*text) : std::unexpected(text.error());
  const auto snapshot = data ? snapshot_from(*data) : std::unexpected(data.error());
  if (snapshot) return *snapshot;
  return std::unexpected(make_finding(Code::usage_unreadable_input,
                                      {{"path", path}, {"reason", snapshot.error().what}}, path));
}

void ask_host(Answer& answer, const Snapshot& host) {
  if (answer.candidates.empty()) return;
  // A cause that only its own words show needs no witness.
  const bool settled = answer.candidates.front().score >= causes::sure &&
                       answer.candidates.front().cause->rivals.empty();
  if (settled) return;
  const First first{answer.candidates.front().cause, answer.candidates.front().score};
  const auto slugs = questions(answer);
  for (const SnapshotVerdict& verdict : decide_causes(host, slugs, subject(answer))) {
    weigh(answer, verdict, first);
  }
  not_of_this_system(answer, host);
  std::erase_if(answer.candidates, [](const Candidate& one) { return one.score < least_score; });
  std::ranges::stable_sort(answer.candidates, std::greater(), &Candidate::score);
}

}  // namespace tenon::explain
