// tenon/verify.h for bytes. Public structs are copies of internal ones, field by field, so that
// these may change without a new version of the API.
#include "codesign/verify/api.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "codesign/blob/os_status.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/signing.h"
#include "codesign/requirement/requirement.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/policy.h"
#include "codesign/verify/requirements.h"
#include "codesign/verify/verify.h"
#include "tenon/verify.h"

namespace tenon::codesign {
namespace {

api::SignatureState public_state(State state) {
  switch (state) {
    case State::absent: return api::SignatureState::none;
    case State::valid: return api::SignatureState::valid;
    case State::unknown: return api::SignatureState::unknown;
    case State::invalid: return api::SignatureState::invalid;
  }
  return api::SignatureState::unknown;
}

std::vector<api::SignatureProblem> public_problems(std::vector<Cause>& causes) {
  std::vector<api::SignatureProblem> out;
  for (Cause& cause : causes) {
    out.push_back({std::move(cause.code), std::move(cause.message), std::move(cause.where),
                   std::move(cause.os_name), cause.os_status});
  }
  return out;
}

api::SignatureJudgement public_judgement(Verdict& verdict) {
  return {public_state(verdict.state), public_problems(verdict.causes)};
}

api::SignatureCertificate public_certificate(const cms::Certificate& certificate) {
  return {.subject = std::string(certificate.subject.common_name()),
          .issuer = std::string(certificate.issuer.common_name()),
          .organization = std::string(certificate.subject.organization()),
          .team = std::string(certificate.subject.unit()),
          .sha256 = hex(certificate.sha256),
          .not_before = certificate.not_before,
          .not_after = certificate.not_after};
}

api::SignatureSlice public_slice(SliceVerdict slice) {
  api::SignatureSlice out;
  out.arch = std::move(slice.arch);
  out.type = std::move(slice.type);
  out.kind = kind_slug(slice.kind);
  out.identifier = std::move(slice.identifier);
  out.team = std::move(slice.team);
  out.cdhash = std::move(slice.cdhash);
  out.flags = flag_names(slice.flags);
  out.integrity = public_judgement(slice.integrity);
  out.identity = public_judgement(slice.identity);
  out.trust = public_judgement(slice.trust);
  out.warnings = public_problems(slice.warnings);
  out.requirement = std::move(slice.requirement);
  out.entitlements = std::move(slice.entitlements_xml).value_or("");
  if (!slice.cms) return out;
  for (const auto& each : slice.cms->certificates) {
    out.certificates.push_back(public_certificate(each));
  }
  out.signing_time = slice.cms->signing_time;
  if (slice.cms->token) out.timestamp = slice.cms->token->time;
  return out;
}

std::vector<api::SignatureSlice> public_slices(FileVerdict& file) {
  std::vector<api::SignatureSlice> out;
  for (SliceVerdict& slice : file.slices) out.push_back(public_slice(std::move(slice)));
  return out;
}

std::string rule_names() {
  std::string out;
  for (const PolicyName& each : policy_names()) {
    if (!out.empty()) out += ", ";
    out += each.name;
  }
  return out;
}

// What the caller asks beyond a valid signature. Both texts were checked by internal_options().
void apply_wishes(const api::VerifyOptions& options, FileVerdict& file) {
  apply_policy(options.require, file);
  if (options.requirement.empty()) return;
  const auto wanted = requirement::compile(options.requirement);
  for (SliceVerdict& slice : file.slices) {
    if (wanted && slice.is_signed()) {
      apply_requirement(*wanted, "requirement", OS_REQ_FAILED, slice);
    }
  }
}

}  // namespace

Result<VerifyOptions, std::string> internal_options(const api::VerifyOptions& options) {
  VerifyOptions out;
  out.strict = options.strict;
  out.threads = options.threads != 0 ? options.threads
                                     : std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
  for (const std::string& text : options.trusted_roots) {
    const ByteView bytes(text.data(), text.size());
    auto roots = cms::read_certificates({"a trusted root", bytes});
    if (!roots) return std::unexpected(roots.error().what);
    std::ranges::move(*roots, std::back_inserter(out.trust.roots));
  }
  const auto unknown = std::ranges::find_if_not(
      options.require, [](const std::string& rule) { return is_policy(rule); });
  if (unknown != options.require.end()) {
    return std::unexpected(
        fmt::format("unknown rule '{}'; known rules: {}", *unknown, rule_names()));
  }
  if (options.requirement.empty()) return out;
  if (const auto wanted = requirement::compile(options.requirement); !wanted) {
    return std::unexpected(
        fmt::format("requirement: {} (at {})", wanted.error().message, wanted.error().offset));
  }
  return out;
}

void fill_report(FileVerdict file, const api::VerifyOptions& options, api::SignatureReport& out) {
  apply_wishes(options, file);
  out.all_signed = file.is_signed();
  out.warnings = public_problems(file.warnings);
  out.slices = public_slices(file);
}

void fill_report(BundleVerdict bundle, const api::VerifyOptions& options,
                 api::SignatureReport& out) {
  out.bundle = std::move(bundle.layout);
  out.sealed_files = bundle.sealed;
  out.ticket = bundle.ticket;
  for (FileVerdict& each : bundle.nested) {
    out.nested.push_back({std::move(each.path), public_slices(each)});
  }
  fill_report(std::move(bundle.main), options, out);
}

}  // namespace tenon::codesign

namespace tenon::api::inline v1 {

std::string_view name(SignatureState state) {
  switch (state) {
    case SignatureState::none: return "none";
    case SignatureState::valid: return "valid";
    case SignatureState::unknown: return "unknown";
    case SignatureState::invalid: return "invalid";
  }
  return "unknown";
}

SignatureState SignatureSlice::state() const {
  return std::max({integrity.state, identity.state, trust.state});
}

SignatureState SignatureReport::state() const {
  SignatureState worst = error.empty() ? SignatureState::none : SignatureState::unknown;
  for (const SignatureSlice& slice : slices) worst = std::max(worst, slice.state());
  return worst;
}

bool SignatureReport::holds() const { return is_signed() && state() < SignatureState::unknown; }

SignatureReport verify_bytes(std::span<const std::byte> file, const VerifyOptions& options) {
  SignatureReport out;
  const auto internal = codesign::internal_options(options);
  if (!internal) {
    out.error = internal.error();
    return out;
  }
  auto verdict = codesign::verify_file(ByteView(file), *internal);
  if (verdict) {
    codesign::fill_report(*std::move(verdict), options, out);
  } else {
    out.error = verdict.error().what;
  }
  return out;
}

}  // namespace tenon::api::inline v1
