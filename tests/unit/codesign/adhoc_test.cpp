#include "codesign/sign/adhoc.h"

#include <doctest/doctest.h>

#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "base/digest.h"
#include "codesign/blob/codesign.h"
#include "codesign/sign/universal.h"
#include "format/macho/macho.h"
#include "format/macho_builder.h"

using namespace tenon;
using namespace tenon::sign;
using namespace tenon::test;

namespace {

const SignOptions options{"com.example.tool", 0, 0};

std::vector<std::byte> must_sign(ByteView input, const SignOptions& with = options) {
  auto result = sign_adhoc(input, with);
  REQUIRE(result.has_value());
  return *result;
}

std::vector<std::byte> must_strip(ByteView input) {
  auto result = strip_signature(input);
  REQUIRE(result.has_value());
  return *result;
}

codesign::CodeDirectory directory_of(ByteView bytes) {
  const auto file = macho::File::parse(bytes);
  REQUIRE(file.has_value());
  REQUIRE(file->signature().has_value());
  const auto signature = codesign::Signature::parse(*file->contents(*file->signature()));
  REQUIRE(signature.has_value());
  return signature->code_directories()->front();
}

codesign::State state_of(ByteView bytes) {
  return codesign::check_hashes(*macho::File::parse(bytes)).verdict().state;
}

void check_rules(ByteView input) {
  const auto result = must_sign(input);
  const ByteView view(result);
  CHECK(state_of(view) == codesign::State::valid);
  CHECK(must_sign(view) == result);
  CHECK(must_strip(view) == must_strip(input));
  const auto plain = must_strip(input);
  CHECK(must_sign(ByteView(plain)) == result);
  CHECK(must_strip(ByteView(plain)) == plain);
}

Errc sign_error(const std::string& bytes, const SignOptions& with = options) {
  const auto result = sign_adhoc(view_of(bytes), with);
  REQUIRE_FALSE(result.has_value());
  return result.error().code;
}

}  // namespace

TEST_CASE("sign: an unsigned program") {
  const std::string input = small_program().build();
  check_rules(view_of(input));
  const auto result = must_sign(view_of(input));
  const codesign::CodeDirectory cd = directory_of(ByteView(result));
  CHECK(cd.identifier == "com.example.tool");
  CHECK(cd.version == 0x20400);
  CHECK(cd.flags == codesign::CS_ADHOC);
  CHECK(cd.page_size() == 16384);
  CHECK(cd.special_slots == 2);
  CHECK(cd.exec_seg_limit == 0x4000);
  CHECK(cd.exec_seg_flags == codesign::CS_EXECSEG_MAIN_BINARY);
  CHECK(cd.code_limit % 16 == 0);
  const auto file = macho::File::parse(ByteView(result));
  const macho::Segment* linkedit = file->segment("__LINKEDIT");
  CHECK(linkedit->fileoff + linkedit->filesize == result.size());
  CHECK(linkedit->vmsize == 0x4000);
}

TEST_CASE("sign: every length of the link-edit data") {
  for (std::size_t extra = 0; extra < 17; ++extra) {
    MachoBuilder b = small_program();
    b.linkedit += std::string(extra, '\0');
    check_rules(view_of(b.build()));
  }
}

TEST_CASE("sign: pages and flags by machine and type") {
  MachoBuilder b = small_program();
  b.cputype = macho::CPU_TYPE_X86_64;
  b.filetype = macho::MH_DYLIB;
  const std::string input = b.build();
  check_rules(view_of(input));
  const auto result = must_sign(view_of(input));
  CHECK(directory_of(ByteView(result)).page_size() == 4096);
  CHECK(directory_of(ByteView(result)).exec_seg_flags == 0);
  CHECK(sign_error(input, {"x", 16384, 0}) == Errc::invalid_argument);

  const std::string arm = small_program().build();
  const auto small = must_sign(view_of(arm), {"x", 4096, 0});
  CHECK(directory_of(ByteView(small)).page_size() == 4096);
  const auto runtime = must_sign(view_of(arm), {"x", 0, codesign::CS_RUNTIME});
  CHECK(directory_of(ByteView(runtime)).version == 0x20500);
  CHECK(state_of(ByteView(runtime)) == codesign::State::valid);
}

TEST_CASE("sign: pages that the machine does not have are noticed") {
  const std::string input = small_program().build();
  auto result = must_sign(view_of(input));
  const auto machine = ul32(macho::CPU_TYPE_X86_64);
  std::memcpy(result.data() + 4, &machine, sizeof machine);
  const ByteView first_hash = directory_of(ByteView(result)).code_hash(0);
  const Sha256 digest = sha256(std::span(result).first(16384));
  std::memcpy(result.data() + first_hash.base(), digest.data(), digest.size());
  const auto verdict = codesign::check_hashes(*macho::File::parse(ByteView(result))).verdict();
  CHECK(verdict.cause().message == "the kernel of this machine does not map pages of 16384 bytes");
}

TEST_CASE("sign: an embedded Info.plist is sealed") {
  MachoBuilder b = small_program();
  b.text_name = "__info_plist";
  const std::string input = b.build();
  check_rules(view_of(input));
  auto result = must_sign(view_of(input));
  CHECK_FALSE(directory_of(ByteView(result)).special_hash(1).empty());
}

TEST_CASE("sign: a changed byte is noticed") {
  const std::string input = small_program().build();
  auto result = must_sign(view_of(input));
  result[0x1010] ^= std::byte{1};
  CHECK(state_of(ByteView(result)) == codesign::State::invalid);
  result[0x1010] ^= std::byte{1};
  result.push_back(std::byte{0});
  CHECK(state_of(ByteView(result)) == codesign::State::invalid);
}

TEST_CASE("sign: the identifier of the old signature") {
  const std::string input = small_program().build();
  CHECK(sign_error(input, {}) == Errc::invalid_argument);
  const auto first = must_sign(view_of(input));
  CHECK(must_sign(ByteView(first), {}) == first);
  CHECK(sign_error(input, {std::string("a\0b", 3), 0, 0}) == Errc::invalid_argument);
}

TEST_CASE("sign: entitlements are kept") {
  // Signed once, then an entitlements blob is put in the place of the CMS.
  const std::string input = small_program().build();
  auto result = must_sign(view_of(input));
  const auto file = macho::File::parse(ByteView(result));
  const std::size_t index = static_cast<std::size_t>(file->signature()->offset) + 12 + 16;
  const codesign::BlobIndex entry{codesign::CSSLOT_ENTITLEMENTS,
                                  (*ByteView(result).at<codesign::BlobIndex>(index))->offset};
  std::memcpy(result.data() + index, &entry, sizeof entry);
  CHECK(state_of(ByteView(result)) == codesign::State::invalid);
  const auto again = must_sign(ByteView(result));
  CHECK(state_of(ByteView(again)) == codesign::State::valid);
  CHECK(directory_of(ByteView(again)).special_slots == 5);
  CHECK(must_sign(ByteView(again)) == again);
}

TEST_CASE("sign: what is refused") {
  CHECK(sign_error("!<arch>\n") == Errc::invalid_argument);
  CHECK(sign_error("no file") == Errc::malformed);
  MachoBuilder object = small_program();
  object.filetype = macho::MH_OBJECT;
  CHECK(sign_error(object.build()) == Errc::invalid_argument);
  CHECK(sign_error(small_program().build() + "payload") == Errc::malformed);
  CHECK(sign_error(small_program().build(), {"x", 8192, 0}) == Errc::invalid_argument);
  CHECK(sign_error(small_program().build(), {"x", 0, codesign::CS_LINKER_SIGNED}) ==
        Errc::invalid_argument);
  MachoBuilder full = small_program();
  const std::size_t commands = 32 + 72 + 80 + 72 + 24 + 16;
  full.text_at = static_cast<std::uint32_t>(commands + 15);
  CHECK(sign_error(full.build()) == Errc::invalid_argument);
  full.text_at = static_cast<std::uint32_t>(commands + 16);
  check_rules(view_of(full.build()));
}

TEST_CASE("sign: default identifiers") {
  const ByteView none;
  CHECK(default_identifier("/a/b/libfoo.5.1.dylib", none) == "libfoo.5");
  CHECK(default_identifier("com.example.tool.node", none) == "com.example.tool");
  CHECK(default_identifier("tool.1", none) == "tool.1");
  CHECK(default_identifier("tool", none) == "tool");
  MachoBuilder b;
  std::string uuid;
  append(uuid, macho::UuidCommand{macho::LC_UUID, 24u, {}});
  b.commands = {uuid};
  const std::string bytes = b.build();
  CHECK(default_identifier("tool", view_of(bytes)) ==
        "tool-5555494400000000000000000000000000000000");
}

TEST_CASE("sign: universal files") {
  const std::string arm = small_program().build();
  MachoBuilder b = small_program();
  b.cputype = macho::CPU_TYPE_X86_64;
  const std::string intel = b.build();
  const ByteView both[] = {view_of(arm), view_of(intel)};
  const auto joined = make_universal(both);
  REQUIRE(joined.has_value());
  const auto slices = macho::slices(ByteView(*joined));
  REQUIRE(slices.has_value());
  REQUIRE(slices->size() == 2);
  CHECK((*slices)[0].cputype == macho::CPU_TYPE_X86_64);
  CHECK((*slices)[0].offset == 4096);
  CHECK((*slices)[0].bytes.text() == intel);
  CHECK((*slices)[1].offset % 16384 == 0);
  CHECK((*slices)[1].bytes.text() == arm);
  CHECK(sign_adhoc(ByteView(*joined), options).error().code == Errc::invalid_argument);

  const ByteView twice[] = {view_of(arm), view_of(arm)};
  CHECK(make_universal(twice).error().code == Errc::invalid_argument);
  CHECK(make_universal({}).error().code == Errc::invalid_argument);
  const ByteView text[] = {view_of("hello")};
  CHECK(make_universal(text).error().code == Errc::invalid_argument);
}

TEST_CASE("sign: real files") {
  for (const char* name : {"esbuild", "fsevents.node", "swc.darwin-arm64.node"}) {
    const auto bytes = test_file(name);
    if (!bytes) continue;
    CAPTURE(name);
    const auto slices = macho::slices(view_of(*bytes));
    REQUIRE(slices.has_value());
    for (const macho::Slice& slice : *slices) check_rules(slice.bytes);
  }
}
