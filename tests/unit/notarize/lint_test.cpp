#include "notarize/lint.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "base/bytes.h"
#include "base/crc32.h"
#include "base/memory_tree.h"
#include "codesign/notary/rows.h"
#include "codesign/notary/slice_rows.h"
#include "diag/codes.h"
#include "notarize/archive_tree.h"
#include "notarize/lint_report.h"
#include "notarize/pack.h"
#include "notarize/spool.h"

using namespace tenon;
using namespace tenon::notarize;
using codesign::SignatureKind;
using codesign::SliceVerdict;
using codesign::State;

namespace {

// A slice as a Developer ID with everything that the notary wants.
SliceVerdict fit() {
  SliceVerdict out;
  out.arch = "arm64";
  out.type = "executable";
  out.kind = SignatureKind::developer_id;
  out.flags = 0x10000;
  out.integrity.state = out.identity.state = out.trust.state = State::valid;
  cms::SignerReport signer;
  signer.timestamp.state = State::valid;
  signer.token = cms::Timestamp{};
  signer.token->anchor = cms::Anchor::apple;
  out.cms = std::move(signer);
  return out;
}

std::vector<Code> codes_of(const SliceVerdict& slice) {
  std::vector<Code> out;
  for (const auto& issue : codesign::notary_issues(slice)) out.push_back(issue.code);
  return out;
}

using Codes = std::vector<Code>;

}  // namespace

TEST_CASE("lint: one change to a fit slice, one row") {
  CHECK(codes_of(fit()).empty());
  SliceVerdict s = fit();
  s.kind = SignatureKind::absent;
  CHECK(codes_of(s) == Codes{Code::notarize_not_signed});
  s = fit();
  s.integrity.blame(State::invalid, codesign::make_cause("page.hash", "differs", "page 1"));
  CHECK(codes_of(s) == Codes{Code::notarize_signature_invalid});
  s = fit();
  s.kind = SignatureKind::private_chain;
  CHECK(codes_of(s) == Codes{Code::notarize_no_developer_id});
  s = fit();
  s.cms->expiry.blame(State::invalid, codesign::make_cause("identity.expired", "expired", "leaf"));
  CHECK(codes_of(s) == Codes{Code::notarize_no_developer_id});
  s = fit();
  s.cms->timestamp.state = State::absent;
  CHECK(codes_of(s) == Codes{Code::notarize_no_secure_timestamp});
  s = fit();
  s.cms->token->anchor = cms::Anchor::given;
  CHECK(codes_of(s) == Codes{Code::notarize_no_secure_timestamp});
  s = fit();
  s.flags = 0;
  CHECK(codes_of(s) == Codes{Code::notarize_no_hardened_runtime});
  s.type = "dynamic library";
  CHECK(codes_of(s).empty());
  s = fit();
  s.warnings.push_back(codesign::make_cause("entitlements.get-task-allow", "m", "w"));
  CHECK(codes_of(s) == Codes{Code::notarize_get_task_allow});
  s = fit();
  s.warnings.push_back(codesign::make_cause("entitlements.syntax", "m", "w"));
  CHECK(codes_of(s) == Codes{Code::notarize_entitlements_invalid});
  s = fit();
  s.cms->digest_algorithm = "1.3.14.3.2.26";
  CHECK(codes_of(s) == Codes{Code::notarize_weak_algorithm});
  s = fit();
  s.integrity.blame(State::unknown, codesign::make_cause("scatter", "not compared", "w"));
  CHECK(codes_of(s) == Codes{Code::notarize_not_looked_inside});
}

TEST_CASE("lint: messages of logs and their codes") {
  for (const codesign::NotaryRow& row : codesign::notary_rows()) {
    const bool shared = row.code == Code::notarize_static_library;
    CHECK(codesign::notary_code(row.message) == (shared ? Code::notarize_not_signed : row.code));
    CHECK(codesign::notary_message(row.code) == row.message);
  }
  CHECK(codesign::notary_code("Embedded entitlements are invalid: syntax error near line 3") ==
        Code::notarize_entitlements_invalid);
  CHECK(codesign::notary_code("Anything else") == Code::notarize_reported);
}

TEST_CASE("lint: what was not read makes no answer, what is wrong makes no") {
  LintResult result;
  CHECK(result.eligible() == Eligible::unknown);  // no code at all
  result.programs = 1;
  CHECK(result.eligible() == Eligible::yes);
  result.issues.push_back({Code::notarize_not_looked_inside, "a", "a", {}, "r"});
  CHECK(result.eligible() == Eligible::unknown);
  result.issues.push_back({Code::notarize_not_signed, "a", "a", {}, {}});
  CHECK(result.eligible() == Eligible::no);
  result.issues.clear();
  result.unread.push_back({"a", {}});
  CHECK(result.eligible() == Eligible::unknown);
}

TEST_CASE("pack: links, modes and equal bytes for equal contents") {
  MemoryTree tree;
  REQUIRE(tree.add_file("bin/tool", std::string(10'000, 'x'), true));
  REQUIRE(tree.add_file("empty", ""));
  REQUIRE(tree.add_link("link", "bin/tool"));
  MemorySpool spool;
  const auto one = pack_folder(tree, "app", spool), two = pack_folder(tree, "app", spool);
  REQUIRE(one);
  REQUIRE(two);
  CHECK(one->bytes.text() == two->bytes.text());
  CHECK(one->bytes.size() < 2000);
  codesign::VerifyOptions options;
  Budget budget;
  Linter linter(options, spool, budget);
  linter.file(*one, "app.zip");
  CHECK(linter.result.issues.empty());
  CHECK(linter.result.archives == 1);
}

TEST_CASE("archive: a stream that is longer, shorter or other than its header says") {
  MemoryTree files;
  REQUIRE(files.add_file("f", std::string(100'000, 'y')));
  MemorySpool spool;
  const auto archive = pack_folder(files, "d", spool);
  REQUIRE(archive);
  Budget budget;
  ArchiveTree tree(archive->owner, spool, budget);
  // The member behind the header of the directory "d/" and its own.
  const std::size_t data = 32 + 30 + 3;
  const auto rest = archive->bytes.from(data);
  REQUIRE(rest);
  const std::uint32_t crc = crc32(view_of(std::string(100'000, 'y')).bytes());
  const auto read = [&](std::uint64_t size, std::uint32_t sum) {
    return unpack({*rest, Packing::deflate, size, true, sum}, spool, budget);
  };
  REQUIRE(read(100'000, crc));
  CHECK(read(100'000, crc)->bytes.size() == 100'000);
  CHECK_FALSE(read(99'999, crc));
  CHECK_FALSE(read(100'001, crc));
  CHECK_FALSE(read(100'000, crc + 1));
  CHECK(read(std::uint64_t{1} << 40U, crc).error().code == Errc::limit);
}
