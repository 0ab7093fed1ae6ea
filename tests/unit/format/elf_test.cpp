#include "format/elf/elf.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <fstream>
#include <iterator>
#include <string>

#include "format/elf/layout.h"

using namespace tenon;

namespace {

// Writes numbers in the class and byte order of the file being made, independent of elf/layout.h.
struct Maker {
  bool wide = true, big = false;
  std::string bytes;

  void number(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) {
      bytes += static_cast<char>(value >> (8 * (big ? size - 1 - i : i)));
    }
  }

  void half(std::uint64_t value) { number(value, 2); }

  void word(std::uint64_t value) { number(value, 4); }

  void native(std::uint64_t value) { number(value, wide ? 8 : 4); }

  void pad(std::size_t size) { bytes.resize(size); }
};

constexpr std::uint64_t load_address = 0x10000;
// Places in the file; every part is put on its own round offset.
constexpr std::uint64_t interp_at = 0x200, strings_at = 0x220, symbols_at = 0x300, hash_at = 0x380,
                        versym_at = 0x3a0, verneed_at = 0x3c0, note_at = 0x420, dynamic_at = 0x480,
                        file_size = 0x600;
constexpr char strings_bytes[] =
    "\0libc.so.6\0libgcc_s.so.1\0GLIBC_2.34\0GLIBC_2.2.5\0GLIBC_2.99\0/opt/lib\0open\0puts";
constexpr std::string_view strings_text(strings_bytes, sizeof(strings_bytes));

std::uint64_t string_offset(std::string_view name) { return strings_text.find(name); }

struct Wanted {
  bool wide = true, big = false;
  bool interpreter = true;
  std::uint64_t type = elf::ET_DYN, machine = elf::EM_AARCH64;
  std::uint64_t flags_1 = elf::DF_1_PIE;
  bool needed = true;
};

void segment(Maker& out, std::uint64_t type, std::uint64_t flags, std::uint64_t offset,
             std::uint64_t size) {
  out.word(type);
  if (out.wide) out.word(flags);
  out.native(offset);
  out.native(load_address + offset);
  out.native(load_address + offset);
  out.native(size);
  out.native(size);
  if (!out.wide) out.word(flags);
  out.native(4);
}

void header(Maker& out, const Wanted& wanted) {
  out.bytes = "\177ELF";
  for (const int byte : {out.wide ? 2 : 1, out.big ? 2 : 1, 1}) out.number(std::uint64_t(byte), 1);
  out.pad(16);
  out.half(wanted.type);
  out.half(wanted.machine);
  out.word(1);
  out.native(load_address + 0x100);
  out.native(out.wide ? 64 : 52);
  out.native(0);
  out.word(0x5000);
  for (const int value :
       {out.wide ? 64 : 52, out.wide ? 56 : 32, wanted.interpreter ? 5 : 4, 0, 0, 0}) {
    out.half(std::uint64_t(value));
  }
  segment(out, elf::PT_LOAD, elf::PF_R, 0, file_size);
  segment(out, elf::PT_DYNAMIC, elf::PF_R | elf::PF_W, dynamic_at, file_size - dynamic_at);
  segment(out, elf::PT_GNU_STACK, elf::PF_R | elf::PF_W | elf::PF_X, 0, 0);
  segment(out, elf::PT_NOTE, elf::PF_R, note_at, 44);
  if (wanted.interpreter) segment(out, elf::PT_INTERP, elf::PF_R, interp_at, 13);
}

void symbol(Maker& out, std::string_view name, std::uint64_t info) {
  out.word(name.empty() ? 0 : string_offset(name));
  if (out.wide) out.number(info, 1), out.number(0, 1), out.half(0);
  out.native(0);
  out.native(0);
  if (!out.wide) out.number(info, 1), out.number(0, 1), out.half(0);
}

void vernaux(Maker& out, std::uint64_t index, std::string_view name, std::uint64_t next) {
  out.word(0);
  out.half(0);
  out.half(index);
  out.word(string_offset(name));
  out.word(next);
}

void versions(Maker& out) {
  out.pad(versym_at);
  for (const int index : {0, 2, 3}) out.half(std::uint64_t(index));
  out.pad(verneed_at);
  for (const int value : {1, 2}) out.half(std::uint64_t(value));
  out.word(string_offset("libc.so.6"));
  out.word(16);
  out.word(48);
  vernaux(out, 2, "GLIBC_2.34", 16);
  vernaux(out, 3, "GLIBC_2.2.5", 0);
  for (const int value : {1, 1}) out.half(std::uint64_t(value));
  out.word(string_offset("libgcc_s.so.1"));
  out.word(16);
  out.word(0);
  vernaux(out, 4, "GLIBC_2.99", 0);
}

void dynamic(Maker& out, const Wanted& wanted) {
  out.pad(dynamic_at);
  const auto entry = [&](std::uint64_t tag, std::uint64_t value) {
    out.native(tag);
    out.native(value);
  };
  if (wanted.needed) entry(elf::DT_NEEDED, string_offset("libc.so.6"));
  if (wanted.needed) entry(elf::DT_NEEDED, string_offset("libgcc_s.so.1"));
  entry(elf::DT_RUNPATH, string_offset("/opt/lib"));
  entry(elf::DT_STRTAB, load_address + strings_at);
  entry(elf::DT_STRSZ, strings_text.size());
  entry(elf::DT_SYMTAB, load_address + symbols_at);
  entry(elf::DT_HASH, load_address + hash_at);
  entry(elf::DT_VERSYM, load_address + versym_at);
  entry(elf::DT_VERNEED, load_address + verneed_at);
  entry(elf::DT_VERNEEDNUM, 2);
  entry(elf::DT_FLAGS, elf::DF_BIND_NOW | elf::DF_TEXTREL);
  entry(elf::DT_FLAGS_1, wanted.flags_1);
  entry(elf::DT_NULL, 0);
}

std::string make(const Wanted& wanted) {
  Maker out{wanted.wide, wanted.big, {}};
  header(out, wanted);
  out.pad(interp_at);
  out.bytes += "/lib/ld.so.1";
  out.pad(strings_at);
  out.bytes += strings_text;
  out.pad(symbols_at);
  symbol(out, {}, 0);
  symbol(out, "open", 0x12);
  symbol(out, "puts", 0x22);
  out.pad(hash_at);
  for (const int value : {1, 3, 1, 0, 0, 0}) out.word(std::uint64_t(value));
  versions(out);
  out.pad(note_at);
  for (const int value : {4, 6, 4}) out.word(std::uint64_t(value));
  out.bytes += std::string("Go\0\0abc/de\0\0", 12);
  for (const int value : {4, 3, 3}) out.word(std::uint64_t(value));
  out.bytes += std::string("GNU\0\1\2\3\0", 8);
  dynamic(out, wanted);
  out.pad(file_size);
  return out.bytes;
}

elf::File parsed(const std::string& bytes) {
  auto file = elf::File::parse(view_of(bytes));
  REQUIRE(file);
  return *file;
}

}  // namespace

TEST_CASE("elf: both classes and byte orders give the same facts") {
  for (const bool wide : {false, true}) {
    for (const bool big : {false, true}) {
      CAPTURE(wide);
      CAPTURE(big);
      const std::string bytes = make({.wide = wide, .big = big});
      const elf::File file = parsed(bytes);
      CHECK(file.header().e_machine == elf::EM_AARCH64);
      CHECK(file.header().e_flags == 0x5000);
      CHECK(file.header().e_entry == load_address + 0x100);
      CHECK(file.segments().size() == 5);
      CHECK(file.sections().empty());
      CHECK(!file.section_error());
      CHECK(file.interpreter().value() == "/lib/ld.so.1");
      CHECK(file.executable_stack() == true);
      CHECK(file.relro().value() == elf::Relro::none);
      CHECK(file.go_build_id().value() == "abc/de");
      CHECK(file.build_id().value()->text() == "\1\2\3");
    }
  }
}

TEST_CASE("elf: the dynamic section is found without section headers") {
  const std::string bytes = make({});
  const elf::Dynamic dynamic = parsed(bytes).dynamic().value();
  CHECK(dynamic.needed == std::vector<std::string_view>{"libc.so.6", "libgcc_s.so.1"});
  CHECK(dynamic.runpath == "/opt/lib");
  CHECK(!dynamic.rpath);
  CHECK(!dynamic.soname);
  CHECK(dynamic.textrel);
  CHECK(dynamic.bind_now);
  CHECK(dynamic.pie);
}

TEST_CASE("elf: the glibc floor ignores versions of other libraries") {
  for (const bool big : {false, true}) {
    const std::string bytes = make({.wide = !big, .big = big});
    const elf::File file = parsed(bytes);
    const auto needs = file.version_needs().value();
    REQUIRE(needs.size() == 2);
    CHECK(needs[0].file == "libc.so.6");
    REQUIRE(needs[0].versions.size() == 2);
    CHECK(needs[0].versions[1].name == "GLIBC_2.2.5");
    CHECK(needs[1].versions[0].index == 4);
    const auto floor = file.glibc_floor().value();
    REQUIRE(floor);
    CHECK(floor->name == "GLIBC_2.34");
    CHECK(floor->version == elf::GlibcVersion{2, 34, 0});
    REQUIRE(floor->needs.size() == 1);
    CHECK(floor->needs[0].symbol == "open");
    CHECK(floor->needs[0].file == "libc.so.6");
  }
}

TEST_CASE("elf: dynamic symbols carry their version and its library") {
  const std::string bytes = make({});
  const elf::SymbolTable table = parsed(bytes).dynamic_symbols().value();
  REQUIRE(table.size() == 3);
  CHECK(table[0].name.empty());
  CHECK(table[1].name == "open");
  CHECK(table[2].name == "puts");
  CHECK(table[2].version == "GLIBC_2.2.5");
  CHECK(table[2].version_file == "libc.so.6");
  CHECK(table[2].binding() == elf::STB_WEAK);
  CHECK(table[2].type() == elf::STT_FUNC);
  CHECK(!table[2].defined());
  CHECK(table[3].name.empty());
}

TEST_CASE("elf: static, static-pie, dynamic and interp-only are told apart") {
  const auto kind = [](const Wanted& wanted) {
    const std::string bytes = make(wanted);
    return parsed(bytes).static_kind().value();
  };
  CHECK(kind({}) == elf::StaticKind::dynamic);
  CHECK(kind({.needed = false}) == elf::StaticKind::interp_only);
  CHECK(kind({.interpreter = false, .needed = false}) == elf::StaticKind::static_pie);
  CHECK(kind({.interpreter = false, .flags_1 = 0}) == elf::StaticKind::shared_object);
  CHECK(kind({.interpreter = false, .type = elf::ET_EXEC, .needed = false}) ==
        elf::StaticKind::static_exe);
  CHECK(kind({.type = elf::ET_REL}) == elf::StaticKind::relocatable);
  CHECK(kind({.type = elf::ET_CORE}) == elf::StaticKind::other);
}

TEST_CASE("elf: glibc versions and libraries by name") {
  CHECK(elf::parse_glibc_version("GLIBC_2.2.5") == elf::GlibcVersion{2, 2, 5});
  CHECK(elf::parse_glibc_version("GLIBC_ABI_DT_RELR") == elf::GlibcVersion{2, 36, 0});
  CHECK(elf::GlibcVersion{2, 9, 0} < elf::GlibcVersion{2, 17, 0});
  for (const char* name :
       {"GLIBC_PRIVATE", "GLIBC_", "GLIBC_2", "GCC_3.0", "GLIBC_2.x", "GLIBC_1.2.3.4"}) {
    CHECK(!elf::parse_glibc_version(name));
  }
  for (const char* name : {"libc.so.6", "libm.so.6", "ld-linux-aarch64.so.1", "libresolv.so.2"}) {
    CHECK(elf::is_glibc_library(name));
  }
  for (const char* name :
       {"libgcc_s.so.1", "libc++.so.1", "libc.musl-x86_64.so.1", "libcap.so.2"}) {
    CHECK(!elf::is_glibc_library(name));
  }
}

TEST_CASE("elf: refuses what is no ELF and says where") {
  CHECK(elf::File::parse(ByteView()).error().code == Errc::truncated);
  CHECK(elf::File::parse(view_of("#!/bin/sh, long enough")).error().code == Errc::malformed);
  std::string bytes = make({});
  bytes[4] = 9;
  CHECK(elf::File::parse(view_of(bytes)).error().offset == 4);
  bytes = make({});
  bytes.resize(100);
  CHECK(elf::File::parse(view_of(bytes)).error().code == Errc::truncated);
}

TEST_CASE("elf: every truncation is survived") {
  const std::string bytes = make({});
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto file = elf::File::parse(ByteView(bytes.data(), size));
    if (!file) continue;
    CHECK(!file->dynamic());
    CHECK(!file->glibc_floor());
    CHECK(!file->dynamic_symbols());
  }
}

TEST_CASE("elf: unreadable section headers do not hide what a loader sees") {
  std::string bytes = make({});
  bytes[0x28 + 1] = 0x7f;  // e_shoff behind the end
  bytes[0x3a] = 64;        // e_shentsize
  bytes[0x3c] = 3;         // e_shnum
  const elf::File file = parsed(bytes);
  REQUIRE(file.section_error());
  CHECK(file.section_error()->code == Errc::truncated);
  CHECK(file.dynamic().value().needed.size() == 2);
}

TEST_CASE("elf: a version chain that turns back is refused") {
  std::string bytes = make({});
  bytes[verneed_at + 12] = 1;  // vn_next into the record itself
  CHECK(parsed(bytes).version_needs().error().code == Errc::malformed);
}

extern "C" {
[[gnu::used]] int tenon_elf_test_marker[7] = {1};
}

TEST_CASE("elf: the running program, where programs are ELF") {
  std::ifstream in("/proc/self/exe", std::ios::binary);
  if (!in) return;
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  const elf::File file = parsed(bytes);
  CHECK(file.header().ei_class == (sizeof(void*) == 8 ? elf::ELFCLASS64 : elf::ELFCLASS32));
  CHECK(file.header().ei_data ==
        (std::endian::native == std::endian::little ? elf::ELFDATA2LSB : elf::ELFDATA2MSB));
  CHECK(file.section(".text") != nullptr);
  CHECK(file.section("no such section") == nullptr);
  const elf::SymbolTable table = file.symbols().value();
  if (table.size() == 0) return;
  const auto marker = std::ranges::find(table, "tenon_elf_test_marker", &elf::Symbol::name);
  REQUIRE(marker != table.end());
  CHECK((*marker).st_size >= sizeof(tenon_elf_test_marker));  // sanitizers pad globals
  CHECK((*marker).type() == elf::STT_OBJECT);
  CHECK((*marker).binding() == elf::STB_GLOBAL);
}
