// What inspect says of ELF files: linkage, C library, link mode, hardening; and of PE files.
#include "format/pe_builder.h"
#include "inspect/inspected.h"

using namespace tenon;
using namespace tenon::test;

namespace {

constexpr const char* loader = "/lib/ld-linux-aarch64.so.1";

}  // namespace

TEST_CASE("inspect elf: a static program of Go's own linker") {
  const Artifact slice = only_slice(ElfProgram{}.build());
  CHECK(slice.format == "ELF 64-bit LSB");
  CHECK(slice.arch == "aarch64");
  CHECK(slice.goarch == "arm64");
  CHECK(slice.type == "executable");
  CHECK(said(slice.linkage) == "static from PT_INTERP, DT_NEEDED");
  CHECK(said(slice.interpreter) == "absent in PT_INTERP");
  CHECK(said(slice.link_mode) == "internal from no .init_array, .comment or .eh_frame");
  CHECK(said(slice.linker) == "Go from no .init_array, .comment or .eh_frame");
  CHECK(said(slice.libc) == "absent in DT_NEEDED");
  CHECK(said(slice.uuid) == "absent in NT_GNU_BUILD_ID");
  CHECK(said(slice.glibc_floor) == "absent in DT_VERNEED");
  CHECK(hardened(slice, "pie") == "no");
  CHECK(hardened(slice, "exec-stack") == "no");
}

TEST_CASE("inspect elf: a dynamic program names loader, libraries, versions and the floor") {
  const ElfProgram program{.interpreter = loader,
                           .runpath = "$ORIGIN/lib",
                           .needed = {"libc.so.6", "libgcc_s.so.1"},
                           .symbols = {{"open", "libc.so.6", "GLIBC_2.34"},
                                       {"puts", "libc.so.6", "GLIBC_2.17"},
                                       {"_Unwind_Resume", "libgcc_s.so.1", "GLIBC_2.99"},
                                       {.name = "exported", .defined = true}},
                           .sections = {{".init_array", "12345678"}}};
  const Artifact slice = only_slice(program.build());
  CHECK(said(slice.interpreter) == std::string(loader) + " from PT_INTERP");
  CHECK(said(slice.linkage) == "dynamic from PT_INTERP, DT_NEEDED");
  REQUIRE(slice.needed.size() == 2);
  CHECK(slice.needed[0].versions == std::vector<std::string>{"GLIBC_2.34", "GLIBC_2.17"});
  REQUIRE(slice.rpaths.size() == 1);
  CHECK(slice.rpaths[0].kind == "DT_RUNPATH");
  // A version node of that name in another library says nothing about glibc.
  CHECK(said(slice.glibc_floor) == "2.34 from DT_VERNEED");
  CHECK(slice.glibc_floor_symbols == std::vector<std::string>{"open (libc.so.6)"});
  CHECK(said(slice.libc) == "glibc from DT_NEEDED");
  CHECK(said(slice.link_mode) == "external from .init_array");
  CHECK(slice.linker.state == FactState::unknown);
  CHECK(said(slice.imports) == "3 from .dynsym");
  CHECK(said(slice.exports) == "1 from .dynsym");
}

TEST_CASE("inspect elf: a PIE without libraries still needs a loader") {
  const Artifact slice = only_slice(ElfProgram{.type = 3, .interpreter = loader}.build());
  CHECK(said(slice.linkage) == "interpreter only from PT_INTERP, DT_NEEDED");
  CHECK(said(slice.libc) == "absent in DT_NEEDED");
  CHECK(hardened(slice, "pie") == "yes");
  const Artifact still = only_slice(ElfProgram{.type = 3, .flags_1 = 0x8000000}.build());
  CHECK(still.linkage.value == "static PIE");
  const Artifact library = only_slice(ElfProgram{.type = 3, .soname = "libx.so.1"}.build());
  CHECK(library.type == "shared library");
  CHECK(said(library.name) == "libx.so.1 from DT_SONAME");
}

TEST_CASE("inspect elf: the C library by loader, by name, by what it leaves in a static file") {
  const auto libc = [](ElfProgram program) { return said(only_slice(program.build()).libc); };
  CHECK(libc({.interpreter = "/lib/ld-musl-aarch64.so.1"}) == "musl from PT_INTERP");
  CHECK(libc({.needed = {"libc.musl-x86_64.so.1"}}) == "musl from DT_NEEDED");
  CHECK(libc({.interpreter = "/system/bin/linker64", .needed = {"libc.so"}}) ==
        "bionic from PT_INTERP");
  const GoParts c{.go = false};
  CHECK(libc({.go = c, .sections = {{"__libc_freeres_fn", "x"}}}).starts_with("glibc from"));
  CHECK(libc({.go = c, .sections = {{".strtab", std::string("\0__init_libc\0", 13)}}}) ==
        "musl from symbols");
  // A static file without marks is not called either.
  CHECK(libc({.go = c}) == "unknown: static and without symbols");
}

TEST_CASE("inspect elf: link mode and linker of .comment") {
  const auto with = [](std::vector<ElfSection> sections) {
    return only_slice(ElfProgram{.sections = std::move(sections)}.build());
  };
  for (const char* name : {".init_array", ".comment", ".note.ABI-tag", ".eh_frame"}) {
    CAPTURE(name);
    CHECK(said(with({{name, "x"}}).link_mode) == std::string("external from ") + name);
  }
  const Artifact lld =
      with({{".comment", std::string("GCC: (Debian 12.2.0) 12.2.0\0Linker: LLD 19.1.7\0", 48)}});
  CHECK(said(lld.linker) == "lld 19.1.7 from .comment");
  CHECK(lld.compilers == std::vector<std::string>{"GCC: (Debian 12.2.0) 12.2.0"});
  CHECK(with({{".comment", "mold 2.4.0 (compatible with GNU ld)"}}).linker.value == "mold 2.4.0");
  CHECK(with({{".comment", "x"}, {".note.gnu.gold-version", "y"}}).linker.value == "gold");
}

TEST_CASE("inspect elf: without section headers the link mode is unknown, not guessed") {
  const Artifact slice = only_slice(
      ElfProgram{.interpreter = loader, .needed = {"libc.so.6"}, .section_headers = false}.build());
  REQUIRE(slice.go.has_value());
  CHECK(said(slice.link_mode) == "unknown: the file has no section headers");
  CHECK(said(slice.go->cgo_used) == "unknown: no function table was found");
  CHECK(said(slice.go->version) == "go1.26.8 from build info");
}

TEST_CASE("inspect elf: hardening") {
  const auto slice = [](ElfProgram program) { return only_slice(program.build()); };
  CHECK(hardened(slice({.exec_stack = true}), "exec-stack") == "yes");
  CHECK(hardened(slice({.exec_stack = std::nullopt}), "exec-stack") == "decided by the kernel");
  CHECK(hardened(slice({.text_relocations = true}), "text-relocations") == "yes");
  CHECK(hardened(slice({}), "text-relocations") == "no");
  CHECK(hardened(slice({.type = 1}), "exec-stack") == "none");
}

TEST_CASE("inspect elf: debug information, packed or not") {
  const auto dwarf = [](ElfSection section) {
    return said(only_slice(ElfProgram{.sections = {std::move(section)}}.build()).dwarf);
  };
  CHECK(dwarf({".debug_info", "x", 0}) == "yes from sections");
  CHECK(dwarf({".debug_info", "x", 0x800}) == "compressed from sections");
  CHECK(dwarf({".zdebug_info", "x", 0}) == "compressed from sections");
  CHECK(dwarf({".text", "x"}) == "absent in sections");
}

TEST_CASE("inspect elf: machines") {
  CHECK(only_slice(ElfProgram{.machine = 62}.build()).arch == "x86_64");
  CHECK(only_slice(ElfProgram{.machine = 62}.build()).goarch == "amd64");
  CHECK(only_slice(ElfProgram{.machine = 243}.build()).arch == "riscv64");
  const Artifact odd = only_slice(ElfProgram{.machine = 4711}.build());
  CHECK(odd.arch == "machine 4711");
  CHECK(odd.goarch.empty());
}

TEST_CASE("inspect elf: a library name outside of the string table is unknown with its offset") {
  std::string bytes = ElfProgram{.needed = {"libc.so.6"}}.build();
  // The string table shrinks to nothing.
  const std::size_t at = bytes.find(little(10, 8), ElfProgram::contents_at);
  REQUIRE(at != std::string::npos);
  overwrite(bytes, at + 8, ul64(0));
  const Artifact slice = only_slice(bytes);
  CHECK(slice.needed.empty());
  CHECK(slice.name.state == FactState::unknown);
  CHECK(slice.name.why.find("offset") != std::string::npos);
}

TEST_CASE("inspect pe: facts of a library") {
  const FileReport report = inspected(pe_builder::Image::make(true).bytes);
  REQUIRE(report.slices.size() == 1);
  const Artifact& slice = report.slices[0];
  CHECK(slice.format == "PE32+");
  CHECK(slice.arch == "x86_64");
  CHECK(slice.goarch == "amd64");
  CHECK(slice.type == "dynamic library");
  CHECK(said(slice.name) == "own.dll from export directory");
  REQUIRE(slice.needed.size() == 2);
  CHECK(slice.needed[0].name == "k32.dll");
  CHECK_FALSE(slice.needed[0].lazy);
  CHECK(slice.needed[1].lazy);
  CHECK(said(slice.imports) == "3 from import directory");
  CHECK(said(slice.glibc_floor) == "absent in PE has none");
  CHECK(said(slice.linker) == "lld from linker version of the optional header");
  CHECK(hardened(slice, "aslr") == "yes");
  CHECK(slice.size == report.slices[0].size);
}
