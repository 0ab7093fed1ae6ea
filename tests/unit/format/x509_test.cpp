#include "format/x509/x509.h"

#include <doctest/doctest.h>

#include <string>

#include "format/x509_samples.h"

using namespace tenon;

// Subjects and dates are those that `openssl x509 -noout -subject -issuer -dates` prints.
TEST_CASE("x509: names and days of certificates") {
  const std::string both =
      "keychain: x\n" + std::string(x509::samples::leaf) + std::string(x509::samples::intermediate);
  const auto found = x509::summarize_pem(both);
  REQUIRE(found.size() == 2);
  CHECK(found[0].subject == "Developer ID Application: Foo Inc (ABCDE12345)");
  CHECK(found[0].subject_unit == "ABCDE12345");
  CHECK(found[0].issuer == "Developer ID Certification Authority");
  CHECK(found[0].issuer_unit == "Apple Certification Authority");
  CHECK(found[0].not_before == "2026-11-28");
  CHECK(found[0].not_after == "2026-12-28");
  CHECK(found[1].subject == found[0].issuer);
  CHECK(found[1].not_after == "2027-02-01");
  CHECK(found[1].end == 1'801'486'784);  // 12:59:44, by openssl and date(1)
}

TEST_CASE("x509: what is no certificate") {
  CHECK(x509::summarize_pem("").empty());
  CHECK(x509::summarize_pem("-----BEGIN CERTIFICATE-----").empty());
  CHECK(x509::summarize_pem("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----").empty());
  CHECK_FALSE(x509::summarize(view_of(std::string_view("\x30\x84\xff\xff\xff\xff"))).has_value());
  // Cut anywhere, it gives an error and no more.
  std::string pem(x509::samples::leaf);
  const std::string head = "-----BEGIN CERTIFICATE-----\n", tail = "\n-----END CERTIFICATE-----\n";
  const std::string body = pem.substr(head.size(), pem.find("-----END") - head.size());
  std::size_t whole = 0;
  for (std::size_t size = 0; size < body.size(); ++size) {
    whole += x509::summarize_pem(head + body.substr(0, size) + tail).size();
  }
  CHECK(whole < 8);
}
