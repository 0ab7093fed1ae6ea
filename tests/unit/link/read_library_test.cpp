#include "link/index/read_library.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "link/object_builder.h"
#include "platform/platforms.h"

using namespace tenon;
using namespace tenon::link;
using namespace tenon::test;

namespace {

const Platform& arm64() { return *find_platform("linux/arm64"); }

Result<ByteView> no_member(std::string_view) { return fail(Errc::not_found, "no such file"); }

Library read(const std::string& file, const std::string& bytes, SymbolNames& names,
             const Platform& platform = arm64(), const OpenMember& open = no_member) {
  Library out;
  out.file = file;
  read_library(view_of(bytes), platform, open, names, out);
  return out;
}

std::vector<std::string> texts(const SymbolNames& names, std::span<const BoundSymbol> list) {
  std::vector<std::string> out;
  for (const BoundSymbol& one : list) {
    out.push_back(std::string(names.text(one.symbol())) + (one.weak() ? " weak" : ""));
  }
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("link index: an archive has the symbols of its members") {
  SymbolNames names;
  const std::string one = object({{"open_it"}, {"shared_it", true, true}, {"malloc", false}});
  const std::string two =
      object({{"_Znwm", false}, {"hook", false, true}, {"block", true, false, 0xfff2}});
  const Library library =
      read("libx.a", "!<arch>\n" + ar_member("one.o/", one) + ar_member("two.o/", two), names);
  CHECK(library.state == LibraryState::usable);
  CHECK(library.machine == "arm64");
  REQUIRE(library.members.size() == 2);
  CHECK(texts(names, library.defined_by(library.members[0])) == Texts{"open_it", "shared_it weak"});
  CHECK(texts(names, library.needed_by(library.members[0])) == Texts{"malloc"});
  CHECK(texts(names, library.needed_by(library.members[1])) == Texts{"_Znwm", "hook weak"});
  CHECK(library.defined_by(library.members[1])[0].binding() == Binding::common);
  CHECK(library.cxx);
}

TEST_CASE("link index: an archive of another processor under a right name") {
  SymbolNames names;
  const std::string bytes = "!<arch>\n" + ar_member("a.o/", object({{"f"}}, 62));
  const Library library = read("libx.a", bytes, names);
  CHECK(library.state == LibraryState::wrong_machine);
  CHECK(library.why == "its member a.o is for amd64");
  CHECK(library.members.empty());
}

TEST_CASE("link index: the members decide behind a symbol table of more than 64 KiB") {
  SymbolNames names;
  std::string table = std::string("\0\0\x4e\x20", 4);  // 20000 offsets, big endian
  table += std::string(std::size_t{4} * 20000, '\0');
  for (int i = 0; i < 20000; ++i) table += "symbol_" + std::to_string(i) + '\0';
  REQUIRE(table.size() > 65536);
  const std::string right =
      "!<arch>\n" + ar_member("/", table) + ar_member("a.o/", object({{"f"}}));
  CHECK(read("libx.a", right, names).state == LibraryState::usable);
  const std::string wrong =
      "!<arch>\n" + ar_member("/", table) + ar_member("a.o/", object({{"f"}}, 62));
  CHECK(read("libx.a", wrong, names).state == LibraryState::wrong_machine);
}

TEST_CASE("link index: a thin archive reads its members from their files") {
  SymbolNames names;
  const std::string bytes = "!<thin>\n" + ar_member("a.o/", object({{"f"}}), false);
  const std::string content = object({{"f"}});
  const Library library =
      read("libx.a", bytes, names, arm64(), [&](std::string_view name) -> Result<ByteView> {
        CHECK(name == "a.o");
        return view_of(content);
      });
  CHECK(library.thin);
  CHECK(texts(names, library.definitions) == Texts{"f"});
  const Library broken = read("libx.a", bytes, names);
  CHECK(broken.state == LibraryState::unreadable);
  CHECK(broken.why.starts_with("its member a.o: no such file"));
}

TEST_CASE("link index: an archive without objects is empty and not absent") {
  SymbolNames names;
  CHECK(read("libdl.a", "!<arch>\n", names).state == LibraryState::empty);
  CHECK(read("libdl.a", "!<arch>\n" + ar_member("note.txt/", "no object"), names).state ==
        LibraryState::empty);
}

TEST_CASE("link index: a linker script in the place of a library") {
  SymbolNames names;
  const Library library = read("libc.so",
                               "/* GNU ld script */\nOUTPUT_FORMAT(elf64-littleaarch64)\n"
                               "GROUP ( /lib/libc.so.6 libc_nonshared.a AS_NEEDED ( -lld ) )\n",
                               names);
  CHECK(library.kind == LibraryKind::script);
  CHECK(library.state == LibraryState::usable);
  REQUIRE(library.inputs.size() == 3);
  CHECK(library.inputs[0].name == "/lib/libc.so.6");
  CHECK(library.inputs[2].as_needed);
}

TEST_CASE("link index: a shared library has exports, SONAME and NEEDED") {
  SymbolNames names;
  const std::string bytes = shared_object(
      "libx.so.2", {"libc.so.6"},
      {{"open_it"}, {"malloc", false}, {"hidden_it", true, false, 1, 2}, {"weak_it", true, true}});
  const Library library = read("libx.so.2", bytes, names);
  CHECK(library.state == LibraryState::usable);
  CHECK(library.kind == LibraryKind::shared);
  CHECK(library.soname == "libx.so.2");
  CHECK(library.needed == Texts{"libc.so.6"});
  CHECK(texts(names, library.definitions) == Texts{"open_it", "weak_it weak"});
  CHECK(read("libx.so", shared_object("libx.so.2", {}, {{"f"}}, 62), names).state ==
        LibraryState::wrong_machine);
}

TEST_CASE("link index: what cannot be read says why") {
  SymbolNames names;
  CHECK(read("libx.a", "", names).why == "the file is empty");
  CHECK(read("libx.a", "hello", names).why == "it is not a library but text");
  const std::string cut = ("!<arch>\n" + ar_member("a.o/", object({{"f"}}))).substr(0, 100);
  const Library library = read("libx.a", cut, names);
  CHECK(library.state == LibraryState::unreadable);
  CHECK(library.why.contains("truncated"));
  const std::string bitcode = "!<arch>\n" + ar_member("a.o/", "BC\xc0\xde" + std::string(60, 'x'));
  CHECK(read("libx.a", bitcode, names).why.contains("LLVM bitcode"));
}

TEST_CASE("link index: an object under the name of an archive") {
  SymbolNames names;
  const Library library = read("libmcheck.a", object({{"mcheck"}}), names);
  CHECK(library.usable_archive());
  CHECK(texts(names, library.definitions) == Texts{"mcheck"});
}

TEST_CASE("link index: names of libraries") {
  CHECK(library_name("libxml2.a") == "xml2");
  CHECK(library_name("libxml2.so.2.9.14") == "xml2");
  CHECK(library_name("libstdc++.so") == "stdc++");
  CHECK(library_name("ld-linux-aarch64.so.1") == "ld-linux-aarch64");
  CHECK(library_name("libx.socket").empty());
  CHECK(library_name("lib.a").empty());
  CHECK(library_name("crt1.o").empty());
  CHECK(is_never_chosen("libssl_pic.a"));
  CHECK(is_never_chosen("libc_p.a"));
  CHECK(is_never_chosen("libBrokenLocale.a"));
  CHECK(is_never_chosen("libasan.a"));
  CHECK(is_never_chosen("libclang_rt.asan-aarch64.a"));
  CHECK_FALSE(is_never_chosen("libtopic.a"));
  CHECK_FALSE(is_never_chosen("libc.a"));
}
