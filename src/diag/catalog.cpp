#include "diag/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "base/shown.h"
#include "base/template.h"
#include "base/text.h"
#include "diag/catalog.inc"  // made by scripts/make_catalog.py
#include "diag/codes.h"
#include "diag/finding.h"

namespace tenon {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

Fix make_fix(const FixText& text, const Captures& captures) {
  Fix fix{text.safety, Shown::of(fill(text.text, captures)), {}};
  ShellCommand command;
  for (const std::string_view word : text.argv) {
    command.push_back(ShellWord::filled(word, captures));
  }
  if (!command.empty()) fix.commands.push_back(std::move(command));
  return fix;
}

void add_paragraph(std::string& out, std::string_view head, std::string_view text) {
  if (text.empty()) return;
  out += "## ";
  out += head;
  out += "\n";
  out += text;
  out += "\n\n";
}

}  // namespace

const CodeEntry& entry(Code code) { return entries[static_cast<std::size_t>(code)]; }

std::optional<Code> find_code(std::string_view code_or_slug) {
  if (code_or_slug.empty()) return std::nullopt;  // Code::none is no answer
  const std::string code = upper(code_or_slug);
  const auto* found = std::ranges::find_if(
      entries, [&](const CodeEntry& one) { return one.code == code || one.slug == code_or_slug; });
  if (found == std::end(entries)) return std::nullopt;
  return static_cast<Code>(found - std::begin(entries));
}

std::string_view code_text(Code code) { return entry(code).code; }

std::string_view slug_of(Code code) { return entry(code).slug; }

std::span<const CodeArea> code_areas() { return code_tables; }

std::span<const CodeArea> cause_topics() { return cause_tables; }

const Cause* find_cause(std::string_view code_or_slug) {
  const auto code = find_code(code_or_slug);
  return code ? entry(*code).cause : nullptr;
}

std::string code_page(const CodeEntry& texts) {
  std::string out;
  if (!texts.retired.empty()) out = fmt::format("Retired: {}\n\n", texts.retired);
  return out + (texts.page.empty() ? cause_page(*texts.cause) : std::string(trim(texts.page)));
}

std::string_view code_text(const Cause& cause) {
  return cause.own_code.empty() ? code_text(cause.code) : cause.own_code;
}

std::string cause_page(const Cause& cause) {
  std::string out;
  add_paragraph(out, "What happens", cause.happens);
  if (!cause.since.empty())
    add_paragraph(out, "Since when", fmt::format("{}: {}.", cause.since, cause.versions));
  add_paragraph(out, "How to tell", cause.tell);
  add_paragraph(out, "How to fix it", cause.fix);
  for (const CommandText& command : cause.commands) {
    out += fmt::format("    {}\n", quoted(filled_command(command.words, {})).text());
  }
  if (!cause.commands.empty()) out += "\n";
  add_paragraph(out, "How to prevent it", cause.prevent);
  if (cause.harmless)
    add_paragraph(out, "Harmless", "It does not cause a failure; look for another error.");
  std::string rivals;
  for (const Code rival : cause.rivals) {
    rivals += (rivals.empty() ? "" : ", ") + std::string(slug_of(rival));
  }
  if (!rivals.empty()) {
    if (!cause.decide.words.empty())
      rivals += ". What decides: `" + quoted(filled_command(cause.decide.words, {})).text() + "`";
    add_paragraph(out, "Not to be confused with", rivals);
  }
  return out;
}

Finding make_finding(Code code, const Captures& captures, std::string subject) {
  const CodeEntry& texts = entry(code);
  Finding finding;
  finding.code = code;
  finding.subject = std::move(subject);
  // An empty value is seen, and not the name of its place.
  Captures values = captures;
  for (auto& [name, value] : values) {
    if (value.empty()) value = "''";
  }
  finding.message = Shown::of(fill(texts.message, values));
  finding.severity = texts.severity;
  for (const FixText& fix : texts.fixes) finding.fixes.push_back(make_fix(fix, captures));
  return finding;
}

Finding completed(Finding finding) {
  if (finding.code == Code::none) return finding;
  Finding full = make_finding(finding.code, {}, std::move(finding.subject));
  if (!finding.message.empty()) full.message = std::move(finding.message);
  if (!finding.fixes.empty()) full.fixes = std::move(finding.fixes);
  full.evidence = std::move(finding.evidence);
  full.confidence = finding.confidence;
  return full;
}

}  // namespace tenon
