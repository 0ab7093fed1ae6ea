#include <algorithm>
#include <cstdint>
#include <ctime>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/blob/layout.h"
#include "codesign/blob/os_status.h"
#include "codesign/cms/attributes.h"
#include "codesign/cms/causes.h"
#include "codesign/cms/certificate.h"
#include "codesign/cms/chain.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/der.h"
#include "codesign/cms/openssl_ptr.h"
#include "codesign/cms/signed_data.h"
#include "codesign/cms/signer.h"
#include "codesign/cms/timestamp.h"
#include "diag/expiry.h"

namespace tenon::cms {

namespace {

constexpr std::int64_t DAY = 86400;
// Every codesign since macOS 10.14 writes both attributes of Apple.
constexpr std::int64_t ATTRIBUTES_SINCE = 1546300800;  // 2019-01-01

struct Job {
  std::span<const Directory> directories;
  const TrustOptions& options;
  std::int64_t now = 0;
  SignerReport verdict;

  void warn(std::string_view code, std::string message, std::string where) {
    verdict.warnings.push_back(make_cause(code, std::move(message), std::move(where), OS_NONE));
  }
};

const Directory* slot_zero(std::span<const Directory> directories) {
  for (const Directory& each : directories) {
    if (each.slot == codesign::CSSLOT_CODEDIRECTORY) return &each;
  }
  return nullptr;
}

// The only signer of a readable CMS; nullptr after an invalid `format`.
const SignerInfo* check_format(const Result<SignedData>& data, Job& job) {
  Verdict& format = job.verdict.format;
  if (!data) {
    format = invalid("cms.malformed",
                     std::string(errc_name(data.error().code)) + ": " + data.error().what,
                     "CMS, byte " + std::to_string(data.error().offset), OS_SIGNATURE_INVALID);
    return nullptr;
  }
  if (data->content) {
    format = invalid("cms.not-detached", "carries content of its own", "CMS", OS_SIGNATURE_INVALID);
  } else if (data->content_type != OID_DATA) {
    format = invalid("cms.content-type", "content of type " + data->content_type, "CMS",
                     OS_SIGNATURE_INVALID);
  } else if (data->signers.empty()) {
    format = invalid("cms.no-signer", "there is no signer", "CMS");
  } else if (data->signers.size() > 1) {
    format = invalid("cms.many-signers",
                     std::to_string(data->signers.size()) +
                         " signers; codesign writes one, and only the first would be checked",
                     "CMS");
  } else {
    format = valid();
    return data->signers.data();
  }
  return nullptr;
}

std::vector<X509Ptr> read_bag(const SignedData& data, Job& job) {
  std::vector<X509Ptr> bag;
  for (std::size_t i = 0; i < data.certificates.size(); ++i) {
    if (X509Ptr x = read_x509(data.certificates[i])) {
      bag.push_back(std::move(x));
    } else {
      job.verdict.format =
          invalid("cms.certificate", "cannot be read",
                  "certificate " + std::to_string(i) + " of the CMS", OS_SIGNATURE_INVALID);
    }
  }
  return bag;
}

void read_signing_time(const SignerInfo& signer, Job& job) {
  if (count_of(signer.signed_attributes, OID_SIGNING_TIME) == 0) return;
  const Element* value = only_value(signer.signed_attributes, OID_SIGNING_TIME);
  const auto time =
      value == nullptr ? Result<std::int64_t>(fail(Errc::malformed, "time")) : parse_time(*value);
  if (time) {
    job.verdict.signing_time = *time;
  } else {
    job.verdict.format = invalid("cms.signing-time", "the attribute is duplicated or not a time",
                                 "attribute signingTime");
  }
}

// What slot 0 does not vouch for, one of Apple's two attributes must.
void check_sealed(Job& job) {
  SignerReport& v = job.verdict;
  const auto sorted = by_hash_type(job.directories);
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i]->hash_type != sorted[i - 1]->hash_type) continue;
    v.sealed = invalid("cms.directory-twice", "two CodeDirectories of one hash type", "signature",
                       OS_SIGNATURE_INVALID);
    return;
  }
  const bool by_attribute = v.cdhashes.state == State::valid || v.digests.state == State::valid;
  const bool undecided = v.cdhashes.state == State::unknown || v.digests.state == State::unknown;
  if (job.directories.size() == 1 || by_attribute) {
    v.sealed = valid();
  } else if (undecided) {
    v.sealed = unknown("cms.directories-unsealed", "a CodeDirectory has a hash type not known here",
                       "alternate CodeDirectories");
  } else {
    v.sealed = invalid("cms.directories-unsealed",
                       "the signature covers only slot 0, not the alternate CodeDirectories",
                       "alternate CodeDirectories", OS_NONE);
  }
}

void check_contents(const SignerInfo& signer, X509* certificate, Job& job) {
  SignerReport& v = job.verdict;
  const Directory* first = slot_zero(job.directories);
  if (first == nullptr) {
    v.message_digest = invalid("cms.no-slot-0", "there is no CodeDirectory in slot 0 to be signed",
                               "signature", OS_UNSIGNED);
    return;
  }
  v.signature = check_signature(signer, certificate, first->bytes);
  v.message_digest = check_message_digest(signer, OID_DATA, first->bytes);
  v.cdhashes = check_cdhashes(signer, job.directories);
  v.digests = check_digests(signer, job.directories);
  check_sealed(job);
}

// As Security has it: unsigned attributes are there for a timestamp and nothing else.
void check_timestamp(const SignerInfo& signer, Job& job) {
  if (!signer.has_unsigned) return;
  SignerReport& v = job.verdict;
  const Element* token = only_value(signer.unsigned_attributes, OID_TIMESTAMP_TOKEN);
  if (token == nullptr) {
    v.timestamp = invalid("timestamp.missing", "unsigned attributes without exactly one timestamp",
                          "unsigned attributes", {"errSecTimestampMissing", -67882});
    return;
  }
  TokenCheck checked = check_token(token->whole, signer.signature, job.options);
  v.timestamp = std::move(checked.verdict);
  v.token = std::move(checked.timestamp);
  v.warnings.insert(v.warnings.end(), checked.warnings.begin(), checked.warnings.end());
  if (signer.unsigned_attributes.size() > 1) {
    job.warn("cms.unsigned-attributes",
             "unsigned attributes other than the timestamp; the signature does not cover them",
             "unsigned attributes");
  }
}

// If the code draws to Apple, then so must its timestamp.
void check_timestamp_root(Job& job) {
  SignerReport& v = job.verdict;
  const bool judged = v.timestamp.state == State::valid || v.timestamp.state == State::unknown;
  if (!judged || !v.token || v.anchor != Anchor::apple || v.token->anchor == Anchor::apple) return;
  v.timestamp = invalid("timestamp.not-apple", "code with Apple's root needs a timestamp of Apple",
                        "timestamp", OS_NOT_TRUSTED);
}

void check_expiry(const Chain& chain, Job& job) {
  SignerReport& v = job.verdict;
  if (chain.time_problems.empty()) {
    v.expiry = valid();
    return;
  }
  const bool stamped = v.timestamp.state == State::valid;
  const Directory* first = slot_zero(job.directories);
  const bool strict = !job.options.tolerate_expired ||
                      (first != nullptr && (first->flags & codesign::CS_CHECK_EXPIRATION) != 0);
  if (stamped || strict) {
    v.expiry = {State::invalid, {chain.time_problems.front()}};
    return;
  }
  v.expiry = valid();
  for (const Cause& cause : chain.time_problems) {
    job.warn(cause.code + "-tolerated",
             cause.message + "; without a timestamp codesign tolerates it", cause.where);
  }
}

void check_trust(const Chain& chain, Job& job) {
  SignerReport& v = job.verdict;
  const Certificate& last = chain.certificates.back();
  const std::string where = certificate_place(chain.certificates.size() - 1, last);
  if (chain.anchor != Anchor::none) {
    v.trust = valid();
  } else if (!chain.complete) {
    v.trust = invalid(
        "identity.incomplete",
        "the issuer of the last certificate is missing: " + std::string(last.issuer.common_name()),
        where, OS_NOT_TRUSTED);
  } else if (last.subject.common_name().starts_with("Apple Root CA")) {
    v.trust =
        invalid("identity.false-apple-root",
                "is named like Apple's root, but is another certificate", where, OS_NOT_TRUSTED);
  } else {
    v.trust = invalid(untrusted_root_code, "is neither Apple's root nor one that was given", where,
                      OS_NOT_TRUSTED);
  }
}

void check_team(Job& job) {
  SignerReport& v = job.verdict;
  const Directory* first = slot_zero(job.directories);
  if (first == nullptr || !is_apple_developer(v.certificates)) return;
  const std::string unit(v.certificates.front().subject.unit());
  for (const Directory& each : job.directories) {
    if (each.team.empty() || unit.empty()) continue;
    if (each.team == unit) {
      if (v.team.state == State::absent) v.team = valid();
      continue;
    }
    v.team = invalid("identity.team",
                     "the CodeDirectory says team " + each.team + ", the certificate " + unit,
                     "team identifier", OS_BAD_TEAM);
  }
}

void keep_unused(const std::vector<X509Ptr>& bag, Job& job) {
  SignerReport& v = job.verdict;
  for (Unused& each : find_unused(bag, v.certificates)) {
    const std::string name(each.certificate.subject.common_name());
    if (each.damaged) {
      v.format = invalid("cms.certificate-damaged", "was not signed by the issuer it names", name);
    } else {
      job.warn("cms.unused-certificate", "belongs to no chain of this signature", name);
    }
    v.unused.push_back(std::move(each.certificate));
  }
}

void check_chain(X509* leaf, const std::vector<X509Ptr>& bag, Job& job) {
  SignerReport& v = job.verdict;
  v.checked_at = v.timestamp.state == State::valid && v.token ? v.token->time : job.now;
  Chain chain = build_chain(leaf, bag, v.checked_at, Purpose::code, job.options);
  v.anchor = chain.anchor;
  v.chain = chain.problems.empty() ? valid() : Verdict{State::invalid, {chain.problems.front()}};
  check_expiry(chain, job);
  check_trust(chain, job);
  v.warnings.insert(v.warnings.end(), chain.weak.begin(), chain.weak.end());
  v.certificates = std::move(chain.certificates);
  v.kind = kind_of(v.certificates, v.anchor);
  check_team(job);
  check_timestamp_root(job);
  keep_unused(bag, job);
}

void warn_of_expiry(const std::vector<Certificate>& chain, std::size_t from, std::string_view what,
                    Job& job) {
  for (std::size_t i = from; i + 1 < chain.size() || i == 0; ++i) {
    const std::int64_t left = chain[i].not_after - job.now;
    const Lifetime life = lifetime_of(chain[i].not_after, job.now, job.options.warn_days);
    if (life == Lifetime::long_enough) continue;
    const std::string when = time_text(chain[i].not_after);
    const std::string where = std::string(what) + certificate_place(i, chain[i]);
    if (life == Lifetime::ended) {
      job.warn("identity.expired-since", "expired on " + when, where);
    } else {
      job.warn("identity.expires",
               "expires on " + when + ", in " + std::to_string(left / DAY) + " days", where);
    }
    if (chain.size() == 1) break;
  }
}

void warn(const SignerInfo& signer, Job& job) {
  SignerReport& v = job.verdict;
  warn_of_expiry(v.certificates, 0, "", job);
  if (v.token && v.token->certificates.size() > 1) {  // the signer's own 42 days are no news
    warn_of_expiry(v.token->certificates, 1, "timestamp, ", job);
  }
  if (signer.digest.oid == OID_SHA1) job.warn("cms.weak-digest", "digest with SHA-1", "CMS");
  const std::int64_t signed_at = v.token ? v.token->time : v.signing_time.value_or(0);
  if (signed_at >= ATTRIBUTES_SINCE && v.digests.state == State::absent) {
    job.warn("cms.no-apple-attributes",
             "lacks the digests that codesign writes since 2018: another tool signed", "CMS");
  }
  if (v.token && v.signing_time && *v.signing_time > v.token->time + DAY) {
    job.warn("cms.signing-time", "the signer claims a time later than the timestamp",
             "attribute signingTime");
  }
}

}  // namespace

SignerReport verify_cms(ByteView cms, std::span<const Directory> directories,
                        const TrustOptions& options) {
  Job job{directories,
          options,
          options.now.value_or(static_cast<std::int64_t>(std::time(nullptr))),
          {}};
  if (cms.empty()) return job.verdict;
  const auto data = parse_signed_data(cms);
  const SignerInfo* signer = check_format(data, job);
  if (signer == nullptr) return job.verdict;
  job.verdict.digest_algorithm = signer->digest.oid;
  job.verdict.signature_algorithm = signer->signature_algorithm.oid;
  const std::vector<X509Ptr> bag = read_bag(*data, job);
  read_signing_time(*signer, job);
  X509* certificate = find_signer(*signer, bag);
  if (certificate == nullptr) {
    job.verdict.signature =
        invalid("cms.no-certificate", "the signer's certificate is missing", "CMS");
    return job.verdict;
  }
  check_contents(*signer, certificate, job);
  check_timestamp(*signer, job);
  check_chain(certificate, bag, job);
  warn(*signer, job);
  return job.verdict;
}

}  // namespace tenon::cms
