#include "signing/requirements.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "signing/slice.h"

namespace tenon::signing {
namespace {

using requirement::Answer;
using requirement::Expression;

std::string bytes_of_hex(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    out += static_cast<char>(parse_number(digits.substr(i, 2), 16).value_or(0));
  }
  return out;
}

// The one that is stored, if it can be read.
std::optional<Expression> stored(const codesign::Signature& signature, SliceVerdict& out) {
  const codesign::Blob* blob = signature.find(codesign::CSSLOT_REQUIREMENTS);
  if (blob == nullptr) return std::nullopt;
  auto set = requirement::parse_set(blob->bytes);
  if (!set) {
    out.trust.blame(
        set.error().code == Errc::unsupported ? State::unknown : State::invalid,
        make_cause("requirement.malformed",
                   fmt::format("{} at offset {:#x}", set.error().what, set.error().offset),
                   "slot 2 (requirements)", OS_REQ_INVALID));
    return std::nullopt;
  }
  for (requirement::Typed& each : *set) {
    if (each.type == static_cast<std::uint32_t>(requirement::Type::designated)) {
      return std::move(each.expression);
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<requirement::CertificateFacts> certificate_facts(
    const std::vector<identity::Certificate>& chain) {
  std::vector<requirement::CertificateFacts> out;
  for (const identity::Certificate& each : chain) {
    requirement::CertificateFacts facts;
    facts.sha1 = each.sha1;
    facts.subject = each.subject.fields;
    if (!each.subject.email().empty()) facts.emails.emplace_back(each.subject.email());
    for (const auto& extension : each.extensions) facts.extensions.push_back(extension.oid);
    facts.policies = each.policies;
    out.push_back(std::move(facts));
  }
  return out;
}

requirement::Context requirement_context(const SliceVerdict& slice, const plist::Dict* info) {
  requirement::Context out;
  out.identifier = slice.identifier;
  for (const DirectoryFacts& cd : slice.directories) {
    if (!cd.cdhash.empty()) out.cdhashes.push_back(bytes_of_hex(cd.cdhash));
  }
  if (slice.cms) {
    out.certificates = certificate_facts(slice.cms->certificates);
    out.apple_root = slice.cms->anchor == identity::Anchor::apple;
  }
  out.info = info;
  if (slice.entitlements) out.entitlements = slice.entitlements->dict();
  return out;
}

void apply_requirement(const Expression& wanted, const std::string& where, OsStatus os,
                       const plist::Dict* info, SliceVerdict& out) {
  const auto result = requirement::evaluate(wanted, requirement_context(out, info));
  if (result.answer == Answer::yes) return;
  const bool no = result.answer == Answer::no;
  out.trust.blame(
      no ? State::invalid : State::unknown,
      make_cause("requirement.failed",
                 (no ? "does not hold: " : "cannot be decided here: ") + result.clause, where, os));
}

void judge_requirement(const codesign::Signature& signature, const plist::Dict* info,
                       SliceVerdict& out) {
  std::optional<Expression> designated = stored(signature, out);
  out.requirement_stored = designated.has_value();
  const auto context = requirement_context(out, info);
  if (!designated && out.cms && !context.certificates.empty()) {
    designated = requirement::designated(out.identifier, context.certificates, context.apple_root);
  }
  if (!designated) designated = requirement::designated_by_hash({bytes_of_hex(out.cdhash)});
  out.requirement = requirement::print(*designated);
  // Of code that is not proven to be this signer's, nothing follows.
  if (!out.requirement_stored || out.identity.state == State::invalid) return;
  if (out.cms) {
    apply_requirement(*designated, "designated requirement", OS_REQ_FAILED, info, out);
    return;
  }
  // Signed again without a certificate: nobody's trust is lost, but what remembers the program by
  // its requirement (Keychain, privacy settings) will not know it.
  const auto result = requirement::evaluate(*designated, context);
  if (result.answer != Answer::no) return;
  out.warnings.push_back(
      make_cause("requirement.of-another-signer",
                 "is that of an earlier signer and does not hold (" + result.clause +
                     "): codesign says that the code does not satisfy its designated requirement",
                 "designated requirement", OS_REQ_FAILED));
}

}  // namespace tenon::signing
