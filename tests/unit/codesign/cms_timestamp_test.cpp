#include <doctest/doctest.h>

#include "codesign/cms/timestamp.h"
#include "codesign/test_pki.h"

using namespace tenon;
using namespace tenon::cms;
using namespace tenon::cms::test;

namespace {

const World& world() {
  static const World made;
  return made;
}

Bytes token_for(const TimestampService& service, std::string_view signature) {
  const auto request = make_timestamp_request(tenon::view_of(signature));
  const auto response = service.answer(request->der);
  const auto token = read_timestamp_response(*request, view_of(*response), world().options);
  REQUIRE(token.has_value());
  return *token;
}

Verdict check(const Bytes& token, std::string_view signature, const TrustOptions& options) {
  return check_token(view_of(token), tenon::view_of(signature), options).verdict;
}

}  // namespace

TEST_CASE("a token is good for its signature and no other") {
  const Bytes token = token_for(world().service, "signature");
  CHECK(check(token, "signature", world().options).state == State::valid);
  CHECK(check(token, "other", world().options).cause().code == "timestamp.imprint");
  Bytes cut = token;
  cut.pop_back();
  CHECK(check(cut, "signature", world().options).state == State::invalid);
}

TEST_CASE("any changed byte of a token is noticed") {
  const Bytes token = token_for(world().service, "signature");
  for (std::size_t at = 0; at < token.size(); at += 3) {
    Bytes other = token;
    other[at] ^= std::byte{0x10};
    CAPTURE(at);
    const TokenCheck result =
        check_token(view_of(other), tenon::view_of("signature"), world().options);
    CHECK((result.verdict.state != State::valid || !result.warnings.empty()));
  }
}

TEST_CASE("a token outlives the certificate of its signer") {
  World later;
  later.options.now = NOW + 400 * DAY;
  const SignerReport v = later.verify(later.sign(true));
  CHECK(v.timestamp.state == State::valid);
  CHECK(v.token->time == NOW);
}

TEST_CASE("a token from before or after its certificate's life") {
  World w;
  for (const std::int64_t time : {NOW - 10 * DAY, NOW + 60 * DAY}) {
    w.service.time = time;
    const auto request = make_timestamp_request(tenon::view_of("signature"));
    const auto response = w.service.answer(request->der);
    const auto token = read_timestamp_response(*request, view_of(*response), w.options);
    REQUIRE(!token.has_value());
    CHECK(token.error().kind == FailureKind::timestamp_expired);
  }
}

TEST_CASE("the root of a timestamp") {
  const Bytes token = token_for(world().service, "signature");
  TrustOptions options = world().options;
  options.roots.pop_back();
  const Verdict result = check(token, "signature", options);
  CHECK(result.state == State::unknown);
  CHECK(result.cause().code == "timestamp.untrusted-root");
}

TEST_CASE("SHA-1 is allowed to the authority") {
  World w;
  w.service.digest = EVP_sha1();
  const SignerReport v = w.verify(w.sign(true));
  CHECK(v.state() == State::valid);
  CHECK(v.token->digest_algorithm == "1.3.14.3.2.26");
}

TEST_CASE("a token that was moved from another signature") {
  const World& w = world();
  const Bytes token = token_for(w.service, "another signature");
  MakeOptions make;
  make.signing_time = NOW;
  make.timestamp_trust = w.options;
  make.timestamp = [&](const Bytes&) -> Result<Bytes, Failure> {
    const std::byte granted{0};
    return der(DER_SEQUENCE, {der(DER_SEQUENCE, {der(DER_INTEGER, ByteView(&granted, 1))}), token});
  };
  const auto cms = make_cms(w.directories, w.identity, make);
  REQUIRE(!cms.has_value());
  CHECK(cms.error().kind == FailureKind::timestamp_imprint);
}

TEST_CASE("a token that was damaged on the way is refused before it is used") {
  const auto request = make_timestamp_request(tenon::view_of("signature"));
  Bytes response = *world().service.answer(request->der);
  response[response.size() - 3] ^= std::byte{1};  // within the authority's signature
  const auto token = read_timestamp_response(*request, view_of(response), world().options);
  REQUIRE_FALSE(token.has_value());
  CHECK(token.error().kind == FailureKind::timestamp_token);
}

TEST_CASE("answers that are none") {
  const auto request = make_timestamp_request(tenon::view_of("signature"));
  const auto again = make_timestamp_request(tenon::view_of("signature"));
  const auto response = world().service.answer(again->der);
  const auto judge = [&](const Bytes& bytes) {
    return read_timestamp_response(*request, view_of(bytes), world().options).error().kind;
  };
  CHECK(judge(*response) == FailureKind::timestamp_nonce);
  CHECK(judge(Bytes(10)) == FailureKind::timestamp_response);
  const std::byte refused{2};
  CHECK(judge(der(DER_SEQUENCE, {der(DER_SEQUENCE, {der(DER_INTEGER, ByteView(&refused, 1))})})) ==
        FailureKind::timestamp_refused);
  const auto mine = world().service.answer(request->der);
  CHECK(read_timestamp_response(*request, view_of(*mine), world().options, "1.2.4").error().kind ==
        FailureKind::timestamp_policy);
  CHECK(read_timestamp_response(*request, view_of(*mine), world().options, "1.2.3").has_value());
}
