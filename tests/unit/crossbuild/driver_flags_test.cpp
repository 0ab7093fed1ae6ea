#include "crossbuild/driver/driver_flags.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

using namespace tenon;

namespace {

using Words = std::vector<std::string>;

constexpr Version zig13{0, 13, 0}, zig15{0, 15, 2}, zig17{0, 17, 1}, lld19{19, 1, 7};

FilteredFlags filtered(const Words& flags, FlagTool tool, Version version) {
  const bool macho =
      tool != FlagTool::zig_ld_elf && tool != FlagTool::zig_cc_elf && tool != FlagTool::zig_ld_coff;
  return filter_flags(parse_driver_args(flags, macho), tool, version);
}

// What became of the flags, in a word.
std::string fate(const Words& flags, FlagTool tool, Version version) {
  const FilteredFlags out = filtered(flags, tool, version);
  if (!out.refused.empty()) return "refused";
  if (!out.flat_symbols.empty()) return "flat";
  if (!out.minimum.empty()) return "minimum " + out.minimum.text();
  if (out.args.empty()) return "dropped";
  Words words;
  for (const DriverArg& arg : out.args) append_args(arg, words);
  if (words == flags) return "passes";
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// A row of the measured table: the flag and its fate with zig 0.13, 0.15.2, 0.17.1 and ld64.lld 19.
struct Row {
  Words flags;
  std::array<const char*, 4> fates;
};

void check_row(const Row& row) {
  const std::string flag = row.flags.front();
  CAPTURE(flag);
  CHECK(fate(row.flags, FlagTool::zig_ld_macho, zig13) == row.fates[0]);
  CHECK(fate(row.flags, FlagTool::zig_ld_macho, zig15) == row.fates[1]);
  CHECK(fate(row.flags, FlagTool::zig_ld_macho, zig17) == row.fates[2]);
  CHECK(fate(row.flags, FlagTool::lld_macho, lld19) == row.fates[3]);
}

constexpr std::array<const char*, 4> everywhere(const char* text) {
  return {text, text, text, text};
}

constexpr std::array<const char*, 4> not_with_zig{"refused", "refused", "refused", "passes"};
constexpr std::array<const char*, 4> only_lld_needs{"dropped", "dropped", "dropped", "passes"};

}  // namespace

TEST_CASE("driver flags: what every linker takes passes unchanged") {
  for (const Words& flags : {Words{"-Wl,-headerpad,1144"},
                             Words{"-Wl,-S"},
                             Words{"-Wl,-dead_strip"},
                             Words{"-Wl,-dead_strip_dylibs"},
                             Words{"-Wl,-search_paths_first"},
                             Words{"-Wl,-headerpad_max_install_names"},
                             Words{"-Wl,-pagezero_size,4000000"},
                             Words{"-Wl,-e,_start"},
                             Words{"-Wl,-undefined,dynamic_lookup"},
                             Words{"-Wl,-rpath,@loader_path"},
                             Words{"-Wl,-install_name,@rpath/a.dylib"},
                             Words{"-framework", "CoreFoundation"},
                             Words{"-weak_framework", "Metal"},
                             Words{"-needed_framework", "Metal"},
                             Words{"-Wl,-force_load,a.a"},
                             Words{"-dynamiclib"},
                             Words{"-O2"},
                             Words{"-g"},
                             Words{"-lz"},
                             Words{"a.o"}}) {
    check_row({flags, everywhere("passes")});
  }
}

TEST_CASE("driver flags: what Go passes") {
  // zig 0.13 stops at -x, which -ldflags=-s adds.
  check_row({{"-Wl,-x"}, {"dropped", "passes", "passes", "passes"}});
  check_row({{"-Wl,-no_pie"}, everywhere("dropped")});
  // No program may lack LC_UUID, whatever the linker can do.
  check_row({{"-Wl,-no_uuid"}, everywhere("refused")});
  check_row({{"-Wl,-flat_namespace"}, not_with_zig});
  check_row({{"-Wl,-bind_at_load"}, not_with_zig});
  // zig accepts it without effect; lld stops at it.
  check_row({{"-Wl,--compress-debug-sections=zlib"}, everywhere("dropped")});
}

TEST_CASE("driver flags: what zig stops at and what changes the program is refused") {
  check_row({{"-Wl,-sectcreate,__TEXT,__info,a.plist"}, not_with_zig});
  check_row({{"-Wl,-all_load"}, not_with_zig});
  check_row({{"-Wl,-unexported_symbol,_a"}, not_with_zig});
  check_row({{"-Wl,-ObjC"}, not_with_zig});
  check_row({{"-Wl,-exported_symbols_list,a.txt"}, {"refused", "refused", "passes", "passes"}});
}

TEST_CASE("driver flags: what zig stops at and what changes nothing is dropped") {
  check_row({{"-Wl,-export_dynamic"}, only_lld_needs});
  check_row({{"-Wl,-no_fixup_chains"}, only_lld_needs});
  check_row({{"-Wl,-fixup_chains"}, only_lld_needs});
  check_row({{"-Wl,-oso_prefix,/a"}, only_lld_needs});
  check_row({{"-Wl,-function_starts"}, only_lld_needs});
  check_row({{"-Wl,-no_compact_unwind"}, only_lld_needs});
  check_row({{"-Wl,-reproducible"}, only_lld_needs});
  check_row({{"-Wl,-w"}, {"dropped", "dropped", "passes", "passes"}});
  // tenon signs itself and names the SDK itself.
  check_row({{"-Wl,-adhoc_codesign"}, everywhere("dropped")});
  check_row({{"-Wl,-syslibroot,/sdk"}, everywhere("dropped")});
  // No linker here takes these two.
  check_row({{"-Wl,-no_warn_duplicate_libraries"}, everywhere("dropped")});
  check_row({{"-Wl,-ld_classic"}, everywhere("dropped")});
}

TEST_CASE("driver flags: flags with a meaning of tenon's own") {
  check_row({{"-Wl,-U,_sym"}, everywhere("flat")});
  check_row({{"-Wl,-platform_version,macos,13.0,14.2"}, everywhere("minimum 13.0")});
  check_row({{"-Wl,-dylib"}, {"-dynamiclib", "-dynamiclib", "-dynamiclib", "passes"}});
}

TEST_CASE("driver flags: flags of ELF linkers on darwin") {
  // zig takes them without effect; lld stops at "unknown argument".
  constexpr std::array<const char*, 4> harmless{"passes", "passes", "passes", "dropped"};
  check_row({{"-Wl,-z,relro"}, harmless});
  check_row({{"-Wl,-E"}, harmless});
  check_row({{"-Wl,--no-gc-sections"}, harmless});
  check_row({{"-Wl,-T,script"}, {"refused", "refused", "refused", "refused"}});
}

TEST_CASE("driver flags: flags of the driver") {
  check_row({{"-static"}, everywhere("refused")});
  check_row({{"-no-pie"}, {"dropped", "passes", "passes", "passes"}});
  check_row({{"-fembed-bitcode"}, everywhere("dropped")});
  check_row({{"-fembed-bitcode=all"}, everywhere("dropped")});
  check_row({{"-fuse-ld=lld"}, everywhere("dropped")});
  check_row({{"-fuse-ld=gold"}, everywhere("dropped")});
  check_row({{"-arch", "x86_64"}, everywhere("dropped")});
  check_row({{"-target", "x86_64-apple-macos10.13"}, everywhere("dropped")});
  check_row({{"--target=x86_64-apple-macos10.13"}, everywhere("dropped")});
}

// zig ignores the flag and the environment variable: the version has to come out as a number.
TEST_CASE("driver flags: the highest deployment target counts") {
  const auto out =
      filtered({"-mmacosx-version-min=11.0", "-mmacos-version-min=13.1",
                "-Wl,-macosx_version_min,12.0", "-Wl,-platform_version,macos,12.3,14.0"},
               FlagTool::zig_ld_macho, zig15);
  CHECK(out.minimum == Version{13, 1, 0});
  CHECK(out.args.empty());
  CHECK(out.dropped.size() == 4);
  CHECK(fate({"-mmacosx-version-min=11.0"}, FlagTool::zig_cc_macho, zig15) == "minimum 11.0");
  CHECK(fate({"-mmacosx-version-min=11.0"}, FlagTool::clang_cc, lld19) == "minimum 11.0");
  CHECK(filtered({"-mmacosx-version-min=x"}, FlagTool::zig_ld_macho, zig15).minimum.empty());
}

TEST_CASE("driver flags: symbols for a flat look-up are handed over as they are") {
  const auto out = filtered({"-Wl,-U,_a", "-Wl,-U,_b", "a.o"}, FlagTool::lld_macho, lld19);
  CHECK(out.flat_symbols == Words{"_a", "_b"});
  CHECK(out.args.size() == 1);
}

TEST_CASE("driver flags: libraries inside libSystem") {
  for (const char* flag :
       {"-lm", "-lpthread", "-ldl", "-lc", "-lSystem", "-lproc", "-linfo", "-ldbm", "-lpoll"}) {
    check_row({{flag}, everywhere("dropped")});
  }
  check_row({{"-lstdc++"}, everywhere("-lc++")});
  CHECK(fate({"-lm"}, FlagTool::zig_ld_elf, zig17) == "passes");
  CHECK(fate({"-static"}, FlagTool::zig_ld_elf, zig17) == "passes");
}

// "-ObjC" of the driver is a language for the compiler; clang hands it on to the linker.
TEST_CASE("driver flags: -ObjC keeps its meaning at the link") {
  check_row({{"-ObjC"}, not_with_zig});
  CHECK(fate({"-ObjC"}, FlagTool::zig_cc_macho, zig17) == "passes");
}

TEST_CASE("driver flags: processors as zig spells them") {
  CHECK(fate({"-mcpu=apple-m1"}, FlagTool::zig_cc_macho, zig17) == "-mcpu=apple_m1");
  CHECK(fate({"-mcpu=cortex-a72+no-crc"}, FlagTool::zig_cc_elf, zig17) ==
        "-mcpu=cortex_a72+no-crc");
  CHECK(fate({"-mcpu=apple-m1"}, FlagTool::clang_cc, lld19) == "passes");
  CHECK(fate({"-march=x86-64"}, FlagTool::zig_cc_elf, zig17) == "-march=x86_64");
  CHECK(fate({"-march=x86-64-v3"}, FlagTool::zig_cc_elf, zig17) == "-march=x86_64_v3");
  CHECK(fate({"-march=native"}, FlagTool::clang_cc, lld19) == "dropped");
  CHECK(fate({"-mtune=generic"}, FlagTool::zig_cc_elf, zig17) == "dropped");
  CHECK(fate({"-march=armv8-a"}, FlagTool::zig_cc_elf, zig17) == "dropped");
  CHECK(fate({"-march=armv8.2-a+crypto"}, FlagTool::zig_cc_macho, zig17) == "dropped");
  CHECK(fate({"-march=armv8-a+crc+fp16"}, FlagTool::zig_cc_elf, zig17) ==
        "-Xclang -target-feature -Xclang +crc -Xclang -target-feature -Xclang +fullfp16");
  CHECK(fate({"-march=armv8.2-a+crypto"}, FlagTool::zig_cc_elf, zig17) ==
        "-Xclang -target-feature -Xclang +v8.2a -Xclang -target-feature -Xclang +aes"
        " -Xclang -target-feature -Xclang +sha2");
}

TEST_CASE("driver flags: linking for linux with zig") {
  const auto with = [](const char* flag, Version version) {
    return fate({flag}, FlagTool::zig_ld_elf, version);
  };
  CHECK(with("-Wl,--unresolved-symbols=ignore-all", zig17) == "refused");
  CHECK(with("-Wl,--export-dynamic-symbol=a", zig17) == "-Wl,--export-dynamic");
  CHECK(with("-Wl,--dynamic-list=a", zig17) == "-Wl,--export-dynamic");
  CHECK(with("-Wl,-Bsymbolic-functions", zig17) == "-Wl,-Bsymbolic");
  CHECK(with("-Wl,--defsym=a=b", zig17) == "refused");
  CHECK(with("-Wl,--wrap,a", zig15) == "refused");
  CHECK(with("-Wl,--wrap,a", zig17) == "passes");
  CHECK(with("-Wl,-z,relro", zig17) == "passes");
  CHECK(with("-Wl,-O1", zig17) == "dropped");
  CHECK(with("-Wl,--compress-debug-sections=zlib", zig17) == "dropped");
  CHECK(with("-fuse-ld=gold", zig17) == "dropped");
}

TEST_CASE("driver flags: Apple's own tools get everything") {
  for (const char* flag : {"-Wl,-ObjC", "-Wl,-no_pie", "-Wl,-ld_classic", "-lm", "-march=native"}) {
    CHECK(fate({flag}, FlagTool::apple, lld19) == "passes");
  }
}

TEST_CASE("driver flags: every note names the flag as it was written, and its reason") {
  const auto out = filtered({"-Wl,-all_load", "-Wl,-w", "-lm", "-lstdc++", "a.o"},
                            FlagTool::zig_ld_macho, zig15);
  REQUIRE(out.refused.size() == 1);
  CHECK(out.refused[0].flag == "-Wl,-all_load");
  REQUIRE(out.dropped.size() == 3);
  CHECK(out.dropped[0].flag == "-Wl,-w");
  CHECK(out.dropped[2].flag == "-lstdc++");
  CHECK(out.args.size() == 2);
}

TEST_CASE("driver flags: rows of the table are whole and can be reached") {
  for (const FlagRow& row : flag_table()) {
    CAPTURE(row.pattern);
    CHECK_FALSE(row.reason.empty());
    CHECK(row.tools != 0);
    CHECK((row.action == FlagAction::rewrite) <= !row.text.empty());
    // The first row for its flag, tool and version is the row itself.
    const std::string name(row.pattern.substr(0, row.pattern.find('*')));
    DriverArg arg{row.kind, name, {}};
    if (row.kind == DriverArg::Kind::library) arg = {row.kind, "-l", {name}};
    const auto tool = static_cast<FlagTool>(row.tools & (~row.tools + 1));
    CHECK(find_flag(arg, tool, Version{}) == &row);
  }
}

// Held against what zig 0.14.1, 0.15.2 and 0.17.1 do with each of them.
TEST_CASE("flags: what Go and packages pass to a link for Windows") {
  const auto on = [](const Words& flags) { return fate(flags, FlagTool::zig_ld_coff, zig15); };
  CHECK(on({"-mconsole"}) == "dropped");
  CHECK(on({"-mwindows"}) == "-Wl,--subsystem,windows");
  CHECK(on({"-Wl,--disable-dynamicbase"}) == "-Wl,--no-dynamicbase");
  CHECK(on({"-Wl,-T,/tmp/go-link-1/fix_debug_gdb_scripts.ld"}) == "dropped");
  for (const char* flag :
       {"-Wl,--tsaware", "-Wl,--nxcompat", "-Wl,--dynamicbase", "-Wl,--high-entropy-va",
        "-Wl,--major-os-version=6", "-Wl,--minor-subsystem-version=1", "-Wl,--no-insert-timestamp",
        "-Wl,--compress-debug-sections=zlib", "-static-libgcc", "-lmsvcrt", "-lgcc",
        "-Wl,--section-alignment,4096", "-Wl,-z,now"}) {
    CAPTURE(flag);
    CHECK(on({flag}) == "dropped");
  }
  for (const char* flag : {"-lws2_32", "-lole32", "-lmingwex", "-lpthread", "-lm", "-shared",
                           "-static", "-Wl,--stack,1048576", "-Wl,--image-base,0x400000",
                           "-Wl,--out-implib,app.lib", "-Wl,--start-group", "-Wl,-s"}) {
    CAPTURE(flag);
    CHECK(on({flag}) == "passes");
  }
  for (const char* flag : {"-Wl,--delayload=x.dll", "-Wl,--heap,1048576", "-Wl,--wrap,malloc",
                           "-Wl,--allow-multiple-definition", "-Wl,--version-script,x.map"}) {
    CAPTURE(flag);
    CHECK(on({flag}) == "refused");
  }
  CHECK(on({"-lstdc++"}) == "-lc++");
}
