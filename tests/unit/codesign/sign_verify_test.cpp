// Signing and verifying by one another, with certificates that are made here. What independent
// readers say of the same signatures is in tests/e2e/test_sign.py.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "base/memory_tree.h"
#include "codesign/sign/sign.h"
#include "codesign/test_pki.h"
#include "codesign/verify/distribution.h"
#include "codesign/verify/policy.h"
#include "codesign/verify/verify.h"
#include "format/macho/macho.h"
#include "format/macho_builder.h"
#include "inspect/program_builder.h"

using namespace tenon;
using namespace tenon::codesign;
using namespace tenon::test;
namespace pki = tenon::cms::test;

namespace {

std::string assembled(const SignedFile& made, ByteView source) {
  std::string out;
  for (const Piece& piece : made.pieces) {
    out += piece.bytes.empty()
               ? std::string(source.slice(piece.from, piece.size)->text())
               : std::string(ByteView(std::span<const std::byte>(piece.bytes)).text());
  }
  return out;
}

struct Fixture {
  pki::World world;
  std::string program = small_program().build();
  SignOptions options;
  VerifyOptions verify;

  Fixture() {
    options.who = &world.identity;
    options.file_name = "tool.bin";
    options.cms.signing_time = pki::NOW;
    verify.trust = world.options;
  }

  std::string sign() const {
    const auto made = sign_file(view_of(program), options);
    REQUIRE(made.has_value());
    return assembled(*made, view_of(program));
  }

  SliceVerdict judge(const std::string& bytes) const {
    const auto verdict = verify_file(view_of(bytes), verify);
    REQUIRE(verdict.has_value());
    REQUIRE(verdict->slices.size() == 1);
    return verdict->slices.front();
  }
};

bool has(const Verdict& judgement, std::string_view code) {
  return std::ranges::any_of(judgement.causes, [&](const Cause& c) { return c.code == code; });
}

}  // namespace

TEST_CASE("signing: a certificate signs, and the verifier knows it") {
  const Fixture f;
  const SliceVerdict slice = f.judge(f.sign());
  CHECK(slice.integrity.state == State::valid);
  CHECK(slice.identity.state == State::valid);
  CHECK(slice.trust.state == State::valid);
  CHECK(slice.identifier == "tool");
  CHECK(slice.requirement_stored);
  CHECK(slice.page_size == 16384);
  CHECK(slice.requirement.starts_with("identifier tool and certificate "));

  // Without the root nobody is trusted, and nothing is wrong.
  Fixture other;
  other.verify.trust.roots.clear();
  const SliceVerdict alone = other.judge(f.sign());
  CHECK(alone.identity.state == State::valid);
  CHECK(alone.trust.state == State::absent);
}

TEST_CASE("signing: ad-hoc twice is the same, and strip undoes both") {
  Fixture f;
  const std::string with_certificate = f.sign();
  f.options.who = nullptr;
  const std::string once = f.sign();
  const auto again = sign_file(view_of(once), f.options);
  REQUIRE(again.has_value());
  CHECK(assembled(*again, view_of(once)) == once);
  const auto plain = strip_file(view_of(f.program));
  const auto stripped = strip_file(view_of(with_certificate));
  REQUIRE(plain.has_value());
  REQUIRE(stripped.has_value());
  CHECK(assembled(*stripped, view_of(with_certificate)) == assembled(*plain, view_of(f.program)));
  const SliceVerdict slice = f.judge(once);
  CHECK(slice.kind == SignatureKind::ad_hoc);
  CHECK(slice.identity.state == State::absent);
  CHECK(slice.trust.state == State::absent);
}

TEST_CASE("signing: every byte of a signed program is sealed, or says nothing") {
  const Fixture f;
  const std::string good = f.sign();
  const SliceVerdict before = f.judge(good);
  for (std::size_t i = 0; i < good.size(); i += 7) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x40);
    const auto verdict = verify_file(view_of(bad), f.verify);
    if (!verdict) continue;
    const SliceVerdict& slice = verdict->slices.front();
    // Room that the signer reserved behind the last blob belongs to nobody.
    const bool same = slice.state() == before.state() && slice.is_signed();
    if (same) CHECK(i > good.size() - 18000);
  }
}

TEST_CASE("signing: a wrong team, another program's CMS, an expired certificate") {
  Fixture f;
  const std::string one = f.sign();
  f.options.identifier = "other";
  std::string two = f.sign();
  // The CMS of the first in the second: both have the same layout.
  const auto cms_of = [](const std::string& bytes) {
    const auto file = macho::File::parse(view_of(bytes));
    const auto signature = codesign::Signature::parse(*file->contents(*file->signature()));
    return signature->find(codesign::CSSLOT_SIGNATURESLOT)->bytes;
  };
  const ByteView from = cms_of(one), to = cms_of(two);
  if (from.size() == to.size()) {
    const auto at = static_cast<std::size_t>(to.base());
    two.replace(at, static_cast<std::size_t>(to.size()), from.text());
    const SliceVerdict slice = f.judge(two);
    CHECK(slice.integrity.state == State::valid);
    CHECK(slice.identity.state == State::invalid);
    CHECK(has(slice.identity, "cms.message-digest"));
    CHECK(slice.trust.state == State::absent);
  }
  f.verify.trust.tolerate_expired = false;
  f.verify.trust.now = pki::NOW + 9000 * pki::DAY;
  CHECK(f.judge(one).identity.state == State::invalid);
}

TEST_CASE("verify: slices of one file have one signer, unless others are allowed") {
  Fixture f;
  const std::string certified = f.sign();
  f.program = MachoProgram{.cpu = macho::CPU_TYPE_X86_64}.build();
  const std::string intel = f.sign();
  f.options.who = nullptr;
  const std::string anonymous = f.sign();
  const auto judge = [&](const std::string& other, bool allowed) {
    f.verify.allow_mixed_signers = allowed;
    const std::string both =
        universal({{macho::CPU_TYPE_X86_64, other}, {macho::CPU_TYPE_ARM64, certified}});
    auto verdict = verify_file(view_of(both), f.verify);
    REQUIRE(verdict.has_value());
    REQUIRE(verdict->slices.size() == 2);
    return *std::move(verdict);
  };
  CHECK(judge(intel, false).state() == State::valid);
  const FileVerdict mixed = judge(anonymous, false);
  CHECK(mixed.state() == State::invalid);
  CHECK(has(mixed.slices[0].trust, "universal.signer"));
  CHECK(mixed.slices[1].trust.state == State::valid);
  const FileVerdict allowed = judge(anonymous, true);
  CHECK(allowed.state() != State::invalid);
  CHECK(std::ranges::any_of(allowed.warnings,
                            [](const Cause& c) { return c.code == "universal.signer"; }));
}

TEST_CASE("verify: a root that was given is not Apple's") {
  const Fixture f;
  const SliceVerdict slice = f.judge(f.sign());
  CHECK(slice.trust.state == State::valid);
  CHECK(slice.kind == SignatureKind::private_chain);
}

TEST_CASE("signing: policies") {
  const Fixture f;
  const std::string bytes = f.sign();
  const auto holds = [&](const std::string& rule) {
    auto verdict = verify_file(view_of(bytes), f.verify);
    REQUIRE(verdict.has_value());
    REQUIRE(is_policy(rule));
    apply_policy({rule}, *verdict);
    return verdict->state() != State::invalid;
  };
  CHECK(holds("trusted"));
  CHECK(holds("identifier=tool"));
  CHECK(holds("all-slices-same-id"));
  CHECK(holds("no-get-task-allow"));
  CHECK(holds("entitlements=a+b"));
  CHECK_FALSE(holds("developer-id"));  // it has the marks, and its root is not Apple's
  CHECK_FALSE(holds("team=TEAM123456"));
  CHECK_FALSE(holds("timestamp"));
  CHECK_FALSE(is_policy("no-such-rule"));
  CHECK_FALSE(is_policy("team"));
}

TEST_CASE("signing: what is no code is refused with the reason") {
  const SignOptions options;
  const auto code = [&](std::string_view bytes) {
    const auto made = sign_file(view_of(bytes), options);
    REQUIRE_FALSE(made.has_value());
    return made.error().kind;
  };
  CHECK(code("!<arch>\n") == FailureKind::not_code);
  CHECK(code("\x7f"
             "ELF") == FailureKind::not_code);
  CHECK(code("") == FailureKind::not_code);
  Fixture f;
  f.program += std::string(40, 'x');
  CHECK(sign_file(view_of(f.program), f.options).error().kind == FailureKind::trailing_data);
}

TEST_CASE("signing: entitlements as strict as the system") {
  const auto read = [](std::string_view text) {
    return read_entitlements_file(view_of(text), "e.plist");
  };
  const auto good =
      read("<plist version=\"1.0\"><dict><key>get-task-allow</key><true/></dict></plist>");
  REQUIRE(good.has_value());
  CHECK(good->exec_seg_flags == 0x10);
  CHECK_FALSE(read("<plist version=\"1.0\"><dict/></plist></xml>").has_value());
  CHECK_FALSE(read("<plist version=\"1.0\"><array/></plist>").has_value());
  CHECK(read("<plist version=\"1.0\"><dict><key>a</key><true/><key>a</key><true/></dict></plist>")
            .error()
            .what.find("duplicate") != std::string::npos);
}

TEST_CASE("verify: shapes, and what is said of each") {
  CHECK(shape_of(view_of("xar!")) == Shape::package);
  CHECK(shape_of(view_of("!<arch>\n")) == Shape::archive);
  CHECK(shape_of(view_of("hello")) == Shape::other);
  CHECK(shape_of(view_of(std::string(100, 'x') + "koly" + std::string(508, '\0'))) ==
        Shape::disk_image);
  const Fixture f;
  const std::string bytes = f.sign();
  CHECK(shape_of(view_of(bytes)) == Shape::tool);
  const auto verdict = verify_file(view_of(bytes), f.verify);
  const Advice advice = advice_for(Shape::tool, "my tool", *verdict, false);
  CHECK(advice.obstacles.size() == 3);  // private root, timestamp, hardened runtime
  CHECK(quoted(advice.commands.front()) == "codesign --verify --strict --verbose=2 'my tool'");
}
