#include "codesign/verify/request.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "codesign/blob/os_status.h"
#include "codesign/requirement/requirement.h"
#include "codesign/usage.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/policy.h"
#include "codesign/verify/requirements.h"
#include "diag/finding.h"

namespace tenon::codesign {

Outcome<Demands> read_demands(const VerifyRequest& request,
                              const requirement::CertificateFile& file) {
  constexpr std::string_view command = "tenon verify";
  for (const std::string& rule : request.rules) {
    if (is_policy(rule)) continue;
    std::vector<std::string> names;
    for (const PolicyName& each : policy_names()) names.emplace_back(each.name);
    return usage_error(
        fmt::format("--require: unknown rule '{}'; known rules: {}", rule, join(names, ", ")),
        command);
  }
  for (const std::string& word : request.allowed) {
    if (word == allow_downgrade || word == allow_mixed_signers) continue;
    return usage_error(fmt::format("--allow: unknown word '{}'; known words: {}, {}", word,
                                   allow_downgrade, allow_mixed_signers),
                       command);
  }
  Demands out{request.rules, std::nullopt};
  if (!request.requirement) return out;
  auto wanted = requirement::compile(requirement_text(*request.requirement), file);
  if (!wanted) {
    return usage_error(
        fmt::format("--requirement: {} (at {})", wanted.error().message, wanted.error().offset),
        command);
  }
  out.requirement = *std::move(wanted);
  return out;
}

void apply_demands(const Demands& demands, FileVerdict& file) {
  apply_policy(demands.rules, file);
  if (!demands.requirement) return;
  for (SliceVerdict& slice : file.slices) {
    if (!slice.is_signed()) continue;
    apply_requirement(*demands.requirement, "--requirement", OS_REQ_FAILED, slice);
  }
}

}  // namespace tenon::codesign
