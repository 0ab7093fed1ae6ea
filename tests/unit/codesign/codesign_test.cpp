#include "codesign/blob/codesign.h"

#include <doctest/doctest.h>

#include <string>

#include "base/digest.h"
#include "base/text.h"
#include "format/macho/macho.h"
#include "format/macho_builder.h"

using namespace tenon;
using namespace tenon::codesign;
using namespace tenon::test;

namespace {

// A CodeDirectory over `code`, laid out by hand: header, "id", a hash of `requirements`, pages.
std::string code_directory(const std::string& code, const std::string& requirements,
                           std::uint8_t hash_type = CS_HASHTYPE_SHA256) {
  const auto hash = [](std::string_view bytes) {
    const Sha256 digest = sha256(view_of(bytes).bytes());
    return std::string(reinterpret_cast<const char*>(digest.data()), digest.size());
  };
  const std::size_t pages = (code.size() + 4095) / 4096;
  const std::size_t hash_at = 44 + 4 + 64;
  CodeDirectoryHeader head{CSMAGIC_CODEDIRECTORY,
                           static_cast<std::uint32_t>(hash_at + pages * 32),
                           CS_EARLIEST_VERSION,
                           CS_ADHOC,
                           static_cast<std::uint32_t>(hash_at),
                           44u,
                           2u,
                           static_cast<std::uint32_t>(pages),
                           static_cast<std::uint32_t>(code.size()),
                           32,
                           hash_type,
                           0,
                           12,
                           0u};
  if (hash_type == CS_HASHTYPE_SHA1) head.hashSize = 20;
  std::string out;
  append(out, head);
  out += std::string("id\0\0", 4);
  out += hash(requirements) + std::string(32, '\0');
  for (std::size_t at = 0; at < code.size(); at += 4096) out += hash(code.substr(at, 4096));
  return out;
}

std::string super_blob(const std::vector<std::pair<std::uint32_t, std::string>>& blobs) {
  std::string index, data;
  const std::size_t start = 12 + 8 * blobs.size();
  for (const auto& [slot, bytes] : blobs) {
    append(index, BlobIndex{slot, static_cast<std::uint32_t>(start + data.size())});
    data += bytes;
  }
  std::string out;
  append(out, SuperBlobHeader{CSMAGIC_EMBEDDED_SIGNATURE,
                              static_cast<std::uint32_t>(start + data.size()),
                              static_cast<std::uint32_t>(blobs.size())});
  return out + index + data;
}

struct Sample {
  std::string code = std::string(4096 * 3 + 100, 'c');
  std::string requirements;
  std::string cd;

  Sample() {
    append(requirements, SuperBlobHeader{CSMAGIC_REQUIREMENTS, 12u, 0u});
    cd = code_directory(code, requirements);
  }

  [[nodiscard]] std::string blob() const {
    return super_blob({{CSSLOT_CODEDIRECTORY, cd}, {CSSLOT_REQUIREMENTS, requirements}});
  }

  [[nodiscard]] HashReport check(const std::string& signature) const {
    const std::string all = code + signature;
    return check_hashes(view_of(all), {code.size(), signature.size()});
  }
};

Errc signature_error(const std::string& bytes) {
  const auto parsed = Signature::parse(view_of(bytes));
  REQUIRE_FALSE(parsed.has_value());
  return parsed.error().code;
}

}  // namespace

TEST_CASE("codesign: a signature made by hand is valid") {
  const Sample sample;
  const HashReport report = sample.check(sample.blob());
  CHECK(report.verdict().cause().message == "");
  CHECK(report.verdict().state == State::valid);
  REQUIRE(report.directories.size() == 1);
  CHECK(report.directories[0].pages == 4);
  CHECK_FALSE(report.cms);
  // Padding after the signature is allowed.
  CHECK(sample.check(sample.blob() + std::string(20, '\0')).verdict().state == State::valid);
}

TEST_CASE("codesign: changed pages are named") {
  Sample sample;
  sample.code[4096] = 'x';
  sample.code.back() = 'x';
  const HashReport report = sample.check(sample.blob());
  CHECK(report.verdict().state == State::invalid);
  CHECK(report.directories[0].first_bad_page == 1);
  CHECK(report.directories[0].bad_pages == 2);
  CHECK(report.verdict().cause().message ==
        "page 1 at offset 0x1000 does not match its hash (2 of 4 pages differ)");
}

TEST_CASE("codesign: the code limit has to reach the signature") {
  Sample sample;
  sample.code += std::string(16, '\0');
  const HashReport report = sample.check(sample.blob());
  CHECK(report.verdict().state == State::invalid);
  CHECK(report.verdict().cause().message.find("code limit") != std::string::npos);
}

TEST_CASE("codesign: special slots") {
  Sample sample;
  sample.requirements.back() = 1;
  HashReport report = sample.check(sample.blob());
  CHECK(report.verdict().state == State::invalid);
  CHECK(report.verdict().cause().message == "the contents of slot 2 do not match their hash");

  report = sample.check(super_blob({{CSSLOT_CODEDIRECTORY, sample.cd}}));
  CHECK(report.verdict().cause().message == "slot 2 has a hash but no contents");

  const Sample plain;
  std::string entitlements;
  append(entitlements, GenericBlob{CSMAGIC_EMBEDDED_ENTITLEMENTS, 8u});
  report = plain.check(super_blob({{CSSLOT_CODEDIRECTORY, plain.cd},
                                   {CSSLOT_REQUIREMENTS, plain.requirements},
                                   {CSSLOT_ENTITLEMENTS, entitlements}}));
  CHECK(report.verdict().cause().message == "slot 5 has contents that no hash covers");
}

TEST_CASE("codesign: contents outside of the slice are left open") {
  Sample sample;
  overwrite(sample.cd, 44 + 4 + 32, std::byte{7});  // slot 1
  const HashReport report = sample.check(sample.blob());
  CHECK(report.verdict().state == State::valid);
  CHECK(report.directories[0].open_slots == std::vector<std::uint32_t>{1});
}

TEST_CASE("codesign: what cannot be checked is not valid") {
  Sample sample;
  sample.cd = code_directory(sample.code, sample.requirements, 9);
  const HashReport report = sample.check(sample.blob());
  CHECK(report.verdict().state == State::unknown);
  CHECK(report.verdict().cause().message == "no digest for hash type 9 here");

  const Sample good;
  const HashReport both = good.check(super_blob({{CSSLOT_CODEDIRECTORY, sample.cd},
                                                 {CSSLOT_REQUIREMENTS, good.requirements},
                                                 {CSSLOT_ALTERNATE_CODEDIRECTORIES, good.cd}}));
  CHECK(both.verdict().state == State::valid);
  CHECK(both.directories[0].verdict.state == State::unknown);
}

TEST_CASE("codesign: two directories of one type") {
  const Sample sample;
  const HashReport report =
      sample.check(super_blob({{CSSLOT_CODEDIRECTORY, sample.cd},
                               {CSSLOT_REQUIREMENTS, sample.requirements},
                               {CSSLOT_ALTERNATE_CODEDIRECTORIES, sample.cd}}));
  CHECK(report.verdict().state == State::invalid);
}

TEST_CASE("codesign: damaged signatures") {
  const Sample sample;
  const std::string good = sample.blob();
  CHECK(signature_error(good.substr(0, 8)) == Errc::truncated);
  CHECK(signature_error(good.substr(0, good.size() - 1)) == Errc::truncated);
  std::string bad = good;
  overwrite(bad, 0, ub32(0));
  CHECK(signature_error(bad) == Errc::malformed);
  bad = good;
  overwrite(bad, 8, ub32(0x20000000));  // count
  CHECK(signature_error(bad) == Errc::malformed);
  bad = good;
  overwrite(bad, 16, ub32(4));  // offset of the first blob: into the index
  CHECK(signature_error(bad) == Errc::malformed);
  bad = good;
  overwrite(bad, 20, ub32(0));  // the second blob in slot 0 as well
  CHECK(signature_error(bad) == Errc::malformed);
  CHECK(sample.check(std::string(good.size(), '\0')).verdict().state == State::invalid);
  CHECK(sample.check(super_blob({})).verdict().cause().message ==
        "signature without CodeDirectory: malformed");
}

TEST_CASE("codesign: damaged code directories") {
  const Sample sample;
  const auto code_of = [&](std::size_t at, ub32 value) {
    std::string cd = sample.cd;
    overwrite(cd, at, value);
    const auto parsed = parse_code_directory(view_of(cd));
    REQUIRE_FALSE(parsed.has_value());
    return parsed.error().code;
  };
  CHECK(code_of(4, 0xffffffff) == Errc::truncated);  // length
  CHECK(code_of(8, 0x20000) == Errc::unsupported);   // version
  CHECK(code_of(8, 0x30000) == Errc::unsupported);
  CHECK(code_of(16, 0) == Errc::malformed);           // hashOffset
  CHECK(code_of(20, 0xffffff) == Errc::truncated);    // identOffset
  CHECK(code_of(24, 0xffffffff) == Errc::malformed);  // nSpecialSlots
  CHECK(code_of(28, 0xffffffff) == Errc::truncated);  // nCodeSlots
  CHECK(code_of(36, 0x0002000c) == Errc::malformed);  // hashSize 0
  CHECK(code_of(36, 0x200200ff) == Errc::malformed);  // pageSize
}

TEST_CASE("codesign: a file without signature") {
  const std::string bytes = small_program().build();
  const auto file = macho::File::parse(view_of(bytes));
  CHECK(check_hashes(*file).verdict().state == State::absent);
}

// Code directory hashes: computed with Python's hashlib over the same packages.
TEST_CASE("codesign: real files") {
  struct Known {
    const char *file, *identifier, *cdhash;
    std::uint8_t page_shift;
  };

  const Known all[] = {
      {"esbuild", "a.out", "faf804ab3def337a0e99314b6092ef431c3d7ab5", 12},
      {"fsevents.node", "fsevents.node", "8c4bc119d234ef99eb186d1f92dc1882732fda60", 12},
      {"swc.darwin-arm64.node", "carrier-55554944bef966da35cf3bcbacda1208435f1ea8",
       "d0d9b20b208a53bf2c3e9e43cb9a5ab2fe0f1bae", 14},
  };
  for (const Known& known : all) {
    auto bytes = test_file(known.file);
    if (!bytes) continue;
    CAPTURE(known.file);
    const auto slices = macho::slices(view_of(*bytes));
    REQUIRE(slices.has_value());
    const macho::Slice slice = slices->back();
    const auto file = macho::File::parse(slice.bytes);
    REQUIRE(file.has_value());
    CHECK(check_hashes(*file).verdict().state == State::valid);
    const auto signature = Signature::parse(*file->contents(*file->signature()));
    const CodeDirectory cd = signature->code_directories()->front();
    CHECK(cd.identifier == known.identifier);
    CHECK(cd.page_shift == known.page_shift);
    CHECK(to_hex(cd.cdhash()->data(), 20) == known.cdhash);

    const std::size_t at = static_cast<std::size_t>(slice.offset + 3 * cd.page_size() + 5);
    (*bytes)[at] = static_cast<char>((*bytes)[at] ^ 1);
    const HashReport report = check_hashes(*file);
    CHECK(report.verdict().state == State::invalid);
    CHECK(report.directories.front().first_bad_page == 3);
    CHECK(report.directories.front().bad_pages == 1);
  }
}
