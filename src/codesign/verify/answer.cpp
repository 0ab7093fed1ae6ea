#include "codesign/verify/answer.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "codesign/mapping/mapping.h"
#include "codesign/verdict.h"
#include "codesign/verify/distribution.h"
#include "codesign/verify/file_verdict.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diag/unread.h"

namespace tenon::codesign {
namespace {

// The finding of the first part of a slice that is invalid.
std::optional<Finding> finding_of(const VerifyAnswer& answer, const SliceVerdict& slice) {
  struct Part {
    Code code;
    const Verdict* verdict;
  };
  const Part parts[] = {{Code::verify_changed_after_signing, &slice.integrity},
                        {Code::verify_identity_not_proven, &slice.identity},
                        {Code::verify_not_trusted, &slice.trust}};
  for (const Part& part : parts) {
    if (part.verdict->state != State::invalid) continue;
    const Cause& cause = part.verdict->cause();
    const Code special = finding_code_of_cause(cause.code);
    Finding finding =
        make_finding(special == Code::none ? part.code : special,
                     {{"arch", slice.arch},
                      {"where", cause.where},
                      {"message", cause.message},
                      {"value", slice.arch + ": " + cause.where + ": " + cause.message},
                      {"path", answer.path}},
                     answer.path);
    finding.evidence.push_back({Evidence::Kind::file, cause.where, cause.message});
    return finding;
  }
  return std::nullopt;
}

// The gravest cause of a path; nothing when it is signed and nothing is invalid. That a slice is
// wrong says more than that another is not signed.
std::optional<Finding> finding_of(const VerifyAnswer& answer) {
  for (const SliceVerdict& slice : answer.file.slices) {
    if (auto finding = finding_of(answer, slice)) return finding;
  }
  if (answer.file.is_signed()) return std::nullopt;
  for (const SliceVerdict& slice : answer.file.slices) {
    if (slice.is_signed()) continue;
    return make_finding(Code::verify_not_signed, {{"arch", slice.arch}, {"path", answer.path}},
                        answer.path);
  }
  return std::nullopt;
}

Data bundle_data(const VerifyAnswer& answer) {
  Data out = Data::object();
  out.add("path", answer.path);
  out.add("layout", answer.bundle);
  out.add("sealed_files", static_cast<std::int64_t>(answer.sealed));
  out.add("ticket", answer.ticket);
  Data nested = Data::array();
  for (const FileVerdict& each : answer.nested) nested.push(nested_verdict_data(each));
  out.add("nested", std::move(nested));
  return out;
}

Data warnings_data(const VerifyAnswer& answer) {
  Data out = Data::object();
  out.add("path", answer.path);
  out.add("warnings", causes_data(answer.file.warnings));
  return out;
}

}  // namespace

VerifyAnswer answer_of_bundle(const std::string& path, BundleVerdict verdict) {
  VerifyAnswer out;
  out.path = path;
  out.file = std::move(verdict.main);
  out.nested = std::move(verdict.nested);
  out.bundle = std::move(verdict.layout);
  out.sealed = verdict.sealed;
  out.ticket = verdict.ticket;
  return out;
}

State overall_state(const VerifyResult& result) {
  if (!result.unread.empty()) return State::unknown;
  State worst = State::absent;
  bool all_signed = true;
  for (const VerifyAnswer& answer : result.answers) {
    worst = std::max(worst, answer.file.state());
    all_signed = all_signed && (answer.file.slices.empty() || answer.file.is_signed());
  }
  if (worst == State::invalid || !all_signed) return State::invalid;
  const bool judged = !result.answers.empty() && result.findings.empty();
  return judged && worst != State::unknown ? State::valid : State::unknown;
}

void add_to_report(const VerifyResult& result, bool distribution, bool verbose,
                   const TextStyle& style, Report& report) {
  Data slices = Data::array(), bundles = Data::array(), warnings = Data::array(),
       advice = Data::array();
  for (const VerifyAnswer& answer : result.answers) {
    for (const SliceVerdict& slice : answer.file.slices) {
      slices.push(slice_verdict_data(answer.path, slice));
    }
    report.text += verdict_text(answer, verbose, style);
    if (auto finding = finding_of(answer)) report.findings.push_back(*std::move(finding));
    if (!answer.file.warnings.empty()) warnings.push(warnings_data(answer));
    if (answer.advice) advice.push(advice_data(answer.path, *answer.advice));
    if (!answer.bundle.empty()) bundles.push(bundle_data(answer));
  }
  report.data.add("slices", std::move(slices));
  report.data.add("bundles", std::move(bundles));
  report.data.add("warnings", std::move(warnings));
  add_unread(result.unread, report);
  if (distribution) report.data.add("distribution", std::move(advice));
  report.findings.insert(report.findings.end(), result.findings.begin(), result.findings.end());
  report.ok = overall_state(result) == State::valid;
}

Finding not_verified(Shape shape, const std::string& path, const Error& error) {
  const char* what = error.what;
  if (shape == Shape::package) what = "signatures of installer packages are not read";
  if (shape == Shape::disk_image) what = "signatures of disk images are not read";
  Finding out =
      make_finding(Code::verify_not_readable_here, {{"path", path}, {"reason", what}}, path);
  if (shape == Shape::package || shape == Shape::disk_image) return out;
  // Nothing on a Mac verifies it either.
  out.fixes.clear();
  if (shape == Shape::archive || shape == Shape::object) {
    out.fixes.push_back({Fix::Safety::manual, "sign the program that it is linked into", {}});
  }
  return out;
}

}  // namespace tenon::codesign
