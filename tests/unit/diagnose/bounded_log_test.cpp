#include "diagnose/bounded_log.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

using namespace tenon;

TEST_CASE("bounded log: a log that fits is kept to the byte, however it comes") {
  const std::string_view text = "one\n\ntwo\r\nthree";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    BoundedLog log(10'000);
    for (std::size_t i = 0; i < text.size(); i += step) log.add(text.substr(i, step));
    CHECK(log.finish() == text);
    CHECK(log.lines_left_out() == 0);
    CHECK(log.bytes_left_out() == 0);
  }
}

TEST_CASE("bounded log: of a long one the begin and the end are kept, and the rest is counted") {
  BoundedLog log(10'000);
  std::size_t given = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::string line = std::to_string(i) + "\n";
    given += line.size();
    log.add(line);
  }
  const std::string text = log.finish();
  CHECK(text.starts_with("0\n1\n"));
  CHECK(text.ends_with("\n99998\n99999\n"));
  CHECK(text.size() + log.bytes_left_out() == given);
  CHECK(log.lines_left_out() > 99'000);
  CHECK(text.size() < 4'000);
  // The seam is between two whole lines.
  CHECK(text.find("\n99") < text.size());
}

TEST_CASE("bounded log: of a line without an end the begin and the end are kept") {
  BoundedLog log(10'000);
  for (int i = 0; i < 1000; ++i) log.add(std::string(1000, 'x'));
  log.add("\nlast\n");
  const std::string text = log.finish();
  CHECK(text.size() < 50'000);
  CHECK(text.ends_with("\nlast\n"));
  CHECK(log.bytes_left_out() > 900'000);
}
