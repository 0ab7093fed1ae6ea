#include "diag/expiry.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "diag/code.h"
#include "diag/codes.h"

using namespace tenon;

namespace {

constexpr std::int64_t day = 86400;
constexpr std::int64_t end = 1'801'519'935;  // 2027-02-01 22:12:15, by date(1)

std::string told(std::int64_t now) {
  const auto finding = expiry_finding("Example CA", end, now);
  if (!finding) return "nothing";
  CHECK(finding->subject == "Example CA");
  CHECK_FALSE(finding->fixes.empty());
  return std::string(code_text(finding->code)) + " " + finding->message.text();
}

}  // namespace

TEST_CASE("expiry: the last second belongs to the life of a certificate") {
  CHECK(told(end + 1) == "TN1009 Example CA has expired");
  CHECK(told(end) == "TN0805 Example CA expires on 2027-02-01, in less than a day");
  CHECK(told(end - day) == "TN0805 Example CA expires on 2027-02-01, in 1 day");
}

TEST_CASE("expiry: ninety whole days are soon") {
  CHECK(told(end - 91 * day) == "nothing");
  CHECK(told(end - 91 * day + 1) == "TN0805 Example CA expires on 2027-02-01, in 90 days");
  CHECK(lifetime_of(end, end - 40 * day, 30) == Lifetime::long_enough);
  CHECK(lifetime_of(end, end - 30 * day, 30) == Lifetime::ends_soon);
}

TEST_CASE("expiry: authorities of Apple that are known without their certificates") {
  CHECK(known_authority_end("Developer ID Certification Authority") == end);
  CHECK(known_authority_end("Developer ID Certification Authority G2") == 1'947'369'600);
  CHECK_FALSE(known_authority_end("Example CA").has_value());
}
