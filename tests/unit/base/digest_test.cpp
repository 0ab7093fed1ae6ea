#include "base/digest.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>

#include "base/bytes.h"
#include "base/text.h"

using namespace tenon;

namespace {

std::string digest(const std::string& text) { return hex(sha256(view_of(text).bytes())); }

}  // namespace

// FIPS 180-4 and its example files (NIST, "SHA-256 examples"); the empty message and 448 and 896
// bits come from the same set.
TEST_CASE("sha256: the published vectors") {
  CHECK(digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(digest("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
               "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu") ==
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  CHECK(digest(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// The same source: FIPS 180-4, SHA-1 and SHA-384 of "abc" and of the message of 448 bits.
TEST_CASE("sha1 and sha384: the published vectors") {
  const auto sha1_hex = [](const std::string& text) {
    const Sha1 digest = sha1(view_of(text).bytes());
    return to_hex(digest.data(), digest.size());
  };
  const auto sha384_hex = [](const std::string& text) {
    const Sha384 digest = sha384(view_of(text).bytes());
    return to_hex(digest.data(), digest.size());
  };
  const std::string longer = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  CHECK(sha1_hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(sha1_hex(longer) == "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  CHECK(sha384_hex("abc") ==
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
        "8086072ba1e7cc2358baeca134c825a7");
}

TEST_CASE("sha256: piece by piece it is the same") {
  const std::string text(100'000, 'x');
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{63}, std::size_t{64}, std::size_t{4097}, text.size()}) {
    Sha256Stream stream;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      stream.add(view_of(text).bytes().subspan(at, std::min(piece, text.size() - at)));
    }
    CHECK(hex(stream.finish()) == digest(text));
  }
  CHECK(hex(Sha256Stream().finish()) == digest(""));
}
