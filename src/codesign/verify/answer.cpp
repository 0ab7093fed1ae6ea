#include "codesign/verify/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/shown.h"
#include "codesign/mapping/mapping.h"
#include "codesign/resources/layout.h"
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

// A cause that makes a part of a slice invalid.
struct Blame {
  const SliceVerdict* slice;
  Code code;
  const Cause* cause;
};

std::vector<Blame> blames_of(const FileVerdict& file) {
  std::vector<Blame> out;
  for (const SliceVerdict& slice : file.slices) {
    const auto add = [&](const Verdict& part, Code code) {
      if (part.state != State::invalid) return;
      for (const Cause& cause : part.causes) {
        const Code special = finding_code_of_cause(cause.code);
        out.push_back({&slice, special == Code::none ? code : special, &cause});
      }
    };
    add(slice.integrity, Code::verify_changed_after_signing);
    add(slice.identity, Code::verify_identity_not_proven);
    add(slice.trust, Code::verify_not_trusted);
  }
  return out;
}

// With the status that Apple's Security framework returns.
std::string text_of(const Cause& cause) {
  if (cause.os_name.empty()) return cause.message;
  return fmt::format("{} [{} {}]", cause.message, cause.os_name, cause.os_status);
}

// Signing again does not bring back what its publisher signed.
Fix fix_of_others() {
  return {Fix::Safety::manual,
          "get the file from its publisher again; if you are the publisher, sign it again with the "
          "same identity, as the last step",
          {}};
}

// The first cause is the message; all of them are its evidence.
Finding finding_of(const std::string& path, const std::vector<Blame>& blames) {
  constexpr std::size_t most_listed = 12;
  const Blame& first = blames.front();
  std::string message = text_of(*first.cause);
  if (blames.size() > 1) message += fmt::format(" ({} more)", blames.size() - 1);
  Finding out =
      make_finding(first.code,
                   {{"arch", first.slice->arch},
                    {"where", first.cause->where},
                    {"message", message},
                    {"value", first.slice->arch + ": " + first.cause->where + ": " + message},
                    {"path", path}},
                   path);
  for (std::size_t i = 0; i < std::min(blames.size(), most_listed); ++i) {
    const Blame& each = blames[i];
    const std::string arch = each.slice == first.slice ? "" : each.slice->arch + ": ";
    out.evidence.push_back({Evidence::Kind::file, arch + each.cause->where, text_of(*each.cause)});
  }
  if (blames.size() > most_listed) {
    out.evidence.push_back(
        {Evidence::Kind::file, path,
         fmt::format("{} more causes: --json lists all of them", blames.size() - most_listed)});
  }
  const bool of_others = first.slice->cms && first.code == Code::verify_changed_after_signing;
  if (of_others) out.fixes = {fix_of_others()};
  if (first.cause->code == links_lost_code) {
    out.fixes = {{Fix::Safety::manual, Shown::of(resources::lost_links_fix), {}}};
  }
  return out;
}

// Nothing when it is signed and nothing is invalid. That a slice is wrong says more than that
// another is not signed.
std::optional<Finding> finding_of(const VerifyAnswer& answer) {
  const std::vector<Blame> blames = blames_of(answer.file);
  if (!blames.empty()) return finding_of(answer.path, blames);
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
  out.add("ticket_covers", answer.ticket_covers ? Data(*answer.ticket_covers) : Data());
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

bool is_container(const VerifyAnswer& answer) {
  if (answer.file.slices.empty()) return false;
  const std::string& type = answer.file.slices.front().type;
  return type == image_type || type == package_type;
}

Data container_data(const VerifyAnswer& answer) {
  Data out = Data::object();
  out.add("path", answer.path);
  out.add("type", answer.file.slices.front().type);
  out.add("ticket", answer.ticket);
  out.add("ticket_covers", answer.ticket_covers ? Data(*answer.ticket_covers) : Data());
  return out;
}

// The ticket is worth nothing for this code; the signature is what it is.
Finding other_ticket(const VerifyAnswer& answer) {
  const std::string cdhash =
      answer.file.slices.empty() ? std::string() : answer.file.slices.front().cdhash;
  Finding out = make_finding(Code::notarize_ticket_of_other_code,
                             {{"path", answer.path}, {"cdhash", cdhash}}, answer.path);
  out.severity = Severity::warning;
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
  out.ticket_covers = verdict.ticket_covers;
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
       advice = Data::array(), containers = Data::array();
  for (const VerifyAnswer& answer : result.answers) {
    for (const SliceVerdict& slice : answer.file.slices) {
      slices.push(slice_verdict_data(answer.path, slice));
    }
    report.text += verdict_text(answer, verbose, style);
    if (auto finding = finding_of(answer)) report.findings.push_back(*std::move(finding));
    if (!answer.file.warnings.empty()) warnings.push(warnings_data(answer));
    if (answer.advice) advice.push(advice_data(answer.path, *answer.advice));
    if (!answer.bundle.empty()) bundles.push(bundle_data(answer));
    if (is_container(answer)) containers.push(container_data(answer));
    if (answer.ticket_covers == false) report.findings.push_back(other_ticket(answer));
  }
  report.data.add("slices", std::move(slices));
  report.data.add("bundles", std::move(bundles));
  report.data.add("containers", std::move(containers));
  report.data.add("warnings", std::move(warnings));
  add_unread(result.unread, report);
  if (distribution) report.data.add("distribution", std::move(advice));
  report.findings.insert(report.findings.end(), result.findings.begin(), result.findings.end());
  report.ok = overall_state(result) == State::valid;
}

Finding not_verified(Shape shape, const std::string& path, const Error& error) {
  const char* what = error.what;
  if (shape == Shape::package) what = "the installer package is damaged";
  if (shape == Shape::disk_image) what = "the disk image is damaged";
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
