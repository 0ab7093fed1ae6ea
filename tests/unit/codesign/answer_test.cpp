// What `tenon verify` reports of its verdicts.
#include "codesign/verify/answer.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "diag/catalog.h"

using namespace tenon;
using namespace tenon::codesign;

namespace {

VerifyAnswer signed_answer(std::string path = "tool") {
  VerifyAnswer out;
  out.path = std::move(path);
  SliceVerdict slice;
  slice.arch = "arm64";
  slice.type = "executable";
  slice.kind = SignatureKind::ad_hoc;
  slice.integrity.state = State::valid;
  out.file.slices.push_back(std::move(slice));
  return out;
}

VerifyResult result_of(VerifyAnswer answer) {
  VerifyResult out;
  out.answers.push_back(std::move(answer));
  return out;
}

Report report_of(const VerifyResult& result) {
  Report report;
  add_to_report(result, false, false, {}, report);
  return report;
}

// The code of the only finding about a slice in which one of the three is invalid.
Code code_when_invalid(Verdict SliceVerdict::* part) {
  VerifyAnswer answer = signed_answer();
  (answer.file.slices.front().*part).blame(State::invalid, make_cause("c", "is wrong", "page 3"));
  const Report report = report_of(result_of(std::move(answer)));
  REQUIRE(report.findings.size() == 1);
  REQUIRE(report.findings[0].evidence.size() == 1);
  CHECK(report.findings[0].evidence[0].where == "page 3");
  CHECK_FALSE(report.ok);
  return report.findings[0].code;
}

}  // namespace

TEST_CASE("overall state: nothing looked at is not good") {
  CHECK(overall_state({}) == State::unknown);
  CHECK(overall_state(result_of(signed_answer())) == State::valid);
}

TEST_CASE("overall state: unsigned is as bad as invalid, and both outweigh what was not read") {
  VerifyAnswer plain = signed_answer();
  plain.file.slices.front().kind = SignatureKind::absent;
  plain.file.slices.front().integrity.state = State::absent;
  VerifyResult result = result_of(plain);
  CHECK(overall_state(result) == State::invalid);
  result.findings.emplace_back();  // a file that could not be read
  CHECK(overall_state(result) == State::invalid);
  result.answers = {signed_answer()};
  CHECK(overall_state(result) == State::unknown);
  result.findings.clear();
  result.answers.front().file.slices.front().trust.state = State::unknown;
  CHECK(overall_state(result) == State::unknown);
}

TEST_CASE("overall state: a disk image has advice and no slices") {
  VerifyAnswer image;
  image.path = "a.dmg";
  image.advice = Advice();
  CHECK(overall_state(result_of(image)) == State::valid);
  VerifyResult result = result_of(image);
  result.findings.push_back(not_verified(Shape::disk_image, "a.dmg", Error{}));
  CHECK(overall_state(result) == State::unknown);
  CHECK(result.findings[0].message.contains("the disk image is damaged"));
}

TEST_CASE("findings: the code tells which of the three verdicts is invalid") {
  CHECK(code_when_invalid(&SliceVerdict::integrity) == Code::verify_changed_after_signing);
  CHECK(code_when_invalid(&SliceVerdict::identity) == Code::verify_identity_not_proven);
  CHECK(code_when_invalid(&SliceVerdict::trust) == Code::verify_not_trusted);
}

TEST_CASE("findings: one a path, integrity before identity before trust") {
  VerifyAnswer answer = signed_answer();
  SliceVerdict& slice = answer.file.slices.front();
  slice.trust.blame(State::invalid, make_cause("t", "t", "t"));
  slice.identity.blame(State::invalid, make_cause("i", "i", "i"));
  const Report report = report_of(result_of(answer));
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].code == Code::verify_identity_not_proven);
}

TEST_CASE("findings: not signed") {
  VerifyAnswer answer = signed_answer();
  answer.file.slices.front().kind = SignatureKind::absent;
  const Report report = report_of(result_of(answer));
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].code == Code::verify_not_signed);
}

TEST_CASE("text: controls of a name stay out") {
  VerifyAnswer answer = signed_answer("a\x1b[31m\nb");
  const Shown text = verdict_text(answer, true, {});
  CHECK_FALSE(text.contains('\x1b'));
  CHECK(text.text().starts_with("a\\x1b[31m\\x0ab: "));
  CHECK(text.contains("ad-hoc"));
}

TEST_CASE("advice: a private certificate is no Developer ID to the notary") {
  VerifyAnswer answer = signed_answer();
  SliceVerdict& slice = answer.file.slices.front();
  slice.kind = SignatureKind::private_chain;
  slice.trust.state = State::valid;
  const Advice advice = advice_for(Shape::tool, "dist/my tool", answer.file, false);
  CHECK(advice.obstacles.size() == 3);  // Developer ID, timestamp, hardened runtime
  REQUIRE_FALSE(advice.commands.empty());
  CHECK(quoted(advice.commands.front()).contains("'dist/my tool'"));
  // spctl(8) judges apps; of a bare program it says the same whatever it is.
  CHECK(advice.answer.contains("does not seem to be an app"));
}
