// Requirements of signed code: which one it has, and whether it keeps it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/lifetime.h"
#include "codesign/blob/codesign.h"
#include "codesign/requirement/evaluate.h"
#include "codesign/verify/file_verdict.h"

namespace tenon::codesign {

// The text behind the '=' with which codesign marks a requirement that is no file.
[[nodiscard]] inline std::string_view requirement_text(
    std::string_view argument TENON_LIFETIMEBOUND) {
  return argument.starts_with('=') ? argument.substr(1) : argument;
}

[[nodiscard]] std::vector<requirement::CertificateFacts> certificate_facts(
    const std::vector<cms::Certificate>& chain);

// What the evaluator asks of a slice, which is borrowed.
[[nodiscard]] requirement::Context requirement_context(const SliceVerdict& slice);

// Fills in the designated requirement of `out` and lets its trust depend on it. A signature without
// certificate over the requirement of a former signer is invalid unless that is allowed.
void judge_requirement(const Signature& signature, bool allow_downgrade, SliceVerdict& out);

// Holds a slice against another requirement; a failure makes its trust invalid, or unknown.
void apply_requirement(const requirement::Expression& wanted, const std::string& where, OsStatus os,
                       SliceVerdict& out);

}  // namespace tenon::codesign
