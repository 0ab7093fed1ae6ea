#include "rules/causes/causes.h"

#include <algorithm>
#include <array>

namespace tenon {

extern const CauseTopic causes_compiler, causes_arch, causes_zig, causes_go, causes_link,
    causes_run, causes_other;

namespace {

constexpr std::array<const CauseTopic*, 7> topics{&causes_compiler, &causes_arch, &causes_zig,
                                                  &causes_go,       &causes_link, &causes_run,
                                                  &causes_other};

// A candidate below this is a guess, and a guess costs more than an honest "unknown".
constexpr int least_score = 20;

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

std::vector<Candidate> explain_log(const Log& log) {
  std::vector<Candidate> out;
  for (const CauseTopic* topic : topics) {
    for (const Cause& cause : topic->causes) {
      Proof proof;
      const int score = cause.match(log, proof);
      if (score < least_score) continue;
      std::ranges::sort(proof.lines);
      const auto repeated = std::ranges::unique(proof.lines);
      proof.lines.erase(repeated.begin(), repeated.end());
      out.push_back(
          {&cause, std::min(score, 100), std::move(proof.lines), std::move(proof.captures)});
    }
  }
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
