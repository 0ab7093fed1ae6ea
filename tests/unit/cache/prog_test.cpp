#include "cache/prog.h"

#include <doctest/doctest.h>

#include <string>

#include "base/base64.h"

using namespace tenon;

// Requests as cmd/go writes them (documentation of cmd/go/internal/cacheprog).
TEST_CASE("prog: get, put and close are read") {
  const auto get = parse_prog_request(
      R"({"ID":1,"Command":"get","ActionID":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="})");
  REQUIRE(get);
  CHECK(get->command == ProgRequest::Command::get);
  CHECK(get->action == "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  const auto put = parse_prog_request(
      R"({"ID":2,"Command":"put","ActionID":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",)"
      R"("OutputID":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","BodySize":3})");
  REQUIRE(put);
  CHECK(put->body == 3);
  CHECK(parse_prog_body("\"YWJj\"", 3).value() == "abc");
  CHECK_FALSE(parse_prog_body("\"YWJj\"", 4));
  CHECK_FALSE(parse_prog_body("YWJj", 3));
  const auto close = parse_prog_request(R"({"ID":9,"Command":"close"})");
  REQUIRE(close);
  CHECK(close->command == ProgRequest::Command::close);
}

TEST_CASE("prog: what is no request is answered with its number") {
  CHECK(parse_prog_request("{").error().id == 0);
  CHECK(parse_prog_request(R"({"ID":4,"Command":"list"})").error().id == 4);
  CHECK(parse_prog_request(R"({"ID":5,"Command":"get","ActionID":"Li4v"})").error().what ==
        "no ActionID");
  CHECK_FALSE(parse_prog_request(R"({"ID":6,"Command":"get","ActionID":7})"));
}

TEST_CASE("prog: an answer names the file and the time in RFC 3339") {
  const ProgEntry entry{std::string(64, 'a'), 3, 86'400, "/c/x"};
  const std::string text = prog_hit(7, entry);
  CHECK(text.contains("\"1970-01-02T00:00:00Z\""));
  CHECK(text.contains("\"DiskPath\""));
  CHECK(text.find('\n') == text.size() - 1);
  const auto back = parse_prog_record(prog_record(entry));
  REQUIRE(back);
  CHECK(back->size == 3);
  CHECK_FALSE(parse_prog_record("tenon go 1\nshort 1 1\n"));
}

TEST_CASE("base64: every length comes back, and other characters do not pass") {
  std::string bytes;
  for (int i = 0; i < 70; ++i) {
    const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
    CHECK(from_base64(to_base64({data, bytes.size()})).value() == bytes);
    bytes += static_cast<char>(i * 41);
  }
  CHECK_FALSE(from_base64("a"));
  CHECK_FALSE(from_base64("ab_="));
  CHECK(from_base64("")->empty());
}
