#include "codesign/verify/requirements.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/layout.h"
#include "codesign/blob/os_status.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/der.h"
#include "codesign/requirement/evaluate.h"
#include "codesign/requirement/requirement.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"

namespace tenon::codesign {
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

constexpr std::string_view oid_email = "1.2.840.113549.1.9.1";
constexpr std::string_view oid_alternative_names = "2.5.29.17";

// GeneralNames of RFC 5280: addresses have the tag [1].
void add_emails(ByteView value, std::vector<std::string>& out) {
  constexpr std::uint8_t address = 0x81;
  const auto names = cms::DerReader(value).expect(cms::DER_SEQUENCE, "names");
  if (!names) return;
  for (cms::DerReader reader(names->content); !reader.done();) {
    const auto name = reader.next();
    if (!name) return;
    if (name->tag == address) out.emplace_back(name->content.text());
  }
}

// Of extensions that hold a time as text (certificateCopyFieldDate).
std::optional<std::int64_t> time_in(ByteView value) {
  const auto text = cms::DerReader(value).expect(cms::DER_UTF8, "time");
  return text ? requirement::read_time(text->content.text()) : std::nullopt;
}

// The one that is stored, if it can be read.
std::optional<Expression> stored(const Signature& signature, SliceVerdict& out) {
  const Blob* blob = signature.find(CSSLOT_REQUIREMENTS);
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
    const std::vector<cms::Certificate>& chain) {
  std::vector<requirement::CertificateFacts> out;
  for (const cms::Certificate& each : chain) {
    requirement::CertificateFacts facts;
    facts.sha1 = each.sha1;
    facts.subject = each.subject.fields;
    for (const auto& [oid, text] : each.subject.fields) {
      if (oid == oid_email) facts.emails.push_back(text);
    }
    for (const auto& extension : each.extensions) {
      const ByteView value(std::span(extension.value.data(), extension.value.size()));
      facts.extensions.push_back(extension.oid);
      if (extension.oid == oid_alternative_names) add_emails(value, facts.emails);
      if (const auto time = time_in(value)) facts.dates.emplace_back(extension.oid, *time);
    }
    facts.policies = each.policies;
    out.push_back(std::move(facts));
  }
  return out;
}

requirement::Context requirement_context(const SliceVerdict& slice) {
  requirement::Context out;
  out.identifier = slice.identifier;
  out.platform = slice.platform;
  if (!slice.cdhash.empty()) out.cdhashes.push_back(bytes_of_hex(slice.cdhash));
  for (const DirectoryFacts& cd : slice.directories) {
    if (!cd.cdhash.empty() && cd.cdhash != slice.cdhash) {
      out.cdhashes.push_back(bytes_of_hex(cd.cdhash));
    }
  }
  if (slice.cms) {
    out.certificates = certificate_facts(slice.cms->certificates);
    out.apple_root = slice.cms->anchor == cms::Anchor::apple;
  }
  if (slice.info) out.info = slice.info->dict();
  out.info_known = slice.info_known;
  if (slice.entitlements) out.entitlements = slice.entitlements->dict();
  return out;
}

void apply_requirement(const Expression& wanted, const std::string& where, OsStatus os,
                       SliceVerdict& out) {
  const auto result = requirement::evaluate(wanted, requirement_context(out));
  if (result.answer == Answer::yes) return;
  const bool no = result.answer == Answer::no;
  out.trust.blame(
      no ? State::invalid : State::unknown,
      make_cause("requirement.failed",
                 fmt::format("{}: {}: {}", no ? "does not hold" : "cannot be decided here",
                             result.clause, result.reason),
                 where, os));
}

void judge_requirement(const Signature& signature, bool allow_downgrade, SliceVerdict& out) {
  std::optional<Expression> designated = stored(signature, out);
  out.requirement_stored = designated.has_value();
  const auto context = requirement_context(out);
  if (!designated && out.cms && !context.certificates.empty()) {
    designated = requirement::designated(out.identifier, context.certificates, context.apple_root);
  }
  if (!designated) designated = requirement::designated_by_hash({bytes_of_hex(out.cdhash)});
  out.requirement = requirement::print(*designated);
  // Of code that is not proven to be this signer's, nothing follows.
  if (!out.requirement_stored || out.identity.state == State::invalid) return;
  if (out.cms) {
    apply_requirement(*designated, "designated requirement", OS_REQ_FAILED, out);
    return;
  }
  // Signed again without a certificate: codesign says that the code does not satisfy its designated
  // requirement, and what remembers the program by it (Keychain, privacy settings) will not know
  // it.
  const auto result = requirement::evaluate(*designated, context);
  if (result.answer != Answer::no) return;
  Cause cause =
      make_cause("requirement.of-another-signer",
                 "belongs to an earlier signer and is not met (" + result.clause + ": " +
                     result.reason + "): the code was signed again, without a certificate",
                 "designated requirement", OS_REQ_FAILED);
  if (allow_downgrade) {
    out.warnings.push_back(std::move(cause));
  } else {
    out.trust.blame(State::invalid, std::move(cause));
  }
}

}  // namespace tenon::codesign
