// A finding as Data and back, nothing lost: the trace of the compiler wrapper and reports of other
// machines carry it. The keys are those of the JSON envelope, which has the slug of the code too.
#pragma once

#include <array>

#include "base/shell_word.h"
#include "base/shown.h"
#include "diag/finding.h"
#include "diag/wire.h"

namespace tenon {

namespace wire {

// "TN0204"; empty for none. A code that is not in the catalogue is refused: nothing can be said of
// it.
template <>
struct TextForm<Code> {
  static std::string write(Code code) { return std::string(code_text(code)); }
  static std::optional<Code> read(std::string_view text) {
    return text.empty() ? Code{} : find_code(text);
  }
};

template <>
struct TextForm<Shown> {
  static std::string write(const Shown& text) { return text.text(); }
  static std::optional<Shown> read(std::string_view text) { return Shown::of(text); }
};

template <>
struct TextForm<ShellWord> {
  static std::string write(const ShellWord& word) { return word.argument(); }
  static std::optional<ShellWord> read(std::string_view word) { return ShellWord::again(word); }
};

template <>
struct EnumNames<Severity> {
  static constexpr std::array values{Severity::error, Severity::warning, Severity::note};
  static std::string_view name(Severity value) { return severity_name(value); }
};

template <>
struct EnumNames<Confidence> {
  static constexpr std::array values{Confidence::certain, Confidence::likely, Confidence::possible};
  static std::string_view name(Confidence value) { return confidence_name(value); }
};

template <>
struct EnumNames<Fix::Safety> {
  static constexpr std::array values{Fix::Safety::safe, Fix::Safety::review, Fix::Safety::manual};
  static std::string_view name(Fix::Safety value) { return safety_name(value); }
};

template <>
struct EnumNames<Evidence::Kind> {
  static constexpr std::array values{Evidence::Kind::file, Evidence::Kind::log,
                                     Evidence::Kind::fact, Evidence::Kind::command};
  static std::string_view name(Evidence::Kind value) { return evidence_name(value); }
};

template <>
struct Fields<Evidence> {
  static void visit(auto& x, auto visitor) {
    visitor("kind", x.kind);
    visitor("where", x.where);
    visitor("text", x.text);
  }
};

template <>
struct Fields<Fix> {
  static void visit(auto& x, auto visitor) {
    visitor("text", x.text);
    visitor("safety", x.safety);
    visitor("commands", x.commands);
  }
};

template <>
struct Fields<Finding> {
  static void visit(auto& x, auto visitor) {
    visitor("code", x.code);
    visitor("severity", x.severity);
    visitor("subject", x.subject);
    visitor("message", x.message);
    visitor("confidence", x.confidence);
    visitor("evidence", x.evidence);
    visitor("fixes", x.fixes);
    visitor("own_code", x.own_code);
    visitor("own_slug", x.own_slug);
  }
};

}  // namespace wire

[[nodiscard]] Data finding_data(const Finding& finding);
[[nodiscard]] Result<Finding> finding_from(const Data& data);

}  // namespace tenon
