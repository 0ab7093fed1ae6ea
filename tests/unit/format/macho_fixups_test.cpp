#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "format/macho/fixups.h"
#include "format/macho_builder.h"

using namespace tenon;
using namespace tenon::macho;
using namespace tenon::test;
using namespace std::string_view_literals;

namespace {

// A file that loads two libraries.
MachoBuilder two_libraries() {
  MachoBuilder b;
  b.commands = {dylib_command(LC_LOAD_DYLIB, "/usr/lib/libSystem.B.dylib", 0x10000, 0x10000),
                dylib_command(LC_LOAD_DYLIB, "/usr/lib/libc++.1.dylib", 0x10000, 0x10000)};
  return b;
}

std::string with_opcodes(std::string_view bind, std::string_view weak = {},
                         std::string_view lazy = {}) {
  MachoBuilder b = two_libraries();
  DyldInfoCommand info{};
  info.cmd = LC_DYLD_INFO_ONLY;
  info.cmdsize = sizeof info;
  const auto place = [&](std::string_view table, ul32& offset, ul32& size) {
    offset = static_cast<std::uint32_t>(b.linkedit_at + b.linkedit.size());
    size = static_cast<std::uint32_t>(table.size());
    b.linkedit += table;
  };
  place(bind, info.bind_off, info.bind_size);
  place(weak, info.weak_bind_off, info.weak_bind_size);
  place(lazy, info.lazy_bind_off, info.lazy_bind_size);
  append(b.commands.emplace_back(), info);
  return b.build();
}

std::string with_chained(std::string_view payload) {
  MachoBuilder b = two_libraries();
  b.linkedit = payload;
  append(b.commands.emplace_back(),
         LinkeditDataCommand{LC_DYLD_CHAINED_FIXUPS, 16u, MachoBuilder::linkedit_at,
                             static_cast<std::uint32_t>(payload.size())});
  return b.build();
}

// Header, the starts of three segments of which the second has fixups, imports, names.
std::string chained_payload(std::uint32_t format, std::uint32_t count, std::string_view imports,
                            std::string_view names) {
  const auto imports_at = static_cast<std::uint32_t>(sizeof(ChainedFixupsHeader) + 12 + 24);
  const auto names_at = static_cast<std::uint32_t>(imports_at + imports.size());
  std::string out;
  append(out, ChainedFixupsHeader{0u, 28u, imports_at, names_at, count, format, 0u});
  append(out, ChainedStartsInImage{2u});
  append(out, ul32(0));
  append(out, ul32(12));
  append(out, ChainedStartsInSegment{24u, 0x4000u, DYLD_CHAINED_PTR_64_OFFSET, 0x4000u, 0u, 1u});
  append(out, ul16(0xffff));
  out += imports;
  return out.append(names);
}

ul32 import32(std::uint32_t ordinal, bool weak, std::uint32_t name) {
  return ul32((ordinal & 0xff) | (weak ? 0x100u : 0u) | name << 9);
}

Result<std::vector<BoundImport>> imports_of(const std::string& bytes) {
  const auto file = File::parse(view_of(bytes));
  REQUIRE(file.has_value());
  return bound_imports(*file);
}

// For `imports` as text: the views would outlive the bytes.
std::vector<std::string> described(const std::string& bytes) {
  const auto imports = imports_of(bytes);
  REQUIRE(imports.has_value());
  std::vector<std::string> lines;
  for (const BoundImport& i : *imports) {
    lines.push_back(std::string(i.name) + " " + std::to_string(i.library_ordinal) +
                    (i.weak ? " weak" : "") + (i.lazy ? " lazy" : "") +
                    (i.coalesced() ? " coalesced" : ""));
  }
  return lines;
}

Errc error_of(const std::string& bytes) {
  const auto imports = imports_of(bytes);
  REQUIRE_FALSE(imports.has_value());
  return imports.error().code;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("fixups: a file without") {
  const std::string bytes = small_program().build();
  CHECK(described(bytes).empty());
  CHECK(fixup_info(*File::parse(view_of(bytes)))->style == FixupStyle::none);
}

TEST_CASE("fixups: bind opcodes") {
  const std::string bytes = with_opcodes(
      "\x11\x40_puts\0\x51\x72\x10\x90"  // library 1, pointer, segment 2 + 0x10
      "\x41_gone\0\x60\x7f\xa0\x08"      // weak import, addend -1, then 8 on
      "\x20\x02\x40_b\0\xb2"             // library 2 as a number, 2 pointers on
      "\x80\x10\x30\x40_me\0\x90"        // this file
      "\x3f\x40_main\0\x90"              // main executable
      "\x3e\x40_flat\0\xc0\x03\x08"      // flat lookup, 3 times
      "\x3d\x40_any\0\x90"               // weak lookup
      "\x11\x40_puts\0\x90\x90\0\xff"sv);
  CHECK(described(bytes) == Lines{"_puts 1", "_gone 1 weak", "_b 2", "_me 0", "_main -1",
                                  "_flat -2", "_any -3 coalesced"});
  CHECK(fixup_info(*File::parse(view_of(bytes)))->style == FixupStyle::opcodes);
  CHECK_FALSE(fixup_info(*File::parse(view_of(bytes)))->threaded);
}

TEST_CASE("fixups: tables of opcodes") {
  // _strong is announced as a strong definition only.
  const std::string bytes =
      with_opcodes("\x12\x40__Znwm\0\x51\x72\x00\x90"sv, "\x48_strong\0\x40__Znwm\0\x90\0"sv,
                   "\x72\x00\x11\x40_exit\0\x90\0\x72\x08\x12\x41__Znwm\0\x90\0\0"sv);
  CHECK(described(bytes) == Lines{"__Znwm 2", "__Znwm -3 coalesced", "_exit 1 lazy"});
}

TEST_CASE("fixups: an import is weak or lazy only when all its uses are") {
  CHECK(described(with_opcodes("\x11\x41_a\0\x90\x40_a\0\x90"sv)) == Lines{"_a 1"});
  CHECK(described(with_opcodes("\x11\x41_a\0\x90"sv, {}, "\x11\x41_a\0\x90\0"sv)) ==
        Lines{"_a 1 weak"});
}

TEST_CASE("fixups: counts of repeated binds cost nothing") {
  CHECK(described(with_opcodes("\x11\x40_a\0\xc0\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x08"sv)) ==
        Lines{"_a 1"});
  CHECK(described(with_opcodes("\x11\x40_a\0\xc0\0\x08"sv)).empty());
}

TEST_CASE("fixups: threaded binds") {
  const std::string bytes = with_opcodes("\xd0\x02\x11\x40_a\0\x90\x40_b\0\x90\x71\x00\xd1\0"sv);
  CHECK(described(bytes) == Lines{"_a 1", "_b 1"});
  CHECK(fixup_info(*File::parse(view_of(bytes)))->threaded);
}

TEST_CASE("fixups: opcodes that are refused") {
  const auto error = [](std::string_view bind) { return error_of(with_opcodes(bind)); };
  CHECK(error("\x11\x90"sv) == Errc::malformed);          // no symbol
  CHECK(error("\x40_a\0\x90"sv) == Errc::malformed);      // no library
  CHECK(error("\x13\x40_a\0\x90"sv) == Errc::malformed);  // library 3 of 2
  CHECK(error("\x20\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"sv) == Errc::malformed);
  CHECK(error("\x3c\x40_a\0\x90"sv) == Errc::malformed);  // special -4
  CHECK(error("\xe0"sv) == Errc::malformed);
  CHECK(error("\xd2"sv) == Errc::malformed);
  CHECK(error("\x11\x40_a"sv) == Errc::truncated);
  CHECK(error("\x11\x40_a\0\xa0\x80"sv) == Errc::truncated);
  CHECK(error("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"sv) == Errc::malformed);
  CHECK(error("\xc0\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"sv) == Errc::malformed);
  CHECK(error_of(with_opcodes({}, "\x11\x40_a\0\x90"sv)) == Errc::malformed);

  std::string flips = "\x40" + std::string(8000, 'a') + '\0';
  for (int i = 0; i < 200; ++i) flips += "\x11\x90\x12\x90";
  CHECK(error(flips) == Errc::malformed);  // one name with each library, 400 times
}

TEST_CASE("fixups: opcodes outside of the file") {
  MachoBuilder b = two_libraries();
  DyldInfoCommand info{};
  info.cmd = LC_DYLD_INFO;
  info.cmdsize = sizeof info;
  info.bind_off = 0xfffffff0;
  info.bind_size = 0xffffffff;
  append(b.commands.emplace_back(), info);
  CHECK(error_of(b.build()) == Errc::truncated);
}

TEST_CASE("fixups: chained imports, one word each") {
  std::string table;
  append(table, import32(1, false, 1));
  append(table, import32(2, true, 7));
  append(table, import32(0xff, false, 1));
  append(table, import32(0xfe, false, 1));
  append(table, import32(0xfd, false, 1));
  append(table, import32(0, false, 1));
  const std::string bytes =
      with_chained(chained_payload(DYLD_CHAINED_IMPORT, 6, table, "\0_puts\0_gone\0"sv));
  CHECK(described(bytes) ==
        Lines{"_puts 1", "_gone 2 weak", "_puts -1", "_puts -2", "_puts -3 coalesced", "_puts 0"});
  const auto info = fixup_info(*File::parse(view_of(bytes)));
  REQUIRE(info.has_value());
  CHECK(info->style == FixupStyle::chained);
  CHECK(info->imports_format == DYLD_CHAINED_IMPORT);
  REQUIRE(info->segments.size() == 1);
  CHECK(info->segments[0].index == 1);
  CHECK(info->segments[0].page_size == 0x4000);
  CHECK(pointer_format_name(info->segments[0].pointer_format) == "DYLD_CHAINED_PTR_64_OFFSET");
}

TEST_CASE("fixups: chained imports with addends") {
  std::string table;
  append(table, ChainedImportAddend{import32(1, true, 0), 4u});
  append(table, ChainedImportAddend{import32(1, true, 3), 8u});  // the name once more
  append(table, ChainedImportAddend{import32(0xfe, false, 3), 0xffffffffu});
  CHECK(described(with_chained(chained_payload(DYLD_CHAINED_IMPORT_ADDEND, 3, table,
                                               "_d\0_d\0"sv))) == Lines{"_d 1 weak", "_d -2"});

  table.clear();
  append(table, ChainedImportAddend64{ul64(0x00000003'0000'0002), ul64(0)});
  append(table, ChainedImportAddend64{ul64(0x00000000'0001'fffd), ul64(1ULL << 40)});
  CHECK(described(
            with_chained(chained_payload(DYLD_CHAINED_IMPORT_ADDEND64, 2, table, "_d\0_e\0"sv))) ==
        Lines{"_e 2", "_d -3 weak coalesced"});
}

TEST_CASE("fixups: chained fixups that are refused") {
  std::string table;
  append(table, import32(1, false, 0));
  const std::string good = chained_payload(DYLD_CHAINED_IMPORT, 1, table, "_a\0"sv);
  REQUIRE(described(with_chained(good)) == Lines{"_a 1"});
  const auto error = [&](std::size_t at, std::uint32_t value) {
    std::string bad = good;
    overwrite(bad, at, ul32(value));
    return error_of(with_chained(bad));
  };
  CHECK(error(0, 1) == Errc::unsupported);           // version
  CHECK(error(8, 0xffffffff) == Errc::truncated);    // place of the imports
  CHECK(error(12, 0xffffffff) == Errc::truncated);   // of the names
  CHECK(error(12, 64) == Errc::malformed);           // names among the imports
  CHECK(error(16, 0xffffffff) == Errc::truncated);   // number of imports
  CHECK(error(20, 4) == Errc::unsupported);          // their format
  CHECK(error(24, 1) == Errc::unsupported);          // compressed names
  CHECK(error(64, 0x3) == Errc::malformed);          // library 3 of 2
  CHECK(error(64, 0xfc) == Errc::malformed);         // special -4
  CHECK(error(64, 3U << 9 | 1) == Errc::truncated);  // name outside
  CHECK(error_of(with_chained(good.substr(0, 27))) == Errc::truncated);
  CHECK(error_of(with_chained(good.substr(0, good.size() - 1))) == Errc::truncated);
  CHECK(described(with_chained({})).empty());
}

TEST_CASE("fixups: chained starts that are refused") {
  const std::string good = chained_payload(DYLD_CHAINED_IMPORT, 0, {}, "\0"sv);
  const auto info = [&](std::size_t at, std::uint32_t value) {
    std::string changed = good;
    overwrite(changed, at, ul32(value));
    const std::string bytes = with_chained(changed);
    return fixup_info(*File::parse(view_of(bytes)));
  };
  CHECK(info(0, 0)->segments.size() == 1);
  CHECK(info(28, 0)->segments.empty());
  CHECK(info(28, 3).error().code == Errc::malformed);  // more segments than the file has
  CHECK(info(4, 0x1000).error().code == Errc::truncated);
  CHECK(info(36, 0xffffffff).error().code == Errc::truncated);
}

// Each import names another tail of one long string: all names together are a thousand times the
// file.
TEST_CASE("fixups: chained names that share their bytes") {
  std::string table;
  for (std::uint32_t i = 0; i < 20000; ++i) append(table, import32(1, false, i));
  const std::string names = std::string(40000, 'a') + '\0';
  CHECK(error_of(with_chained(chained_payload(DYLD_CHAINED_IMPORT, 20000, table, names))) ==
        Errc::malformed);
}

TEST_CASE("fixups: chained fixups win over opcodes") {
  MachoBuilder b = two_libraries();
  std::string table;
  append(table, import32(1, false, 0));
  b.linkedit = chained_payload(DYLD_CHAINED_IMPORT, 1, table, "_chained\0"sv);
  const auto bind_at = static_cast<std::uint32_t>(b.linkedit_at + b.linkedit.size());
  append(b.commands.emplace_back(),
         LinkeditDataCommand{LC_DYLD_CHAINED_FIXUPS, 16u, MachoBuilder::linkedit_at,
                             static_cast<std::uint32_t>(b.linkedit.size())});
  DyldInfoCommand info{};
  info.cmd = LC_DYLD_INFO_ONLY;
  info.cmdsize = sizeof info;
  info.bind_off = bind_at;
  info.bind_size = 8;
  append(b.commands.emplace_back(), info);
  b.linkedit += "\x11\x40_old\0\x90\0"sv;
  CHECK(described(b.build()) == Lines{"_chained 1"});
}

TEST_CASE("fixups: names of pointer formats") {
  CHECK(pointer_format_name(0).empty());
  CHECK(pointer_format_name(DYLD_CHAINED_PTR_ARM64E) == "DYLD_CHAINED_PTR_ARM64E");
  CHECK(pointer_format_name(DYLD_CHAINED_PTR_64) == "DYLD_CHAINED_PTR_64");
  CHECK(pointer_format_name(DYLD_CHAINED_PTR_ARM64E_USERLAND24) ==
        "DYLD_CHAINED_PTR_ARM64E_USERLAND24");
  CHECK(pointer_format_name(16) == "DYLD_CHAINED_PTR_SHARED_CACHE_V2");
  CHECK(pointer_format_name(17).empty());
}

// Expected values: llvm-objdump 19, --bind, --weak-bind and --lazy-bind, on the same packages.
TEST_CASE("fixups: fsevents 2.3.3") {
  const auto bytes = test_file("fsevents.node");
  if (!bytes) return;
  const auto all = slices(view_of(*bytes));
  REQUIRE(all.has_value());
  const auto file = File::parse((*all)[0].bytes);
  const auto imports = bound_imports(*file);
  REQUIRE(imports.has_value());
  REQUIRE(imports->size() == 51);
  CHECK(imports->front() == BoundImport{"_napi_call_function", flat_lookup_ordinal});
}

TEST_CASE("fixups: @swc/core-darwin-arm64 1.16.18") {
  const auto bytes = test_file("swc.darwin-arm64.node");
  if (!bytes) return;
  const auto imports = bound_imports(*File::parse(view_of(*bytes)));
  REQUIRE(imports.has_value());
  CHECK(imports->size() == 78);
  std::size_t lazy = 0;
  for (const BoundImport& i : *imports) lazy += i.lazy ? 1 : 0;
  CHECK(lazy == 75);
}
