#include <doctest/doctest.h>

#include "codesign/cms/timestamp.h"
#include "codesign/test_pki.h"

using namespace tenon;
using namespace tenon::identity;
using namespace tenon::identity::test;

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

Check check(const Bytes& token, std::string_view signature, const VerifyOptions& options) {
  return check_token(view_of(token), tenon::view_of(signature), options).check;
}

}  // namespace

TEST_CASE("a token is good for its signature and no other") {
  const Bytes token = token_for(world().service, "signature");
  CHECK(check(token, "signature", world().options).state == State::valid);
  CHECK(check(token, "other", world().options).cause.code == "timestamp.imprint");
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
    CHECK((result.check.state != State::valid || !result.warnings.empty()));
  }
}

TEST_CASE("a token outlives the certificate of its signer") {
  World later;
  later.options.now = NOW + 400 * DAY;
  const Verdict v = later.verify(later.sign(true));
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
    CHECK(token.error().code == "timestamp.expired");
  }
}

TEST_CASE("the root of a timestamp") {
  const Bytes token = token_for(world().service, "signature");
  VerifyOptions options = world().options;
  options.roots.pop_back();
  const Check result = check(token, "signature", options);
  CHECK(result.state == State::unknown);
  CHECK(result.cause.code == "timestamp.untrusted-root");
}

TEST_CASE("SHA-1 is allowed to the authority") {
  World w;
  w.service.digest = EVP_sha1();
  const Verdict v = w.verify(w.sign(true));
  CHECK(v.state() == State::valid);
  CHECK(v.token->digest_algorithm == "1.3.14.3.2.26");
}

TEST_CASE("a token that was moved from another signature") {
  const World& w = world();
  const Bytes token = token_for(w.service, "another signature");
  MakeOptions make;
  make.signing_time = NOW;
  make.timestamp_trust = w.options;
  make.timestamp = [&](const Bytes&) -> Expected<Bytes> {
    const std::byte granted{0};
    return der(DER_SEQUENCE, {der(DER_SEQUENCE, {der(DER_INTEGER, ByteView(&granted, 1))}), token});
  };
  const auto cms = make_cms(w.directories, w.identity, make);
  REQUIRE(!cms.has_value());
  CHECK(cms.error().code == "timestamp.imprint");
}

TEST_CASE("answers that are none") {
  const auto request = make_timestamp_request(tenon::view_of("signature"));
  const auto again = make_timestamp_request(tenon::view_of("signature"));
  const auto response = world().service.answer(again->der);
  const auto judge = [&](const Bytes& bytes) {
    return read_timestamp_response(*request, view_of(bytes), world().options).error().code;
  };
  CHECK(judge(*response) == "timestamp.nonce");
  CHECK(judge(Bytes(10)) == "timestamp.response");
  const std::byte refused{2};
  CHECK(judge(der(DER_SEQUENCE, {der(DER_SEQUENCE, {der(DER_INTEGER, ByteView(&refused, 1))})})) ==
        "timestamp.refused");
  const auto mine = world().service.answer(request->der);
  CHECK(read_timestamp_response(*request, view_of(*mine), world().options, "1.2.4").error().code ==
        "timestamp.policy");
  CHECK(read_timestamp_response(*request, view_of(*mine), world().options, "1.2.3").has_value());
}
