#include "format/macho/macho.h"

#include <doctest/doctest.h>

#include <string>

#include "base/text.h"
#include "format/macho/load_commands.h"
#include "format/macho_builder.h"

using namespace tenon;
using namespace tenon::macho;
using namespace tenon::test;

namespace {

Errc parse_error(const std::string& bytes) {
  const auto file = File::parse(view_of(bytes));
  REQUIRE_FALSE(file.has_value());
  return file.error().code;
}

Errc slices_error(const std::string& bytes) {
  const auto found = slices(view_of(bytes));
  REQUIRE_FALSE(found.has_value());
  return found.error().code;
}

std::string fat_of(const std::vector<FatArch>& archs, std::size_t size) {
  std::string out;
  append(out, FatHeader{FAT_MAGIC, static_cast<std::uint32_t>(archs.size())});
  for (const FatArch& arch : archs) append(out, arch);
  out.resize(size);
  return out;
}

std::string with_trie(std::string_view trie) {
  MachoBuilder b;
  b.linkedit = trie;
  std::string command;
  append(command, LinkeditDataCommand{LC_DYLD_EXPORTS_TRIE, 16u, MachoBuilder::linkedit_at,
                                      static_cast<std::uint32_t>(trie.size())});
  b.commands = {command};
  return b.build();
}

}  // namespace

TEST_CASE("macho: a small program") {
  const std::string bytes = small_program().build();
  const auto file = File::parse(view_of(bytes));
  REQUIRE(file.has_value());
  CHECK(file->header().cputype == CPU_TYPE_ARM64);
  CHECK(file->header().filetype == MH_EXECUTE);
  CHECK(file->segments().size() == 2);
  CHECK(file->segment("__LINKEDIT")->fileoff == 0x4000);
  REQUIRE(file->section("__TEXT", "__text") != nullptr);
  CHECK(file->contents(*file->section("__TEXT", "__text"))->size() == 64);
  CHECK(file->segment("__DATA") == nullptr);
  CHECK_FALSE(file->signature().has_value());
  CHECK(file->build() == nullptr);
}

TEST_CASE("macho: symbols, imports and exports") {
  const std::string bytes = small_program().build();
  const auto file = File::parse(view_of(bytes));
  REQUIRE(file.has_value());
  std::vector<Symbol> symbols;
  REQUIRE(file->for_each_symbol([&](const Symbol& s) { symbols.push_back(s); }).has_value());
  REQUIRE(symbols.size() == 3);
  CHECK(symbols[0].name == "_main");
  CHECK(is_defined(symbols[0]));
  CHECK(is_external(symbols[0]));
  CHECK(symbols[0].n_value == 0x100001000);
  CHECK(is_weak_ref(symbols[2]));

  const auto imports = file->imports();
  REQUIRE(imports.has_value());
  REQUIRE(imports->size() == 2);
  CHECK((*imports)[0].name == "_puts");
  CHECK((*imports)[0].ordinal == 1);
  CHECK_FALSE((*imports)[0].weak);
  CHECK((*imports)[1].ordinal == Import::dynamic_lookup_ordinal);
  CHECK((*imports)[1].weak);
  CHECK(*file->exports() == std::vector<std::string>{"_main"});
}

TEST_CASE("macho: kinds of symbols") {
  Symbol s;
  s.n_type = N_EXT;
  CHECK(is_undefined(s));
  s.n_value = 16;
  CHECK(is_common(s));
  CHECK_FALSE(is_undefined(s));
  CHECK_FALSE(is_defined(s));
  s.n_type = N_EXT | N_PEXT | 0xe;
  s.n_desc = N_WEAK_DEF;
  CHECK(is_private_extern(s));
  CHECK(is_weak_def(s));
  s.n_type = 0x64;  // N_SO
  CHECK(is_stab(s));
  CHECK_FALSE(is_defined(s));
  CHECK_FALSE(is_external(s));
}

TEST_CASE("macho: libraries, paths, versions, uuid") {
  MachoBuilder b;
  std::string build, uuid, entry;
  append(build,
         BuildVersionCommand{LC_BUILD_VERSION, 32u, PLATFORM_MACOS, 0x000c0000u, 0x000d0102u, 1u});
  append(build, BuildToolVersion{3u, 0x03fe0100u});
  UuidCommand id{LC_UUID, 24u, {}};
  id.uuid[0] = std::byte{0xab};
  append(uuid, id);
  append(entry, EntryPointCommand{LC_MAIN, 24u, 0x1000u, 0u});
  b.commands = {dylib_command(LC_LOAD_DYLIB, "/usr/lib/libSystem.B.dylib", 0x054c0000, 0x10000),
                dylib_command(LC_LOAD_WEAK_DYLIB, "@rpath/a.dylib", 0x10203, 0),
                dylib_command(LC_ID_DYLIB, "me", 0, 0),
                string_command(LC_RPATH, "@loader_path/../lib"),
                string_command(LC_LOAD_DYLINKER, "/usr/lib/dyld"),
                build,
                uuid,
                entry};
  const std::string bytes = b.build();
  const auto file = File::parse(view_of(bytes));
  REQUIRE(file.has_value());
  REQUIRE(file->dylibs().size() == 2);
  CHECK(file->dylibs()[0].name == "/usr/lib/libSystem.B.dylib");
  CHECK(file->dylibs()[0].current_version == Version{1356, 0, 0});
  CHECK(file->dylibs()[1].kind == DylibKind::weak);
  CHECK(file->dylibs()[1].current_version == Version{1, 2, 3});
  CHECK(file->id()->name == "me");
  CHECK(file->rpaths()[0] == "@loader_path/../lib");
  CHECK(*file->dylinker() == "/usr/lib/dyld");
  REQUIRE(file->build() != nullptr);
  CHECK(file->build()->minos == Version{12, 0, 0});
  CHECK(file->build()->sdk == Version{13, 1, 2});
  CHECK(file->build()->tools.size() == 1);
  CHECK((*file->uuid())[0] == std::byte{0xab});
  CHECK(*file->entry_point() == 0x1000);
  CHECK(pack_version(Version{13, 1, 2}) == 0x000d0102);
}

TEST_CASE("macho: linker options") {
  MachoBuilder b;
  std::string command;
  append(command, LinkerOptionCommand{LC_LINKER_OPTION, 40u, 2u});
  command += std::string("-framework\0Foundation\0", 22);
  command.resize(40);
  b.commands = {command};
  const std::string bytes = b.build();
  const auto options = File::parse(view_of(bytes))->auto_link_options();
  REQUIRE(options.has_value());
  REQUIRE(options->size() == 1);
  CHECK((*options)[0] == std::vector<std::string_view>{"-framework", "Foundation"});
}

TEST_CASE("macho: 32-bit objects") {
  std::string bytes;
  append(bytes, MachHeader{MH_MAGIC, CPU_TYPE_I386, 3u, MH_OBJECT, 2u, 148u, 0u});
  append(bytes, SegmentCommand{LC_SEGMENT, 124u, name16(""), 0u, 4u, 176u, 4u, 7u, 7u, 1u, 0u});
  append(bytes,
         RawSection{name16("__text"), name16("__TEXT"), 0u, 4u, 176u, 0u, 0u, 0u, 0u, 0u, 0u});
  append(bytes, SymtabCommand{LC_SYMTAB, 24u, 180u, 1u, 192u, 4u});
  bytes.resize(180);
  append(bytes, Nlist{1u, N_EXT, 0, 0u, 0u});
  bytes += std::string("\0_x\0", 4);
  const auto file = File::parse(view_of(bytes));
  REQUIRE(file.has_value());
  CHECK_FALSE(file->header().is_64);
  CHECK(file->section("__TEXT", "__text")->size == 4);
  CHECK(file->imports()->front().name == "_x");
}

TEST_CASE("macho: what is refused") {
  CHECK(parse_error("") == Errc::truncated);
  CHECK(parse_error("hello, world") == Errc::malformed);
  CHECK(parse_error(std::string("\xfe\xed\xfa\xcf", 4) + std::string(60, '\0')) ==
        Errc::unsupported);

  const std::string good = small_program().build();
  std::string bad = good;
  overwrite(bad, 20, ul32(0x100000));  // sizeofcmds
  CHECK(parse_error(bad) == Errc::truncated);
  bad = good;
  overwrite(bad, 36, ul32(7));  // cmdsize of the first command
  CHECK(parse_error(bad) == Errc::malformed);
  overwrite(bad, 36, ul32(0));
  CHECK(parse_error(bad) == Errc::malformed);
  bad = good;
  overwrite(bad, 16, ul32(0xffffffff));  // ncmds
  CHECK(parse_error(bad) == Errc::truncated);
  bad = good;
  overwrite(bad, 32 + 64, ul32(0xffffffff));  // nsects
  CHECK(parse_error(bad) == Errc::truncated);

  MachoBuilder twice = small_program();
  twice.commands.push_back(twice.commands[0]);
  CHECK(parse_error(twice.build()) == Errc::malformed);
  MachoBuilder open;
  open.commands = {string_command(LC_RPATH, "abc")};
  open.commands[0].back() = 'x';
  open.commands[0][15] = 'y';
  CHECK(parse_error(open.build()) == Errc::truncated);
}

TEST_CASE("macho: symbols outside of the file") {
  std::string bytes = small_program().build();
  const std::size_t symtab = 32 + sizeof(SegmentCommand64) * 2 + sizeof(RawSection64);
  overwrite(bytes, symtab + 12, ul32(0xffffffff));
  const auto file = File::parse(view_of(bytes));
  REQUIRE(file.has_value());
  CHECK_FALSE(file->imports().has_value());
}

TEST_CASE("macho: hostile export tries") {
  const auto exports = [](std::string_view trie) {
    const std::string bytes = with_trie(trie);
    return File::parse(view_of(bytes))->exports();
  };
  using namespace std::string_view_literals;
  CHECK(exports("\0\0"sv)->empty());
  CHECK_FALSE(exports("\0\1a\0\0"sv).has_value());    // edge back to the root
  CHECK_FALSE(exports("\0\1\0\0"sv).has_value());     // the same without a text
  CHECK_FALSE(exports("\0\1a\0\x70"sv).has_value());  // edge to nowhere
  CHECK_FALSE(exports("\0\2a\0\x8"sv
                      "b\0\x8\0\0"sv)
                  .has_value());  // shared node
  CHECK_FALSE(exports("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\1"sv).has_value());

  // Every node exports: names grow with the square of the trie.
  std::string chain;
  for (unsigned i = 0; i < 2000; ++i) {
    const unsigned next = (i + 1) * 8;
    chain += std::string("\2\0\0\1a\0", 6);
    chain += static_cast<char>((next & 0x7f) | 0x80);
    chain += static_cast<char>(next >> 7);
  }
  chain += std::string("\2\0\0\0", 4);
  CHECK_FALSE(exports(chain).has_value());
}

TEST_CASE("macho: slices of a universal file") {
  const std::string fat = fat_of(
      {{CPU_TYPE_X86_64, 3u, 4096u, 4096u, 12u}, {CPU_TYPE_ARM64, 0u, 16384u, 100u, 14u}}, 16484);
  const auto found = slices(view_of(fat));
  REQUIRE(found.has_value());
  REQUIRE(found->size() == 2);
  CHECK((*found)[1].cputype == CPU_TYPE_ARM64);
  CHECK((*found)[1].align == 16384);
  CHECK((*found)[1].bytes.size() == 100);
  CHECK((*found)[1].bytes.base() == 16384);
  CHECK(is_universal(view_of(fat)));

  const std::string thin = small_program().build();
  REQUIRE(slices(view_of(thin)).has_value());
  CHECK(slices(view_of(thin))->front().size == thin.size());
}

TEST_CASE("macho: slices that are static libraries") {
  std::string fat =
      fat_of({{CPU_TYPE_X86_64, 3u, 48u, 8u, 3u}, {CPU_TYPE_ARM64, 0u, 56u, 8u, 3u}}, 64);
  fat.replace(48, 16, "!<arch>\n!<arch>\n");
  const auto found = slices(view_of(fat));
  REQUIRE(found.has_value());
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].bytes.text() == "!<arch>\n");
  CHECK((*found)[1].bytes.text() == "!<arch>\n");
  CHECK(File::parse((*found)[1].bytes).error().code == Errc::malformed);
  CHECK(slices_error("!<arch>\n") == Errc::malformed);  // thin: no table to read
}

TEST_CASE("macho: universal files with 64-bit offsets") {
  std::string fat;
  append(fat, FatHeader{FAT_MAGIC_64, 2u});
  append(fat, FatArch64{CPU_TYPE_ARM64, 2u, ub64(16384), ub64(8), 14u, 0u});
  append(fat, FatArch64{CPU_TYPE_X86_64, 3u, ub64(4096), ub64(100), 12u, 0u});
  std::string good = fat;
  good.resize(16392);
  const auto found = slices(view_of(good));
  REQUIRE(found.has_value());
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].cputype == CPU_TYPE_X86_64);  // file order
  CHECK((*found)[1].cpusubtype == 2);
  CHECK((*found)[1].bytes.size() == 8);
  CHECK(is_universal(view_of(good)));
  overwrite(good, 8 + 8, ub64(0xffffffff'ffffc000));
  CHECK(slices_error(good) == Errc::truncated);
  overwrite(good, 8 + 8, ub64(16384));
  overwrite(good, 8 + 16, ub64(0xffffffff'ffffffff));
  CHECK(slices_error(good) == Errc::truncated);
}

TEST_CASE("macho: names of load commands are found by their numbers") {
  // <mach-o/loader.h>; the first and the last with and without LC_REQ_DYLD.
  CHECK(load_command_name(0x1) == "LC_SEGMENT");
  CHECK(load_command_name(0x14) == "LC_SUB_CLIENT");
  CHECK(load_command_name(0x22) == "LC_DYLD_INFO");
  CHECK(load_command_name(0x36) == "LC_ATOM_INFO");
  CHECK(load_command_name(0x37) == "LC_FUNCTION_VARIANTS");
  CHECK(load_command_name(0x38) == "LC_FUNCTION_VARIANT_FIXUPS");
  CHECK(load_command_name(0x39) == "LC_TARGET_TRIPLE");
  CHECK(load_command_name(0x80000018) == "LC_LOAD_WEAK_DYLIB");
  CHECK(load_command_name(0x80000022) == "LC_DYLD_INFO_ONLY");
  CHECK(load_command_name(0x80000035) == "LC_FILESET_ENTRY");
  CHECK(load_command_name(0x3a).empty());
  CHECK(load_command_name(0x80000001).empty());
  // All but 0x18, 0x1c, 0x1f, 0x23, 0x28, 0x33 to 0x35, which exist with LC_REQ_DYLD alone.
  std::size_t named = 0;
  for (std::uint32_t cmd = 0; cmd < 0x100; ++cmd) named += load_command_name(cmd).empty() ? 0 : 1;
  CHECK(named == 0x39 - 8);
}

TEST_CASE("macho: commands that File has no question for") {
  MachoBuilder b;
  append(b.commands.emplace_back(), VersionMinCommand{0x77, 16u, 5u, 6u});
  b.commands.push_back(string_command(LC_SUB_CLIENT, "Foo"));
  b.commands.push_back(string_command(LC_SUB_CLIENT, "Bar"));
  std::string bytes = b.build();
  const auto file = File::parse(view_of(bytes));
  REQUIRE(file.has_value());
  const auto* found = file->command<VersionMinCommand>(0x77);
  REQUIRE(found != nullptr);
  CHECK(found->sdk == 6);
  CHECK(file->command<VersionMinCommand>(0x78) == nullptr);
  CHECK(file->command<SegmentCommand64>(0x77) == nullptr);  // longer than the command
  const auto clients = file->strings(LC_SUB_CLIENT);
  REQUIRE(clients.has_value());
  CHECK(*clients == std::vector<std::string_view>{"Foo", "Bar"});
  // A text that would lie in the fixed part.
  const std::size_t at = bytes.find("Foo") - sizeof(StringCommand);
  overwrite(bytes, at + 8, ul32(4));
  CHECK_FALSE(File::parse(view_of(bytes))->strings(LC_SUB_CLIENT).has_value());
}

TEST_CASE("macho: rare commands") {
  MachoBuilder b;
  append(b.commands.emplace_back(),
         SourceVersionCommand{LC_SOURCE_VERSION, 16u,
                              ul64(1234ULL << 40 | 5ULL << 30 | 6ULL << 20 | 7 << 10 | 1023)});
  append(b.commands.emplace_back(),
         EncryptionInfoCommand{LC_ENCRYPTION_INFO_64, 24u, 0x4000u, 0x1000u, 1u});
  b.commands.back().resize(24);
  append(b.commands.emplace_back(), LinkeditDataCommand{LC_DATA_IN_CODE, 16u, 0u, 0u});
  b.commands.push_back(string_command(LC_DYLD_ENVIRONMENT, "DYLD_LIBRARY_PATH=/a"));
  b.commands.push_back(string_command(LC_SUB_FRAMEWORK, "Accelerate"));
  append(b.commands.emplace_back(),
         DysymtabCommand{LC_DYSYMTAB, 80u, 0u, 1u, 1u, 2u, 3u, 4u, 0u, 0u,
                         0u,          0u,  0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u});
  const std::string bytes = b.build();
  const auto file = File::parse(view_of(bytes));
  REQUIRE(file.has_value());
  CHECK(*file->source_version() == SourceVersion{1234, 5, 6, 7, 1023});
  CHECK(*file->cryptid() == 1);
  CHECK(file->has_data_in_code());
  REQUIRE(file->dyld_environment().size() == 1);
  CHECK(file->dyld_environment()[0] == "DYLD_LIBRARY_PATH=/a");
  CHECK(*file->umbrella() == "Accelerate");
  REQUIRE(file->symbol_groups().has_value());
  CHECK(file->symbol_groups()->nlocalsym == 1);
  CHECK(file->symbol_groups()->nextdefsym == 2);
  CHECK(file->symbol_groups()->iundefsym == 3);
  CHECK(file->symbol_groups()->nundefsym == 4);
  CHECK(file->base_address() == 0x100000000);
  CHECK_FALSE(file->has_dyld_info());
  b.commands.push_back(b.commands[0]);
  CHECK(parse_error(b.build()) == Errc::malformed);
}

TEST_CASE("macho: hostile universal files") {
  const FatArch arm{CPU_TYPE_ARM64, 0u, 16384u, 100u, 14u};
  CHECK(slices_error(fat_of({}, 100)) == Errc::malformed);
  CHECK(slices_error(fat_of({arm}, 16400)) == Errc::truncated);
  CHECK(slices_error(fat_of({arm, arm}, 20000)) == Errc::malformed);
  CHECK(slices_error(fat_of({arm, {CPU_TYPE_X86_64, 3u, 16384u, 8u, 12u}}, 20000)) ==
        Errc::malformed);
  CHECK(slices_error(fat_of({{CPU_TYPE_ARM64, 0u, 4096u, 8u, 14u}}, 20000)) == Errc::malformed);
  CHECK(slices_error(fat_of({{CPU_TYPE_ARM64, 0u, 0u, 8u, 0u}}, 20000)) == Errc::malformed);
  CHECK(slices_error(fat_of({{CPU_TYPE_ARM64, 0u, 32u, 8u, 200u}}, 20000)) == Errc::malformed);
  // A Java 8 class: minor version 0, major version 52.
  const std::string java = std::string("\xca\xfe\xba\xbe\0\0\0\x34", 8) + std::string(100, 'x');
  CHECK(slices_error(java) == Errc::malformed);
  CHECK_FALSE(is_universal(view_of(java)));
}

// Expected values: llvm-nm, llvm-otool and llvm-objdump 19 on the same packages.
TEST_CASE("macho: fsevents 2.3.3") {
  const auto bytes = test_file("fsevents.node");
  if (!bytes) return;
  const auto all = slices(view_of(*bytes));
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 2);
  const auto file = File::parse((*all)[0].bytes);
  REQUIRE(file.has_value());
  CHECK(to_hex(file->uuid()->data(), 16) == "21fe384c8fbc38baba6229b60297aea6");
  CHECK(file->build()->minos == Version{10, 15, 0});
  CHECK(file->build()->sdk == Version{13, 1, 0});
  CHECK(file->symtab()->nsyms == 508);
  CHECK(file->imports()->size() == 51);
  CHECK(file->exports()->size() == 16);
  CHECK(file->dylibs().size() == 4);
}

TEST_CASE("macho: @swc/core-darwin-arm64 1.16.18") {
  const auto bytes = test_file("swc.darwin-arm64.node");
  if (!bytes) return;
  const auto file = File::parse(view_of(*bytes));
  REQUIRE(file.has_value());
  CHECK(file->header().filetype == MH_DYLIB);
  CHECK(to_hex(file->uuid()->data(), 16) == "bef966da35cf3bcbacda1208435f1ea8");
  CHECK(file->build()->sdk == Version{26, 5, 0});
  CHECK(file->imports()->size() == 78);
  CHECK(*file->exports() == std::vector<std::string>{"_blake3_compress_in_place_portable",
                                                     "_napi_register_module_v1",
                                                     "_node_api_module_get_api_version_v1"});
  CHECK(file->dylibs()[0].name == "/usr/lib/libiconv.2.dylib");
  CHECK(file->signature()->offset == 8985040);
  CHECK(file->signature()->size == 35840);
}
