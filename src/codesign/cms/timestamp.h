// Timestamps by RFC 3161: requests, answers, and the token that a signature carries. Moves no
// bytes: the caller sends the request (POST, application/timestamp-query) and hands in the answer.
#pragma once

#include <functional>
#include <string>

#include "codesign/cms/cms.h"
#include "codesign/cms/signed_data.h"
#include "codesign/failure.h"

namespace tenon::cms {

using codesign::failed;
using codesign::Failure;
using codesign::FailureKind;

struct TimestampRequest {
  Bytes der;        // TimeStampReq
  Bytes nonce;      // a whole INTEGER element
  Bytes signature;  // the value to be stamped
};

// The body of the answer to the body of a request, or why there is none.
using TimestampFetch = std::function<Result<Bytes, Failure>(const Bytes& request)>;

// A request for SHA-256 of `signature`, with certificates and a random nonce of 64 bits. `policy`
// is an OID or empty.
[[nodiscard]] Result<TimestampRequest, Failure> make_timestamp_request(
    ByteView signature, std::string_view policy = {});
// The token of an answer, after its status, imprint, nonce, policy and signature were checked; its
// chain too when `options` has a root for it.
[[nodiscard]] Result<Bytes, Failure> read_timestamp_response(const TimestampRequest& request,
                                                             ByteView response,
                                                             const TrustOptions& options = {},
                                                             std::string_view policy = {});

struct TokenCheck {
  Verdict verdict;
  std::optional<Timestamp> timestamp;  // as found, also when the check fails
  Bytes nonce;                         // as found, a whole element or empty
  std::vector<Cause> warnings;
  bool other_imprint = false;  // it is invalid since it was made for another signature
  bool expired = false;        // it is invalid since its certificate was not valid at that time
};

// A token over SHA-256 or SHA-1 of `signature`. unknown: everything is right but its root is none
// of those to trust. Judged at the token's own time.
[[nodiscard]] TokenCheck check_token(ByteView token, ByteView signature,
                                     const TrustOptions& options);

}  // namespace tenon::cms
