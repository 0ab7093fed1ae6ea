#include "diagnose/causes/causes.h"

#include <algorithm>
#include <array>

#include "diagnose/causes/commands.h"
#include "diagnose/causes/own_findings.h"

namespace tenon {

extern const Matchers matchers_compiler, matchers_arch, matchers_cross, matchers_zig, matchers_go,
    matchers_link, matchers_run, matchers_sign, matchers_other, matchers_plain, matchers_general;

namespace {

constexpr std::array<const Matchers*, 11> topics{
    &matchers_compiler, &matchers_arch,  &matchers_cross,  &matchers_zig,
    &matchers_go,       &matchers_link,  &matchers_run,    &matchers_sign,
    &matchers_other,    &matchers_plain, &matchers_general};

}  // namespace

Candidate make_candidate(const Cause& cause, const Log& log, int score, Proof proof) {
  add_target_names(log, proof.captures);
  std::ranges::sort(proof.lines);
  const auto repeated = std::ranges::unique(proof.lines);
  proof.lines.erase(repeated.begin(), repeated.end());
  return {.cause = &cause,
          .score = std::min(score, 100),
          .lines = std::move(proof.lines),
          .message = fill_names(cause.happens, proof.captures),
          .fix = fill_names(cause.fix, proof.captures),
          .decide = fill_names(cause.decide, proof.captures),
          .commands = commands_of(cause, log, proof.captures)};
}

bool of_macos_only(std::string_view slug) {
  return slug.starts_with("codesign/") || slug.starts_with("gatekeeper/") ||
         slug.starts_with("dyld/") || slug.starts_with("rosetta/") || slug.starts_with("clt/") ||
         slug == "dns/darwin-nocgo-split-dns" || slug == "darwin/brew-prefix-not-searched";
}

Fix candidate_fix(const Candidate& candidate) {
  const Fix::Safety safety = candidate.commands.empty() ? Fix::Safety::manual : Fix::Safety::review;
  return {safety, candidate.fix, candidate.commands};
}

namespace {

// The line of the event that all lines of a candidate are consequences of; 0 when one is none.
std::size_t root_line(const Log& log, const Candidate& candidate) {
  std::size_t out = 0;
  for (const std::size_t line : candidate.lines) {
    const LogEvent* event = log.event_at(line);
    if (event == nullptr || !event->follows) return 0;
    out = log.events[*event->follows].line;
  }
  return out;
}

// What tools say after the first trouble is noise of it: a candidate that rests on nothing else
// stands behind the one that names the root.
void put_roots_first(const Log& log, std::vector<Candidate>& list) {
  for (Candidate& one : list) {
    const std::size_t root = root_line(log, one);
    if (root == 0) continue;
    for (const Candidate& other : list) {
      const bool names_root = std::ranges::find(other.lines, root) != other.lines.end();
      if (&other == &one || !names_root || other.cause->harmless) continue;
      if (other.score >= causes::possible) one.score = std::min(one.score, other.score - 1);
    }
  }
}

// What is general stands behind everything that says why, and before what only warns.
void put_general_last(std::vector<Candidate>& list) {
  const bool closer = std::ranges::any_of(
      list, [](const Candidate& one) { return !one.cause->general && !one.cause->harmless; });
  if (!closer) return;
  for (Candidate& one : list) {
    if (one.cause->general) one.score = least_score;
  }
}

// Whether what is known of the build speaks against a cause that the log does not prove. cgo is on
// in every build of tenon; what only macOS has does not happen on another system.
bool contradicted(const Cause& cause, const BuildContext& build, int score) {
  if (build.tenon && cause.slug.starts_with("cgo/disabled-")) return true;
  if (build.host_goos.empty() || build.host_goos == "darwin" || score >= causes::sure) return false;
  return of_macos_only(cause.slug);
}

}  // namespace

std::vector<Candidate> explain_log(const Log& log) {
  std::vector<Candidate> out = own_findings(log);
  if (!out.empty()) return out;
  for (const Matchers* topic : topics) {
    for (const Matcher& matcher : *topic) {
      const Cause& cause = *entry(matcher.code).cause;
      Proof proof;
      const int score = matcher.match(log, proof);
      if (score < least_score || contradicted(cause, log.build, score)) continue;
      out.push_back(make_candidate(cause, log, score, std::move(proof)));
    }
  }
  put_roots_first(log, out);
  put_general_last(out);
  // Equal scores: what stands earlier in the log is nearer to the root.
  std::ranges::stable_sort(out, [](const Candidate& a, const Candidate& b) {
    if (a.score != b.score) return a.score > b.score;
    const std::size_t first = a.lines.empty() ? SIZE_MAX : a.lines.front();
    const std::size_t second = b.lines.empty() ? SIZE_MAX : b.lines.front();
    return first < second;
  });
  return out;
}

std::vector<Code> matched_causes() {
  std::vector<Code> out;
  for (const Matchers* topic : topics) {
    for (const Matcher& matcher : *topic) out.push_back(matcher.code);
  }
  return out;
}

std::string_view confidence_word(int score) {
  if (score >= causes::sure) return "certain";
  return score >= causes::likely ? "likely" : "possible";
}

}  // namespace tenon
