#include "codesign/verify/requirements.h"

#include <doctest/doctest.h>

#include <string>

#include "base/text.h"

using namespace tenon;
using namespace tenon::codesign;
using requirement::Answer;

namespace {

cms::Certificate::Extension extension(std::string oid, std::string_view content) {
  cms::Certificate::Extension out;
  out.oid = std::move(oid);
  const auto bytes = view_of(content).bytes();
  out.value.assign(bytes.begin(), bytes.end());
  return out;
}

State trust_after(SliceVerdict slice, std::string_view text) {
  const auto wanted = requirement::compile(text);
  REQUIRE(wanted.has_value());
  apply_requirement(*wanted, "test", OS_REQ_FAILED, slice);
  return slice.trust.state;
}

}  // namespace

TEST_CASE("requirements: what is read from certificates") {
  cms::Certificate certificate;
  certificate.subject.fields = {{"2.5.4.3", "Example"}, {"1.2.840.113549.1.9.1", "a@example.com"}};
  certificate.policies = {"1.2.3"};
  certificate.extensions = {
      // Developer ID certificates hold the day from which notarization was necessary.
      extension("1.2.840.113635.100.6.1.33",
                "\x0c\x0f"
                "20191020000000Z"),
      extension("1.2.840.113635.100.6.1.13", "\x05\x00"),
      extension("1.2.3.4",
                "\x0c\x03"
                "abc"),
      // An address, a name of a host, an address.
      extension("2.5.29.17",
                "\x30\x13\x81\x05"
                "b@b.b"
                "\x82\x03"
                "c.c"
                "\x81\x05"
                "d@d.d"),
      extension("1.2.3.5", "")};
  const auto facts = certificate_facts({certificate});
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].emails == std::vector<std::string>{"a@example.com", "b@b.b", "d@d.d"});
  CHECK(facts[0].extensions.size() == 5);
  CHECK(facts[0].policies == certificate.policies);
  REQUIRE(facts[0].dates.size() == 1);
  CHECK(facts[0].dates[0].first == "1.2.840.113635.100.6.1.33");
  CHECK(requirement::time_text(facts[0].dates[0].second) == "2019-10-20 00:00:00 +0000");
}

TEST_CASE("requirements: an Info.plist that is not at hand is not absent") {
  SliceVerdict slice;
  slice.trust.state = State::valid;
  CHECK(trust_after(slice, "info[x] absent") == State::valid);
  CHECK(trust_after(slice, "info[x] exists") == State::invalid);
  slice.info_known = false;
  CHECK(trust_after(slice, "info[x] absent") == State::unknown);
  CHECK(trust_after(slice, "info[x] exists") == State::unknown);
  slice.info_known = true;
  plist::Dict dict;
  dict.add("x", "1.10");
  slice.info = plist::Value(std::move(dict));
  CHECK(trust_after(slice, "info[x] > \"1.9\"") == State::valid);
  CHECK(trust_after(slice, "info[x] absent") == State::invalid);
}

TEST_CASE("requirements: of several hashes the system's own counts") {
  SliceVerdict slice;
  slice.directories.resize(2);
  slice.directories[0].cdhash = std::string(40, '1');  // SHA-1, in slot 0
  slice.directories[1].cdhash = std::string(40, '2');
  slice.cdhash = slice.directories[1].cdhash;
  slice.platform = 3;
  slice.trust.state = State::valid;
  CHECK(trust_after(slice, "cdhash H\"" + slice.cdhash + "\" and platform 3") == State::valid);
  CHECK(trust_after(slice, "cdhash H\"" + std::string(40, '1') + "\"") == State::invalid);
  SliceVerdict failed = slice;
  apply_requirement(*requirement::compile("identifier a and always"), "test", OS_REQ_FAILED,
                    failed);
  REQUIRE(failed.trust.causes.size() == 1);
  CHECK(failed.trust.causes[0].message == "does not hold: identifier a: the identifier is \"\"");
}
