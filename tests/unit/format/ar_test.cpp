#include "format/ar/ar.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tenon;

namespace {

std::string field(std::string text, std::size_t width) {
  text.resize(width, ' ');
  return text;
}

// ar(5), written out by hand.
std::string member(const std::string& name, const std::string& data) {
  std::string out = field(name, 16) + field("0", 12) + field("0", 6) + field("0", 6) +
                    field("100644", 8) + field(std::to_string(data.size()), 10) + "`\n" + data;
  if (data.size() % 2 != 0) out += '\n';
  return out;
}

std::string number(std::uint64_t value, int size, bool big) {
  std::string out;
  for (int i = 0; i < size; ++i) {
    out += static_cast<char>(value >> (8 * (big ? size - 1 - i : i)));
  }
  return out;
}

ar::Archive parsed(const std::string& bytes) {
  auto archive = ar::Archive::parse(view_of(bytes));
  REQUIRE(archive);
  return *archive;
}

std::vector<std::string> index_of(const ar::Archive& archive) {
  std::vector<std::string> out;
  ar::Index index = archive.index().value();
  for (auto entry = index.next(); entry && *entry; entry = index.next()) {
    const ar::Member* found = archive.member_at((*entry)->offset);
    out.push_back(std::string((*entry)->symbol) + " in " +
                  (found != nullptr ? std::string(found->name) : "nothing"));
  }
  return out;
}

const std::string magic = "!<arch>\n";

}  // namespace

TEST_CASE("ar: GNU names, long names and index") {
  const std::string names = "a_name_longer_than_fifteen.o/\n";
  const std::string table = number(2, 4, true) + number(8 + 60 + 22 + 60 + 30, 4, true) +
                            number(8 + 60 + 22 + 60 + 30 + 64, 4, true) +
                            std::string("f\0long\0\0\0\0", 10);
  const std::string bytes =
      magic + member("/", table) + member("//", names) + member("x.o/", "abc") + member("/0", "de");
  const ar::Archive archive = parsed(bytes);
  REQUIRE(archive.members().size() == 2);
  CHECK(!archive.thin());
  CHECK(archive.members()[0].name == "x.o");
  CHECK(archive.members()[0].data.text() == "abc");
  CHECK(archive.members()[0].data.base() == bytes.find("abc"));
  CHECK(archive.members()[1].name == "a_name_longer_than_fifteen.o");
  CHECK(archive.index()->kind() == ar::IndexKind::gnu);
  CHECK(index_of(archive) ==
        std::vector<std::string>{"f in x.o", "long in a_name_longer_than_fifteen.o"});
}

TEST_CASE("ar: the 64-bit GNU index") {
  const std::string table =
      number(1, 8, true) + number(8 + 60 + 18, 8, true) + std::string("f\0", 2);
  const std::string bytes = magic + member("/SYM64/", table) + member("x.o/", "abc");
  const ar::Archive archive = parsed(bytes);
  CHECK(archive.index()->kind() == ar::IndexKind::gnu64);
  CHECK(index_of(archive) == std::vector<std::string>{"f in x.o"});
}

TEST_CASE("ar: BSD names and both widths and orders of its index") {
  for (const int width : {4, 8}) {
    for (const bool big : {false, true}) {
      const std::string title = width == 8 ? "__.SYMDEF_64" : "__.SYMDEF SORTED";
      std::string table = title;
      table.resize(20);
      const std::size_t words = std::size_t(width);
      table += number(2 * words, width, big) + number(1, width, big) +
               number(8 + 60 + 20 + 4 * words + 4, width, big) + number(4, width, big) +
               std::string("\0f\0\0", 4);
      const std::string data = std::string("long.o\0\0data", 12);
      const std::string bytes = magic + member("#1/20", table) + member("#1/8", data);
      const ar::Archive archive = parsed(bytes);
      REQUIRE(archive.members().size() == 1);
      CHECK(archive.members()[0].name == "long.o");
      CHECK(archive.members()[0].data.text() == "data");
      CHECK(archive.members()[0].size == 4);
      CHECK(archive.index()->kind() == (width == 8 ? ar::IndexKind::bsd64 : ar::IndexKind::bsd));
      CHECK(index_of(archive) == std::vector<std::string>{"f in long.o"});
    }
  }
}

TEST_CASE("ar: a thin archive names files and holds none") {
  const std::string header = member("/0", "").replace(48, 10, field("4096", 10));
  const std::string bytes = "!<thin>\n" + member("//", "dir/x.o/\n") + header + header;
  const ar::Archive archive = parsed(bytes);
  CHECK(archive.thin());
  REQUIRE(archive.members().size() == 2);
  CHECK(archive.members()[1].name == "dir/x.o");
  CHECK(archive.members()[1].size == 4096);
  CHECK(archive.members()[1].data.empty());
}

TEST_CASE("ar: an empty archive and one without index") {
  CHECK(parsed(magic).members().empty());
  const std::string bytes = magic + member("x.o/", "abc");
  CHECK(parsed(bytes).index()->size() == 0);
  CHECK(parsed(bytes).index()->kind() == ar::IndexKind::none);
}

TEST_CASE("ar: bad sizes are refused at their field") {
  const auto error = [](const std::string& bytes) {
    return ar::Archive::parse(view_of(bytes)).error();
  };
  CHECK(error("not an archive").code == Errc::malformed);
  std::string bytes = magic + member("x.o/", "abc") + member("y.o/", "abcd");
  std::string changed = bytes;
  changed.replace(8 + 64 + 48, 10, field("99", 10));
  CHECK(error(changed).code == Errc::truncated);
  CHECK(error(changed).offset == 8 + 64 + 48);
  changed.replace(8 + 64 + 48, 10, field("-4", 10));
  CHECK(error(changed).code == Errc::malformed);
  changed = bytes;
  changed[8 + 64 + 58] = 'x';
  CHECK(error(changed).offset == 8 + 64 + 58);
  CHECK(error(bytes.substr(0, 8 + 64 + 30)).code == Errc::truncated);
  CHECK(error(magic + member("/7", "abc")).code == Errc::malformed);
  CHECK(error(magic + member("#1/4", "abc")).code == Errc::malformed);
}

TEST_CASE("ar: a long name that many members share is refused") {
  const auto archive = [](int members) {
    std::string bytes = magic + member("//", std::string(10'000, 'n') + "/\n");
    for (int i = 0; i < members; ++i) bytes += member("/0", "");
    return bytes;
  };
  CHECK(ar::Archive::parse(view_of(archive(4))));
  const auto read = ar::Archive::parse(view_of(archive(100)));
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Errc::malformed);
}

TEST_CASE("ar: an index that announces too much is refused") {
  const std::string bytes = magic + member("/", number(1000, 4, true) + "abcd");
  CHECK(parsed(bytes).index().error().code == Errc::malformed);
  const std::string bsd = magic + member("__.SYMDEF", number(800, 4, false) + "abcdabcdabcd");
  CHECK(parsed(bsd).index().error().code == Errc::malformed);
}
