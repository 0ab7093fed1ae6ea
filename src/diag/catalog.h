// The catalogue: what each code means, and findings made from its texts.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/template.h"
#include "diag/codes.h"
#include "diag/finding.h"

namespace tenon {

// A fix with {placeholders}; `argv` is empty when a person has to act.
struct FixText {
  Fix::Safety safety = Fix::Safety::manual;
  std::string_view text;
  std::span<const std::string_view> argv;
};

// A command as a list of words with {placeholders}: no word is split again and none goes through a
// shell, whatever it is filled with.
struct CommandText {
  std::span<const std::string_view> words;
};

// A cause of failure that a log can betray. How it does is known to diagnose.
struct Cause {
  Code code = Code::none;
  std::string_view slug;
  std::string_view title;  // at most 60 characters
  // The page, one paragraph each. {names} are filled from the log where it is explained.
  std::string_view happens, tell, fix, prevent;
  // Commands that fix it.
  std::span<const CommandText> commands;
  // What the log alone may not be able to tell it from, and the command that decides.
  std::span<const Code> rivals;
  CommandText decide;  // no words: nothing decides
  // Of what broke at a known time: the month from which it is met, "2025-09", and the releases that
  // it concerns. Empty for what has no date.
  std::string_view since = {}, versions = {};
  // Of a team's own cause, which has no Code.
  std::string_view own_code = {};
  bool harmless = false;
  bool general = false;   // stands behind every cause that says why
  bool installs = false;  // a package of the system mends it, when its name is known
};

// The line of `tenon doctor` that a finding counts in.
enum class Group {
  none,
  system,
  go,
  compiler,
  apple,
  identities,
  packages,
  cross,
  storage,
  network,
  project,
};

// The least severity with which a finding about the machine explains that C does not build.
enum class ExplainsC { note, warning, error, never };

struct CodeEntry {
  std::string_view code;  // "TN0201": two digits of area, two of its own
  std::string_view slug;  // "cgo/disabled-needs-cgo"
  Severity severity = Severity::error;
  Group group = Group::none;
  ExplainsC explains_c = ExplainsC::warning;
  // An error of the gate is a warning of inspect, where somebody asks what a file is like. This one
  // is not.
  bool inspect_keeps_severity = false;
  std::string_view title;    // at most 60 characters
  std::string_view message;  // one sentence with {placeholders}; empty for a mere cause
  std::span<const FixText> fixes;
  // Markdown with the sections "What happens", "How to see it", "How to fix it". A fenced block
  // ```log holds lines that a build explains by this code. Empty for a mere cause, whose page is
  // made of its paragraphs.
  std::string_view page;
  std::string_view retired;      // why nothing says it any more, and what stands for it
  const Cause* cause = nullptr;  // nullptr when no log betrays it
};

// The codes of one file of the catalogue, in its order.
struct CodeArea {
  std::string_view name;
  std::string_view prefix;  // the first four characters of its codes, "TN02"; empty for causes
  std::span<const Code> codes;
};

// What commands find, by area.
[[nodiscard]] std::span<const CodeArea> code_areas();
// What logs betray, by topic. Codes that are both are in both lists.
[[nodiscard]] std::span<const CodeArea> cause_topics();

// By code (any case) or slug; nullptr when there is none.
[[nodiscard]] const Cause* find_cause(std::string_view code_or_slug);
// The page of a code: that of what a command finds, without blanks around it, or that of its cause.
// A retired code first says what stands for it.
[[nodiscard]] std::string code_page(const CodeEntry& texts);
// The page of a cause: Markdown with the same sections for all.
[[nodiscard]] std::string cause_page(const Cause& cause);
// "TN2007", or that of a team.
[[nodiscard]] std::string_view code_text(const Cause& cause);

// A finding from the entry's texts, placeholders filled: in sentences with the shown value, in
// commands with a quoted word.
[[nodiscard]] Finding make_finding(Code code, const Captures& captures, std::string subject = {});

// Fills severity, message and fixes of a finding that has only a code, from its entry; its own
// message and fixes stay when it has them.
[[nodiscard]] Finding completed(Finding finding);

}  // namespace tenon
