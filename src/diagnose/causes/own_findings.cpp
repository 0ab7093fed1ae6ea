#include "diagnose/causes/own_findings.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/shell_word.h"
#include "base/shown.h"
#include "base/template.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diagnose/causes/causes.h"
#include "diagnose/causes/install.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"

namespace tenon {
namespace {

// A cause with the texts of a finding: codes that no log betrays have no cause of their own.
Cause cause_of(Code code) {
  const CodeEntry& texts = entry(code);
  Cause out;
  out.code = code;
  out.slug = texts.slug;
  out.title = texts.title;
  out.happens = texts.message;
  if (!texts.fixes.empty()) out.fix = texts.fixes.front().text;
  return out;
}

const Cause* cause_for(std::string_view text) {
  const auto code = find_code(text);
  if (!code) return nullptr;
  if (const Cause* cause = entry(*code).cause) return cause;
  static const std::vector<Cause> made = [] {
    std::vector<Cause> out;
    for (const CodeArea& area : code_areas()) {
      for (const Code one : area.codes) out.push_back(cause_of(one));
    }
    return out;
  }();
  return &*std::ranges::find(made, *code, &Cause::code);
}

// "SUBJECT: MESSAGE": a subject is a package, a target or a path.
Shown message_of(std::string_view text) {
  const std::size_t colon = text.find(": ");
  const bool subject = colon != text.npos && !text.substr(0, colon).contains(' ');
  return Shown::of(subject ? text.substr(colon + 2) : text);
}

// Whether the words are those of a template, with any name in its places.
bool fits(std::span<const std::string_view> words, const std::vector<std::string>& argv) {
  if (words.size() != argv.size()) return false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool named = match("^" + std::string(words[i]) + "$", argv[i]).has_value();
    if (argv[i] != words[i] && !named) return false;
  }
  return true;
}

// Whether a command is one that a finding of this code has: a log may hold any text.
bool is_own(const std::vector<std::string>& argv, Code code) {
  if (argv.empty()) return false;
  if (is_install_command(argv)) return true;
  const CodeEntry& texts = entry(code);
  for (const FixText& fix : texts.fixes) {
    if (fits(fix.argv, argv)) return true;
  }
  if (texts.cause == nullptr) return false;
  return std::ranges::any_of(texts.cause->commands,
                             [&](const CommandText& command) { return fits(command.words, argv); });
}

ShellCommand words_again(const std::vector<std::string>& argv) {
  ShellCommand out;
  for (const std::string& word : argv) out.push_back(ShellWord::again(word));
  return out;
}

// The lines below, up to the one that ends each finding.
void read_fixes(const Log& log, std::size_t number, Candidate& out) {
  const auto& lines = log.lines();
  auto line = std::ranges::find(lines, number, &LogLine::number);
  if (line == lines.end()) return;
  for (++line; line != lines.end(); ++line) {
    const std::string_view text = line->text;
    if (text.starts_with("more: tenon explain ") || text.contains("[TN")) return;
    if (text.starts_with("fix: ")) {
      if (!out.fix.empty()) out.fix += "; ";
      out.fix += Shown::of(text.substr(5));
    } else if (text.starts_with("$ ")) {
      auto argv = go_split(text.substr(2));
      if (argv && is_own(*argv, out.cause->code)) out.commands.push_back(words_again(*argv));
    }
  }
}

}  // namespace

std::vector<Candidate> own_findings(const Log& log) {
  std::vector<Candidate> out;
  for (const LogEvent& event : log.events) {
    if (event.kind != EventKind::finding || event.weight != Weight::failure) continue;
    const Cause* cause = cause_for("TN" + std::string(event.get("number")));
    if (cause == nullptr) continue;
    Candidate& one = out.emplace_back();
    one.cause = cause;
    one.sureness = Sureness::certain;
    one.lines = {event.line};
    one.message = message_of(event.get("text"));
    read_fixes(log, event.line, one);
    if (one.fix.empty()) one.fix = Shown::of(cause->fix);
  }
  return out;
}

}  // namespace tenon
