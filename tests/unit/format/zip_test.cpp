#include "format/zip/zip.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/crc32.h"

using namespace tenon;

namespace {

// An archive of stored members, by the writer.
std::string archive_of(std::vector<std::pair<std::string, std::string>> files) {
  std::string out;
  std::vector<zip::Written> members;
  for (auto& [name, data] : files) {
    zip::Written member;
    member.name = name;
    member.size = member.packed = data.size();
    member.crc = crc32(view_of(data).bytes());
    member.offset = out.size();
    out += zip::local_header(member) + data;
    members.push_back(member);
  }
  return out + zip::central_directory(members, out.size());
}

Errc error_of(const std::string& bytes) {
  const auto archive = zip::Archive::parse(view_of(bytes));
  return archive ? Errc::io : archive.error().code;
}

}  // namespace

TEST_CASE("zip: what is written is read") {
  const std::string bytes = archive_of({{"a/b", "hello"}, {"c", ""}});
  const auto archive = zip::Archive::parse(view_of(bytes));
  REQUIRE(archive);
  REQUIRE(archive->members().size() == 2);
  CHECK(archive->members()[0].name == "a/b");
  CHECK(archive->members()[0].data.text() == "hello");
  CHECK(archive->members()[0].mode == 0100644);
  CHECK(archive->members()[1].size == 0);
  CHECK(archive->members()[1].name == "c");
}

TEST_CASE("zip: something before the archive moves all offsets") {
  const std::string bytes = "#!/bin/sh\nexec java -jar \"$0\"\n" + archive_of({{"a", "data"}});
  const auto archive = zip::Archive::parse(view_of(bytes));
  REQUIRE(archive);
  CHECK(archive->members()[0].data.text() == "data");
}

TEST_CASE("zip: cut anywhere it is refused, and a changed byte never reads outside") {
  const std::string bytes = archive_of({{"a", "data"}, {"b", "more data"}});
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK(error_of(bytes.substr(0, size)) != Errc::io);
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const char value : {'\0', '\x7f', '\xff'}) {
      std::string changed = bytes;
      changed[at] = value;
      const auto archive = zip::Archive::parse(view_of(changed));
      if (!archive) continue;
      for (const zip::Member& member : archive->members()) {
        CHECK(member.data.data() >= view_of(changed).data());
        CHECK(member.data.data() + member.data.size() <= view_of(changed).data() + changed.size());
      }
    }
  }
}

TEST_CASE("zip: sizes above 4 GiB are written and read in the extra fields") {
  zip::Written member;
  member.name = "x";
  member.size = member.packed = std::uint64_t{5} << 32U;
  member.offset = std::uint64_t{6} << 32U;
  const std::string header = zip::local_header(member);
  // 30 bytes, the name, and 20 bytes of zip64 with both sizes.
  CHECK(header.size() == 30 + 1 + 20);
  CHECK(view_of(header).slice(31 + 4, 8)->text() == std::string("\0\0\0\0\5\0\0\0", 8));
  const std::vector<zip::Written> members{member};
  const std::string end = zip::central_directory(members, std::uint64_t{7} << 32U);
  // Directory entry with three fields, zip64 end, its locator, the old end.
  CHECK(end.size() == 46 + 1 + 28 + 56 + 20 + 22);
}

TEST_CASE("zip: names that lead out") {
  for (const char* name : {"a", "a/b", "a/", "..a", "a..b/.c"}) CHECK(zip::is_safe_name(name));
  for (const char* name : {"", "/", "/a", "a//b", "../a", "a/..", "./a", "a/./b", "a\\b"}) {
    CAPTURE(name);
    CHECK_FALSE(zip::is_safe_name(name));
  }
  CHECK_FALSE(zip::is_safe_name(std::string("a\0b", 3)));
}
