#include "diagnose/causes/causes.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "diagnose/causes/install.h"

namespace tenon {

extern const CauseTopic causes_compiler, causes_arch, causes_cross, causes_zig, causes_go,
    causes_link, causes_run, causes_sign, causes_other, causes_plain;

namespace {

constexpr std::array<const CauseTopic*, 10> topics{
    &causes_compiler, &causes_arch, &causes_cross, &causes_zig,   &causes_go,
    &causes_link,     &causes_run,  &causes_sign,  &causes_other, &causes_plain};

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

// "{name}" that nothing filled says NAME: to be put in by the reader.
std::string filled(std::string_view text, const Captures& captures) {
  std::string out = fill(text, captures);
  for (std::size_t at = out.find('{'); at != out.npos; at = out.find('{', at + 1)) {
    const std::size_t end = out.find('}', at);
    if (end == out.npos) break;
    const auto word = std::string_view(out).substr(at + 1, end - at - 1);
    const bool name =
        !word.empty() && std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
    if (name) out.replace(at, end - at + 1, upper(word));
  }
  return out;
}

// {target} and {compiler}: Debian's names of cross compilers, MinGW-w64's for Windows.
void add_target(const Log& log, Captures& captures) {
  struct Cross {
    std::string_view target, compiler;
  };
  constexpr std::array<Cross, 10> crosses{{{"linux/arm64", "aarch64-linux-gnu-gcc"},
                                           {"linux/amd64", "x86_64-linux-gnu-gcc"},
                                           {"linux/arm", "arm-linux-gnueabihf-gcc"},
                                           {"linux/386", "i686-linux-gnu-gcc"},
                                           {"linux/riscv64", "riscv64-linux-gnu-gcc"},
                                           {"linux/ppc64le", "powerpc64le-linux-gnu-gcc"},
                                           {"linux/s390x", "s390x-linux-gnu-gcc"},
                                           {"windows/amd64", "x86_64-w64-mingw32-gcc"},
                                           {"windows/386", "i686-w64-mingw32-gcc"},
                                           {"windows/arm64", "aarch64-w64-mingw32-clang"}}};
  if (log.goos.empty()) return;
  // The usual processor where none is named.
  const std::string target = log.goos + "/" + (log.goarch.empty() ? "amd64" : log.goarch);
  captures.emplace_back("target", target);
  for (const Cross& one : crosses) {
    if (one.target == target) captures.emplace_back("compiler", one.compiler);
  }
}

// tenon builds for macOS and Linux; not every target has a compiler with a name of its own.
bool applies(std::string_view command, const Log& log, const Captures& captures) {
  if (log.goos.empty()) return true;
  const bool ours = (log.goos == "darwin" || log.goos == "linux") &&
                    (log.goarch.empty() || log.goarch == "arm64" || log.goarch == "amd64");
  if (command.starts_with("tenon build")) return ours;
  return !command.contains("{compiler}") || !capture(captures, "compiler").empty();
}

// Commands are pasted into shells, and logs come from anywhere: a name with other signs than names
// have is left for the reader to put in.
Captures plain_names(const Captures& captures) {
  Captures out;
  for (const auto& one : captures) {
    const bool plain = std::ranges::all_of(one.second, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             std::string_view("._+-/:@%=,~\\").contains(c);
    });
    if (plain && !one.second.empty()) out.push_back(one);
  }
  return out;
}

std::vector<std::string> commands_of(const Cause& cause, const Log& log, const Captures& found) {
  const Captures captures = plain_names(found);
  std::vector<std::string> out;
  if (cause.installs) out = install_commands(log, captures);
  if (!out.empty()) return out;
  for (const std::string_view command : cause.commands) {
    if (!command.empty() && applies(command, log, captures))
      out.push_back(filled(command, captures));
  }
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
  add_target(log, proof.captures);
  std::ranges::sort(proof.lines);
  const auto repeated = std::ranges::unique(proof.lines);
  proof.lines.erase(repeated.begin(), repeated.end());
  return {.cause = &cause,
          .score = std::min(score, 100),
          .lines = std::move(proof.lines),
          .message = filled(cause.happens, proof.captures),
          .fix = filled(cause.fix, proof.captures),
          .decide = filled(cause.decide, proof.captures),
          .commands = commands_of(cause, log, proof.captures)};
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

}  // namespace

std::vector<Candidate> explain_log(const Log& log) {
  std::vector<Candidate> out;
  for (const CauseTopic* topic : topics) {
    for (const Cause& cause : topic->causes) {
      Proof proof;
      const int score = cause.match(log, proof);
      if (score < least_score) continue;
      out.push_back(make_candidate(cause, log, score, std::move(proof)));
    }
  }
  put_roots_first(log, out);
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
