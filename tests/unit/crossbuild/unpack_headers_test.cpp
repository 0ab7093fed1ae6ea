// The headers that a release carries: unpacked once, complete or not at all.
#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crossbuild/run/archive.h"
#include "crossbuild/run/bundled_headers.h"
#include "host/files.h"

using namespace tenon;

namespace {

// POSIX pax(1), "ustar Interchange Format".
std::string tar_file(std::string_view name, std::string_view text) {
  std::string header(512, '\0');
  const auto put = [&](std::size_t at, std::string_view value) {
    header.replace(at, value.size(), value);
  };
  std::array<char, 16> octal{};
  const auto number = [&](std::size_t at, unsigned value, int digits) {
    std::snprintf(octal.data(), octal.size(), "%0*o", digits, value);
    put(at, octal.data());
  };
  put(0, name);
  number(100, 0644, 7);
  number(108, 0, 7);
  number(116, 0, 7);
  number(124, static_cast<unsigned>(text.size()), 11);
  number(136, 0, 11);
  put(156, "0");
  put(257, "ustar");
  put(263, "00");
  put(148, "        ");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  number(148, sum, 6);
  header[154] = '\0';
  std::string out = header + std::string(text);
  out.resize((out.size() + 511) / 512 * 512);
  return out;
}

BundledHeaders bundled(const std::string& tar) {
  return {view_of(tar).bytes(), "0123456789abcdef"};
}

}  // namespace

TEST_CASE("bundled headers: unpacked into a directory of their digest, and taken from there") {
  if (!reads_archives()) return;
  const TemporaryFolder cache(make_temporary_folder("tenon-headers").value());
  const std::string tar = tar_file("include/Cocoa/Cocoa.h", "// Cocoa\n") +
                          tar_file("VERSION", "objc2 1\n") + std::string(1024, '\0');
  const std::string place = unpack_headers(bundled(tar), cache.path).value();
  CHECK(place == cache.path + "/macos-headers-0123456789abcdef");
  CHECK(read_text(place + "/include/Cocoa/Cocoa.h", 100).value() == "// Cocoa\n");
  CHECK(read_text(place + "/VERSION", 100).value() == "objc2 1\n");
  CHECK(list_folder(cache.path).value().size() == 1);
  // The second time nothing is read: a damaged archive would not be noticed.
  CHECK(unpack_headers(bundled("damaged"), cache.path).value() == place);
}

TEST_CASE("bundled headers: nothing stays of an archive that is damaged or leads out") {
  if (!reads_archives()) return;
  const TemporaryFolder cache(make_temporary_folder("tenon-headers").value());
  const std::string whole = tar_file("include/a.h", "a") + tar_file("include/b.h", "b");
  std::string damaged = whole + std::string(1024, '\0');
  damaged[1024 + 10] = 'x';  // the second header no longer has its sum
  CHECK(!unpack_headers(bundled(damaged), cache.path).has_value());
  const std::string out = tar_file("../escaped.h", "x") + std::string(1024, '\0');
  CHECK(!unpack_headers(bundled(out), cache.path).has_value());
  CHECK(list_folder(cache.path).value().empty());
  CHECK(!is_file(cache.path + "/../escaped.h"));
}

TEST_CASE("bundled headers: this build has them beside it") {
  CHECK(bundled_headers().archive.empty());
}
