// tenon/verify.h as its users see it: only the public header, on files that are signed here.
#include <doctest/doctest.h>

#include <string>

#include "codesign/sign/sign.h"
#include "codesign/test_pki.h"
#include "format/macho_builder.h"
#include "tenon/verify.h"

using namespace tenon;
namespace pki = tenon::cms::test;
using api::SignatureState;

namespace {

std::string signed_by(const cms::SigningIdentity* who) {
  const std::string program = test::small_program().build();
  codesign::SignOptions options;
  options.who = who;
  options.file_name = "tool.bin";
  options.cms.signing_time = pki::NOW;
  const auto made = codesign::sign_file(view_of(program), options);
  REQUIRE(made.has_value());
  std::string out;
  for (const codesign::Piece& piece : made->pieces) {
    out += piece.bytes.empty()
               ? std::string(view_of(program).slice(piece.from, piece.size)->text())
               : std::string(ByteView(std::span<const std::byte>(piece.bytes)).text());
  }
  return out;
}

api::SignatureReport judged(const std::string& bytes, const api::VerifyOptions& options = {}) {
  return api::verify_bytes(std::as_bytes(std::span(bytes)), options);
}

std::string root_of(const pki::World& world) {
  const auto& root = world.options.roots.front();
  return {reinterpret_cast<const char*>(root.data()), root.size()};
}

}  // namespace

TEST_CASE("verify.h: an ad-hoc signature holds, and nobody is named by it") {
  const api::SignatureReport report = judged(signed_by(nullptr));
  CHECK(report.error.empty());
  REQUIRE(report.slices.size() == 1);
  const api::SignatureSlice& slice = report.slices.front();
  CHECK(slice.kind == "ad-hoc");
  CHECK(slice.arch == "arm64");
  CHECK(slice.identifier == "tool");
  CHECK(slice.cdhash.size() == 40);
  CHECK(slice.integrity.state == SignatureState::valid);
  CHECK(slice.identity.state == SignatureState::none);
  CHECK(slice.certificates.empty());
  CHECK(report.holds());
}

TEST_CASE("verify.h: one changed byte is an invalid integrity, with its page and Apple's status") {
  std::string bytes = signed_by(nullptr);
  bytes[0x900] = static_cast<char>(bytes[0x900] + 1);
  const api::SignatureReport report = judged(bytes);
  REQUIRE(report.slices.size() == 1);
  const api::SignatureJudgement& integrity = report.slices.front().integrity;
  CHECK(integrity.state == SignatureState::invalid);
  REQUIRE(!integrity.problems.empty());
  CHECK(integrity.problems.front().where.find("page") != std::string::npos);
  CHECK(integrity.problems.front().os_status == -67061);  // errSecCSSignatureFailed
  CHECK(report.state() == SignatureState::invalid);
  CHECK(!report.holds());
}

TEST_CASE("verify.h: a certificate is believed with its root, and named without") {
  const pki::World world;
  const std::string bytes = signed_by(&world.identity);
  const api::SignatureReport unknown = judged(bytes);
  REQUIRE(unknown.slices.size() == 1);
  CHECK(unknown.slices.front().identity.state == SignatureState::valid);
  CHECK(unknown.slices.front().trust.state != SignatureState::valid);

  api::VerifyOptions options;
  options.trusted_roots = {root_of(world)};
  const api::SignatureReport known = judged(bytes, options);
  CHECK(known.slices.front().trust.state == SignatureState::valid);
  CHECK(known.holds());
  REQUIRE(!known.slices.front().certificates.empty());
  CHECK(known.slices.front().signing_time == pki::NOW);

  options.requirement = "identifier other";
  CHECK(judged(bytes, options).slices.front().trust.state == SignatureState::invalid);
  options.requirement = "identifier tool";
  CHECK(judged(bytes, options).holds());
  options.require = {"runtime"};
  CHECK(!judged(bytes, options).holds());
}

TEST_CASE("verify.h: what cannot be answered is an error and never holds") {
  const api::SignatureReport text = judged("no program");
  CHECK(!text.error.empty());
  CHECK(text.slices.empty());
  CHECK(!text.holds());
  CHECK(text.state() == SignatureState::unknown);

  const std::string program = signed_by(nullptr);
  api::VerifyOptions options;
  options.require = {"no-such-rule"};
  CHECK(judged(program, options).error.find("no-such-rule") != std::string::npos);
  options.require.clear();
  options.requirement = "identifier";
  CHECK(!judged(program, options).error.empty());
  options.requirement.clear();
  options.trusted_roots = {"no certificate"};
  CHECK(!judged(program, options).error.empty());
  CHECK(!api::verify("/no/such/file").error.empty());
  CHECK(!api::verify("/").error.empty());
}

TEST_CASE("verify.h: an unsigned file does not hold and is no error") {
  const std::string program = test::small_program().build();
  const api::SignatureReport report = judged(program);
  CHECK(report.error.empty());
  CHECK(!report.is_signed());
  CHECK(!report.holds());
}
