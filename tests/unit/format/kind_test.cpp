#include "format/kind/kind.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "format/pe_builder.h"

using namespace tenon;
using kind::FileKind;

namespace {

FileKind kind_of(std::string_view text) { return kind::identify(view_of(text)); }

// Bytes that hold NULs.
template <std::size_t N>
std::string bytes(const char (&text)[N]) {
  return {text, N - 1};
}

std::string archive(const std::string& name, const std::string& data) {
  std::string member = name;
  member.resize(48, ' ');
  member += std::to_string(data.size());
  member.resize(58, ' ');
  return "!<arch>\n" + member + "`\n" + data;
}

}  // namespace

TEST_CASE("kind: magic numbers") {
  struct Row {
    std::string bytes;
    FileKind kind;
  };
  const std::vector<Row> rows = {
      {"", FileKind::empty},
      {bytes("\xfe\xed\xfa\xce"), FileKind::macho},
      {bytes("\xcf\xfa\xed\xfe\x0c\0\0\x01"), FileKind::macho},
      {bytes("\xca\xfe\xba\xbe\0\0\0\x02"), FileKind::macho_universal},
      {bytes("\xca\xfe\xba\xbf\0\0\0\x02"), FileKind::macho_universal},
      {bytes("\xca\xfe\xba\xbe\0\0\0\x34"), FileKind::java_class},
      {bytes("\x7f") + "ELF", FileKind::elf},
      {"!<thin>\n", FileKind::thin_archive},
      {bytes("\0asm\x01\0\0\0"), FileKind::wasm},
      {bytes("BC\xc0\xde"), FileKind::llvm_bitcode},
      {bytes("\xde\xc0\x17\x0b"), FileKind::llvm_bitcode},
      {"xar!", FileKind::xar},
      {bytes("PK\x03\x04"), FileKind::zip},
      {bytes("PK\x05\x06"), FileKind::zip},
      {bytes("\x1f\x8b\x08"), FileKind::gzip},
      {"#!/bin/sh\n", FileKind::shell_script},
      {bytes("\0\0\0\0"), FileKind::unknown},
      {"MZ", FileKind::text},
  };
  for (const Row& row : rows) {
    CAPTURE(kind::name(row.kind));
    CHECK(kind_of(row.bytes) == row.kind);
  }
}

TEST_CASE("kind: archives of C and of Go") {
  CHECK(kind_of("!<arch>\n") == FileKind::archive);
  CHECK(kind_of(archive("a.o/", "x")) == FileKind::archive);
  CHECK(kind_of(archive("__.PKGDEF", "go object linux arm64 go1.26.8 X:none\n")) ==
        FileKind::go_object);
  CHECK(kind_of(archive("__.PKGDEF", "else")) == FileKind::archive);
  CHECK(kind_of(archive("__.SYMDEF", "go object ")) == FileKind::archive);
  CHECK(kind_of("!<arch>\n__.PKGDEF ") == FileKind::archive);
  CHECK(kind_of("go object darwin arm64 go1.26.8\n\n!\n") == FileKind::go_object);
}

TEST_CASE("kind: images and objects of Windows") {
  const auto image = pe_builder::Image::make(true);
  CHECK(kind_of(image.bytes) == FileKind::pe);
  CHECK(kind_of(std::string_view(image.bytes).substr(0, 0x80)) == FileKind::unknown);
  pe_builder::Image object;
  object.halves({0xaa64, 1});
  object.words({0, 60, 0, 0});
  object.bytes.resize(60);
  CHECK(kind_of(object.bytes) == FileKind::coff_object);
}

TEST_CASE("kind: a disk image is known by its end") {
  const std::string trailer = bytes("koly\0\0\0\4\0\0\2\0") + std::string(500, '\0');
  CHECK(kind_of(trailer) == FileKind::dmg);
  CHECK(kind_of(std::string("\x78\xda") + std::string(1000, 'x') + trailer) == FileKind::dmg);
  CHECK(kind_of(trailer + " ") == FileKind::unknown);
  CHECK(kind_of(std::string_view(trailer).substr(0, 511)) == FileKind::unknown);
}

TEST_CASE("kind: text stubs of every version") {
  CHECK(kind_of("---\narchs: [ arm64 ]\n") == FileKind::tbd);
  CHECK(kind_of("--- !tapi-tbd-v2\n") == FileKind::tbd);
  CHECK(kind_of("--- !tapi-tbd-v3\n") == FileKind::tbd);
  CHECK(kind_of("--- !tapi-tbd\ntbd-version: 4\n") == FileKind::tbd);
  CHECK(kind_of("{\n \"tapi_tbd_version\": 5 }") == FileKind::tbd);
  CHECK(kind_of("{\"libraries\":[\"" + std::string(9000, 'x') + "\"],\"tapi_tbd_version\":5}") ==
        FileKind::tbd);
  CHECK(kind_of("{\"name\": 1}") == FileKind::text);
  CHECK(kind_of("---\nname: x\n") == FileKind::text);
}

TEST_CASE("kind: linker scripts") {
  for (const char* script : {"/* GNU ld script\n   Use the shared library */\n", "INPUT(-lfoo)",
                             "/* any */ GROUP ( /lib/libc.so.6 )\n",
                             "\nOUTPUT_FORMAT(elf64-x86-64)\n", "SECTIONS\n{\n}\n"}) {
    CAPTURE(script);
    CHECK(kind_of(script) == FileKind::linker_script);
  }
  for (const char* text : {"INPUT file", "GROUPS ( a )", "/* int main(void) */ int x;", "GROUP"}) {
    CAPTURE(text);
    CHECK(kind_of(text) == FileKind::text);
  }
}

TEST_CASE("kind: text is UTF-8 without control characters") {
  CHECK(kind_of("plain\ttext\r\n\x1b[1mbold") == FileKind::text);
  CHECK(kind_of("gr\xc3\xb6\xc3\x9f"
                "e \xe2\x82\xac \xf0\x9f\x98\x80") == FileKind::text);
  CHECK(kind_of("\xef\xbb\xbf--- !tapi-tbd\n") == FileKind::tbd);
  CHECK(kind_of("latin \xf6 text") == FileKind::unknown);
  CHECK(kind_of("\x80") == FileKind::unknown);
  CHECK(kind_of(bytes("a\0b")) == FileKind::unknown);
  // The place where looking ends may cut a character.
  CHECK(kind_of(std::string(4095, 'x') + "\xe2\x82\xac") == FileKind::text);
}

TEST_CASE("kind: names are words and differ") {
  std::set<std::string_view> seen;
  for (int i = 0; i <= static_cast<int>(FileKind::unknown); ++i) {
    const std::string_view name = kind::name(static_cast<FileKind>(i));
    CHECK(!name.empty());
    CHECK(!name.contains(' '));
    CHECK(seen.insert(name).second);
  }
  CHECK(kind::name(FileKind::macho_universal) == "universal");
  CHECK(kind::name(FileKind::linker_script) == "linker-script");
}
