#include "diagnose/causes/causes.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "diagnose/causes/commands.h"
#include "diagnose/causes/own_findings.h"

namespace tenon {

extern const CauseTopic causes_compiler, causes_arch, causes_cross, causes_zig, causes_go,
    causes_link, causes_run, causes_sign, causes_other, causes_plain, causes_general;

namespace {

constexpr std::array<const CauseTopic*, 11> topics{
    &causes_compiler, &causes_arch, &causes_cross, &causes_zig,   &causes_go,     &causes_link,
    &causes_run,      &causes_sign, &causes_other, &causes_plain, &causes_general};

void add_paragraph(std::string& out, std::string_view head, std::string_view text) {
  if (text.empty()) return;
  out += "## ";
  out += head;
  out += "\n";
  out += text;
  out += "\n\n";
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

}  // namespace

std::span<const CauseTopic* const> cause_topics() { return topics; }

const Cause* find_cause(std::string_view code_or_slug) {
  const std::string code = upper(code_or_slug);
  for (const CauseTopic* topic : topics) {
    for (const Cause& cause : topic->causes) {
      if (cause.slug == code_or_slug || cause.code == code) return &cause;
    }
  }
  return nullptr;
}

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
  for (const CauseTopic* topic : topics) {
    for (const Cause& cause : topic->causes) {
      Proof proof;
      const int score = cause.match(log, proof);
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

std::string_view confidence_word(int score) {
  if (score >= causes::sure) return "certain";
  return score >= causes::likely ? "likely" : "possible";
}

std::string cause_page(const Cause& cause) {
  std::string out;
  add_paragraph(out, "What happens", cause.happens);
  add_paragraph(out, "How to tell", cause.tell);
  add_paragraph(out, "How to fix it", cause.fix);
  for (const std::string_view command : cause.commands) {
    if (!command.empty()) out += "    " + std::string(command) + "\n";
  }
  if (!cause.commands.front().empty()) out += "\n";
  add_paragraph(out, "How to prevent it", cause.prevent);
  if (cause.harmless)
    add_paragraph(out, "Harmless", "Not the reason of a failure: look elsewhere.");
  std::string rivals;
  for (const std::string_view rival : cause.rivals) {
    if (!rival.empty()) rivals += (rivals.empty() ? "" : ", ") + std::string(rival);
  }
  if (!rivals.empty()) {
    if (!cause.decide.empty()) rivals += ". What decides: `" + std::string(cause.decide) + "`";
    add_paragraph(out, "Not to be confused with", rivals);
  }
  return out;
}

}  // namespace tenon
