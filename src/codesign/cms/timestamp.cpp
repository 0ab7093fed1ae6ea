#include "codesign/cms/timestamp.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "codesign/blob/os_status.h"
#include "codesign/cms/causes.h"
#include "codesign/cms/certificate.h"
#include "codesign/cms/chain.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/der.h"
#include "codesign/cms/openssl_ptr.h"
#include "codesign/cms/signed_data.h"
#include "codesign/cms/signer.h"

namespace tenon::cms {

namespace {

const std::string WHERE = "timestamp";

struct TstInfo {
  std::string policy, serial, imprint_algorithm;
  ByteView imprint, nonce;
  std::int64_t time = 0;
};

Result<void> read_imprint(DerReader& reader, TstInfo& out) {
  DerReader imprint(TENON_TRY(reader.expect(DER_SEQUENCE, "message imprint")).content);
  DerReader algorithm(TENON_TRY(imprint.expect(DER_SEQUENCE, "imprint algorithm")).content);
  const Element oid = TENON_TRY(algorithm.expect(DER_OID, "imprint algorithm"));
  out.imprint_algorithm = oid_text(oid.content);
  out.imprint = TENON_TRY(imprint.expect(DER_OCTETS, "imprint")).content;
  return {};
}

// TSTInfo (RFC 3161, 2.4.2). What follows the time is optional; of it only the nonce matters.
Result<TstInfo> read_tst_info(ByteView bytes) {
  TstInfo out;
  DerReader outer(bytes);
  DerReader reader(TENON_TRY(outer.expect(DER_SEQUENCE, "TSTInfo")).content);
  const Element version = TENON_TRY(reader.expect(DER_INTEGER, "version of TSTInfo"));
  if (!outer.done() || TENON_TRY(small_integer(version)) != 1) {
    return fail(Errc::malformed, "TSTInfo", bytes.base());
  }
  out.policy = oid_text(TENON_TRY(reader.expect(DER_OID, "policy")).content);
  TENON_TRY(read_imprint(reader, out));
  const ByteView serial = TENON_TRY(reader.expect(DER_INTEGER, "serial number")).content;
  out.serial = to_hex(serial.data(), serial.size());
  const Element time = TENON_TRY(reader.expect(DER_GENERALIZED_TIME, "time"));
  out.time = TENON_TRY(parse_time(time));
  while (!reader.done()) {
    const Element element = TENON_TRY(reader.next());
    if (element.tag == DER_INTEGER) out.nonce = element.whole;
  }
  return out;
}

Verdict bad_token(std::string message, OsStatus status = OS_TIMESTAMP_INVALID) {
  return invalid("timestamp.invalid", std::move(message), WHERE, status);
}

// ESSCertID or ESSCertIDv2: the signed attribute that names the authority's certificate by hash
// (RFC 2634, 5816). Optional here, as Security does not look at it.
Result<bool> names_certificate(const Element& value, const EVP_MD* fallback, X509* certificate) {
  DerReader list(value.content);
  DerReader ids(TENON_TRY(list.expect(DER_SEQUENCE, "certificate identifiers")).content);
  DerReader id(TENON_TRY(ids.expect(DER_SEQUENCE, "certificate identifier")).content);
  if (const auto algorithm = TENON_TRY(id.optional(DER_SEQUENCE))) {
    DerReader inner(algorithm->content);
    fallback = digest_of_oid(oid_text(TENON_TRY(inner.expect(DER_OID, "algorithm")).content));
  }
  const ByteView stored = TENON_TRY(id.expect(DER_OCTETS, "hash of a certificate")).content;
  if (fallback == nullptr) return fail(Errc::unsupported, "hash of a certificate", stored.base());
  return view_of(digest(fallback, view_of(der_of(certificate)))).text() == stored.text();
}

bool certificate_is_named(const SignerInfo& signer, X509* certificate) {
  const auto agrees = [&](std::string_view oid, const EVP_MD* fallback) {
    if (count_of(signer.signed_attributes, oid) == 0) return true;
    const Element* value = only_value(signer.signed_attributes, oid);
    return value != nullptr && value->tag == DER_SEQUENCE &&
           names_certificate(*value, fallback, certificate).value_or(false);
  };
  return agrees(OID_SIGNING_CERTIFICATE, EVP_sha1()) &&
         agrees(OID_SIGNING_CERTIFICATE_V2, EVP_sha256());
}

bool is_read_digest(std::string_view oid) { return oid == OID_SHA256 || oid == OID_SHA1; }

Verdict check_imprint(const TstInfo& info, ByteView signature) {
  if (!is_read_digest(info.imprint_algorithm)) {
    return bad_token("imprint algorithm " + info.imprint_algorithm, OS_INVALID_DIGEST);
  }
  const Bytes ours = digest(digest_of_oid(info.imprint_algorithm), signature);
  if (view_of(ours).text() == info.imprint.text()) return valid();
  return invalid("timestamp.imprint",
                 "made for another signature: its imprint is " +
                     to_hex(info.imprint.data(), info.imprint.size()) + ", ours " +
                     to_hex(ours.data(), ours.size()),
                 WHERE, OS_TIMESTAMP_INVALID);
}

Verdict judge_chain(const Chain& chain) {
  if (!chain.problems.empty()) {
    Cause cause = chain.problems.front();
    cause.where = "timestamp, " + cause.where;
    return {State::invalid, {cause}};
  }
  if (!chain.time_problems.empty()) {
    const Cause& cause = chain.time_problems.front();
    return invalid("timestamp.expired",
                   "its certificate was not valid at the time it names: " + cause.message,
                   "timestamp, " + cause.where, OS_TIMESTAMP_INVALID);
  }
  if (!chain.complete) {
    return unknown("timestamp.incomplete", "its certificates do not lead to a root", WHERE);
  }
  if (chain.anchor == Anchor::none) {
    return unknown("timestamp.untrusted-root", "its root is neither Apple's nor one that was given",
                   WHERE);
  }
  return valid();
}

Verdict check_signer(const SignedData& data, const SignerInfo& signer, X509* certificate) {
  const ByteView content = view_of(*data.content);
  const Verdict message = check_message_digest(signer, OID_TST_INFO, content);
  if (message.state != State::valid) return bad_token("the token's content is not what was signed");
  if (check_signature(signer, certificate, content).state != State::valid) {
    return invalid("timestamp.signature", "the signature of the token is wrong", WHERE,
                   OS_TIMESTAMP_INVALID);
  }
  if (!certificate_is_named(signer, certificate)) {
    return bad_token("the signed hash of the authority's certificate is another one");
  }
  return valid();
}

void judge_unused(std::span<const X509Ptr> bag, const Chain& chain, TokenCheck& out) {
  for (const Unused& each : find_unused(bag, chain.certificates)) {
    const std::string name = "timestamp, " + std::string(each.certificate.subject.common_name());
    if (each.damaged) {
      out.verdict = invalid("timestamp.certificate-damaged",
                            "was not signed by the issuer it names", name, OS_TIMESTAMP_INVALID);
    } else {
      out.warnings.push_back(make_cause("cms.unused-certificate",
                                        "belongs to no chain of this timestamp", name, OS_NONE));
    }
  }
}

Timestamp timestamp_of(const TstInfo& info, const SignerInfo& signer, const Chain& chain) {
  return {info.time,         info.policy,        info.serial, info.imprint_algorithm,
          signer.digest.oid, chain.certificates, chain.anchor};
}

}  // namespace

TokenCheck check_token(ByteView token, ByteView signature, const TrustOptions& options) {
  const auto data = parse_signed_data(token);
  if (!data) return {bad_token(std::string("cannot be read: ") + data.error().what), {}, {}, {}};
  if (data->signers.size() != 1 || data->content_type != OID_TST_INFO || !data->content ||
      data->signers.front().signed_bytes.empty()) {
    return {bad_token("is not an RFC 3161 token with one signer"), {}, {}, {}};
  }
  const auto info = read_tst_info(view_of(*data->content));
  if (!info) return {bad_token(std::string("cannot be read: ") + info.error().what), {}, {}, {}};
  std::vector<X509Ptr> bag;
  for (const ByteView each : data->certificates) {
    X509Ptr x = read_x509(each);
    if (!x) return {bad_token("holds a certificate that cannot be read"), {}, {}, {}};
    bag.push_back(std::move(x));
  }
  const SignerInfo& signer = data->signers.front();
  TokenCheck out{{}, {}, copy_bytes(info->nonce), {}};
  X509* certificate = find_signer(signer, bag);
  if (certificate == nullptr) {
    out.verdict = bad_token("the authority's certificate is not in the token");
    return out;
  }
  const Chain chain = build_chain(certificate, bag, info->time, Purpose::timestamp, options);
  out.timestamp = timestamp_of(*info, signer, chain);
  out.verdict = check_imprint(*info, signature);
  out.other_imprint = out.verdict.state != State::valid && is_read_digest(info->imprint_algorithm);
  if (out.verdict.state == State::valid) out.verdict = check_signer(*data, signer, certificate);
  if (out.verdict.state == State::valid) {
    out.verdict = judge_chain(chain);
    out.expired = chain.problems.empty() && !chain.time_problems.empty();
  }
  judge_unused(bag, chain, out);
  return out;
}

Result<TimestampRequest, Failure> make_timestamp_request(ByteView signature,
                                                         std::string_view policy) {
  TimestampRequest out;
  out.signature = copy_bytes(signature);
  const Bytes imprint = digest(EVP_sha256(), signature);
  std::array<unsigned char, 8> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
    return failed(FailureKind::timestamp_random, "no random numbers for the nonce");
  }
  random[0] = static_cast<unsigned char>((random[0] & 0x3f) | 0x40);  // positive, and never short
  out.nonce = der(DER_INTEGER, ByteView(random.data(), random.size()));
  const std::byte one{1}, yes{0xff};
  out.der = der(
      DER_SEQUENCE,
      {der(DER_INTEGER, ByteView(&one, 1)),
       der(DER_SEQUENCE, {der(DER_SEQUENCE, {der_oid(OID_SHA256), der(DER_NULL, ByteView())}),
                          der(DER_OCTETS, view_of(imprint))}),
       policy.empty() ? Bytes() : der_oid(policy), out.nonce, der(DER_BOOLEAN, ByteView(&yes, 1))});
  return out;
}

namespace {

struct Response {
  int status = 0;
  std::string text;
  Bytes token;
};

// TimeStampResp (RFC 3161, 2.4.2): PKIStatusInfo, then the token when the status grants it.
Result<Response> read_response(ByteView bytes) {
  Response out;
  DerReader outer(bytes);
  DerReader reader(TENON_TRY(outer.expect(DER_SEQUENCE, "timestamp response")).content);
  DerReader info(TENON_TRY(reader.expect(DER_SEQUENCE, "status")).content);
  const Element status = TENON_TRY(info.expect(DER_INTEGER, "status"));
  out.status = TENON_TRY(small_integer(status));
  if (const auto texts = TENON_TRY(info.optional(DER_SEQUENCE))) {
    DerReader each(texts->content);
    while (!each.done()) out.text += std::string(TENON_TRY(each.next()).content.text()) + " ";
  }
  if (const auto token = TENON_TRY(reader.optional(DER_SEQUENCE))) {
    out.token = copy_bytes(token->whole);
  }
  if (!outer.done() || !reader.done()) {
    return fail(Errc::malformed, "bytes after the timestamp response", bytes.base());
  }
  return out;
}

constexpr const char* TRY_ANOTHER = "try again, or name another timestamp service";

std::optional<Failure> judge_answer(const TimestampRequest& request, const TokenCheck& token,
                                    std::string_view policy) {
  if (!token.timestamp || token.other_imprint || token.timestamp->imprint_algorithm != OID_SHA256) {
    return Failure{FailureKind::timestamp_imprint, "the token is for another signature", WHERE,
                   TRY_ANOTHER};
  }
  if (token.nonce != request.nonce) {
    return Failure{FailureKind::timestamp_nonce,
                   "the answer is to another request: its nonce differs", WHERE, TRY_ANOTHER};
  }
  if (!policy.empty() && token.timestamp->policy != policy) {
    return Failure{FailureKind::timestamp_policy, "stamped under policy " + token.timestamp->policy,
                   WHERE, TRY_ANOTHER};
  }
  return {};
}

}  // namespace

Result<Bytes, Failure> read_timestamp_response(const TimestampRequest& request, ByteView response,
                                               const TrustOptions& options,
                                               std::string_view policy) {
  const auto answer = read_response(response);
  if (!answer) {
    return failed(FailureKind::timestamp_response,
                  std::string("the answer is not a timestamp response: ") + answer.error().what,
                  WHERE, "check the URL of the timestamp service");
  }
  if (answer->status > 1 || answer->token.empty()) {  // 0 granted, 1 granted with changes
    return failed(FailureKind::timestamp_refused,
                  "the service refused: status " + std::to_string(answer->status) + " " +
                      std::string(trim(answer->text)),
                  WHERE, TRY_ANOTHER);
  }
  const TokenCheck token = check_token(view_of(answer->token), view_of(request.signature), options);
  if (auto failure = judge_answer(request, token, policy)) return std::unexpected(*failure);
  if (token.verdict.state == State::invalid) {
    const Cause& cause = token.verdict.cause();
    return failed(token.expired ? FailureKind::timestamp_expired : FailureKind::timestamp_token,
                  cause.message, cause.where, TRY_ANOTHER);
  }
  return answer->token;
}

}  // namespace tenon::cms
