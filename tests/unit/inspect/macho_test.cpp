// What inspect says of Mach-O files: header, load commands, link mode, signature.
#include "inspect/inspected.h"

using namespace tenon;
using namespace tenon::test;

TEST_CASE("inspect macho: facts of a Go program with the place of each") {
  const Artifact slice = only_slice(MachoProgram{.rpaths = {"@loader_path/../lib"}}.build());
  CHECK(slice.format == "Mach-O 64-bit");
  CHECK(slice.arch == "arm64");
  CHECK(slice.goarch == "arm64");
  CHECK(slice.type == "executable");
  CHECK(said(slice.platform) == "macOS from LC_BUILD_VERSION");
  CHECK(said(slice.minos) == "12.0 from LC_BUILD_VERSION");
  CHECK(said(slice.sdk) == "13.0 from LC_BUILD_VERSION");
  CHECK(said(slice.uuid) == "01AB0000-0000-0000-0000-000000000000 from LC_UUID");
  CHECK(said(slice.name) == "absent in LC_ID_DYLIB");
  CHECK(said(slice.linkage) == "dynamic from load commands");
  CHECK(said(slice.libc) == "libSystem from LC_LOAD_DYLIB");
  CHECK(said(slice.exports) == "1 from export trie");
  CHECK(said(slice.dwarf) == "absent in sections");
  REQUIRE(slice.needed.size() == 1);
  CHECK(slice.needed[0].name == "/usr/lib/libSystem.B.dylib");
  CHECK(slice.needed[0].current_version == "1.2.3");
  REQUIRE(slice.rpaths.size() == 1);
  CHECK(slice.rpaths[0].kind == "LC_RPATH");
  CHECK(slice.rpaths[0].path == "@loader_path/../lib");
  CHECK(hardened(slice, "pie") == "yes");
  CHECK(hardened(slice, "exec-stack") == "no");
  CHECK(hardened(slice, "data-const") == "read-only");
  CHECK(hardened(slice, "hardened-runtime") == "no");
}

TEST_CASE("inspect macho: what is not in the file is absent, not unknown") {
  const Artifact slice =
      only_slice(MachoProgram{.dylibs = {}, .uuid = false, .version = false}.build());
  CHECK(slice.platform.state == FactState::absent);
  CHECK(slice.minos.state == FactState::absent);
  CHECK(slice.sdk.state == FactState::absent);
  CHECK(slice.uuid.state == FactState::absent);
  CHECK(slice.libc.state == FactState::absent);
  CHECK(said(slice.linkage) == "static from load commands");
  CHECK(said(slice.glibc_floor) == "absent in Mach-O has none");
}

TEST_CASE("inspect macho: kinds of libraries") {
  const std::vector<std::string> commands{
      dylib_command(macho::LC_LOAD_WEAK_DYLIB, "/usr/lib/libweak.dylib", 0x10000, 0x10000),
      dylib_command(macho::LC_REEXPORT_DYLIB, "@rpath/again.dylib", 0x10000, 0x10000)};
  const Artifact slice =
      only_slice(MachoProgram{.type = macho::MH_DYLIB, .more = commands}.build());
  CHECK(slice.type == "dynamic library");
  REQUIRE(slice.needed.size() == 3);
  CHECK_FALSE(slice.needed[0].weak);
  CHECK(slice.needed[1].weak);
  CHECK_FALSE(slice.needed[1].reexport);
  CHECK(slice.needed[2].reexport);
}

TEST_CASE("inspect macho: the link mode follows from what only C linkers write") {
  const Artifact internal = only_slice(MachoProgram{}.build());
  CHECK(said(internal.link_mode) == "internal from no LC_FUNCTION_STARTS");
  CHECK(said(internal.linker) == "Go from no LC_FUNCTION_STARTS");
  const Artifact external = only_slice(MachoProgram{.function_starts = true}.build());
  CHECK(said(external.link_mode) == "external from LC_FUNCTION_STARTS");
  CHECK(said(external.linker) == "unknown: the file names no linker");
  const Artifact other =
      only_slice(MachoProgram{.go = {.go = false}, .function_starts = true}.build());
  CHECK(said(other.link_mode) == "absent in not a Go program");
  CHECK_FALSE(other.go.has_value());
}

TEST_CASE("inspect macho: the linker is the tool that LC_BUILD_VERSION names") {
  const auto linker = [](std::uint32_t tool, std::uint32_t version) {
    return only_slice(MachoProgram{.function_starts = true, .tools = {{tool, version}}}.build());
  };
  CHECK(said(linker(4, 0x130107).linker) == "lld 19.1.7 from LC_BUILD_VERSION");
  CHECK(said(linker(3, 0x2c60100).linker) == "ld64 710.1 from LC_BUILD_VERSION");
  CHECK(said(linker(3, 0x4170000).linker) == "ld (Apple) 1047.0 from LC_BUILD_VERSION");
  const Artifact compiled = linker(1, 0x130000);
  CHECK(compiled.linker.state == FactState::unknown);
  CHECK(compiled.compilers == std::vector<std::string>{"clang 19.0"});
}

TEST_CASE("inspect macho: what only load commands say") {
  const auto command = [](const auto& value) {
    std::string out;
    append(out, value);
    return out;
  };
  const Artifact slice = only_slice(MachoProgram{
      .more = {command(macho::SourceVersionCommand{macho::LC_SOURCE_VERSION, 16u,
                                                   ul64(1234ULL << 40 | 5ULL << 30)}),
               command(macho::EntryPointCommand{macho::LC_MAIN, 24u, 0x1000u, 0u}),
               command(macho::LinkeditDataCommand{macho::LC_DATA_IN_CODE, 16u, 0u, 0u}),
               command(macho::LinkeditDataCommand{macho::LC_ATOM_INFO, 16u, 0u, 0u}),
               command(macho::LinkeditDataCommand{0x77, 16u, 0u, 0u}),
               string_command(macho::LC_TARGET_TRIPLE, "arm64-apple-macos15.0"),
               string_command(macho::LC_SUB_FRAMEWORK, "Accelerate"),
               string_command(macho::LC_SUB_CLIENT, "vecLib"),
               string_command(macho::LC_SUB_CLIENT, "ImageIO"),
               string_command(macho::LC_DYLD_ENVIRONMENT, "DYLD_LIBRARY_PATH=/a")}}
                                        .build());
  REQUIRE(slice.macho.has_value());
  const MachoArtifact& facts = *slice.macho;
  CHECK(said(facts.triple) == "arm64-apple-macos15.0 from LC_TARGET_TRIPLE");
  CHECK(said(facts.source_version) == "1234.5 from LC_SOURCE_VERSION");
  CHECK(said(facts.entry_point) == "4096 from LC_MAIN");
  CHECK(said(facts.data_in_code) == "yes from LC_DATA_IN_CODE");
  CHECK(facts.clients == std::vector<std::string>{"vecLib", "ImageIO"});
  CHECK(said(facts.umbrella) == "Accelerate from LC_SUB_FRAMEWORK");
  CHECK(facts.dyld_environment == std::vector<std::string>{"DYLD_LIBRARY_PATH=/a"});
  CHECK(said(facts.cryptid) == "absent in LC_ENCRYPTION_INFO");
  const auto named = [&](std::string_view name) {
    return std::ranges::count(facts.load_commands, name) == 1;
  };
  CHECK(named("LC_ATOM_INFO"));
  CHECK(named("LC_TARGET_TRIPLE"));
  CHECK(named("0x77"));
  CHECK(facts.load_commands.front() == "LC_SEGMENT_64");
}

TEST_CASE("inspect macho: an encrypted program, and one that starts by LC_UNIXTHREAD") {
  std::string encryption, thread;
  append(encryption, macho::EncryptionInfoCommand{macho::LC_ENCRYPTION_INFO_64, 24u, 0u, 0u, 1u});
  encryption.resize(24);
  append(thread, macho::LinkeditDataCommand{macho::LC_UNIXTHREAD, 16u, 0u, 0u});
  const Artifact slice = only_slice(MachoProgram{.more = {encryption, thread}}.build());
  CHECK(said(slice.macho.value().cryptid) == "1 from LC_ENCRYPTION_INFO");
  CHECK(said(slice.macho.value().entry_point) ==
        "unknown: LC_UNIXTHREAD: its registers are not read");
}

TEST_CASE("inspect macho: signatures") {
  const Artifact ad_hoc = only_slice(MachoProgram{.identifier = "com.example.app"}.build());
  CHECK(ad_hoc.signature.kind != SignatureKind::unsigned_);
  CHECK(ad_hoc.signature.kind != SignatureKind::broken);
  CHECK(ad_hoc.signature.identifier == "com.example.app");
  CHECK(ad_hoc.signature.team.empty());
  CHECK(ad_hoc.signature.cdhash.size() == 40);
  CHECK(std::ranges::find(ad_hoc.signature.flags, "adhoc") != ad_hoc.signature.flags.end());
  const Artifact none = only_slice(MachoProgram{.sign = false}.build());
  CHECK(none.signature.kind == SignatureKind::unsigned_);
  std::string command;
  append(command, macho::LinkeditDataCommand{macho::LC_CODE_SIGNATURE, 16u, 0x4000u, 64u});
  const Artifact broken = only_slice(MachoProgram{.sign = false, .more = {command}}.build());
  CHECK(broken.signature.kind == SignatureKind::broken);
  CHECK_FALSE(broken.signature.problem.empty());
}

TEST_CASE("inspect macho: architectures") {
  CHECK(only_slice(MachoProgram{.subtype = 2}.build()).arch == "arm64e");
  const Artifact intel = only_slice(MachoProgram{.cpu = macho::CPU_TYPE_X86_64}.build());
  CHECK(intel.arch == "x86_64");
  CHECK(intel.goarch == "amd64");
}

TEST_CASE("inspect macho: each slice of a universal file has facts and a place of its own") {
  const std::string arm = MachoProgram{.go = {.version = "go1.26.8"}}.build();
  const std::string intel =
      MachoProgram{.go = {.version = "go1.25.0"}, .cpu = macho::CPU_TYPE_X86_64}.build();
  const std::string bytes =
      universal({{macho::CPU_TYPE_X86_64, intel}, {macho::CPU_TYPE_ARM64, arm}});
  const FileReport report = inspected(bytes);
  REQUIRE(report.slices.size() == 2);
  CHECK(report.slices[0].arch == "x86_64");
  CHECK(report.slices[0].offset == 0x4000);
  CHECK(report.slices[0].size == intel.size());
  CHECK(report.slices[0].go.value().version.value == "go1.25.0");
  CHECK(report.slices[1].go.value().version.value == "go1.26.8");
}

TEST_CASE("inspect macho: a file cut off at any place gives facts or an error with an offset") {
  const std::string bytes = MachoProgram{}.build();
  for (std::size_t size = 0; size < bytes.size(); size += size < 0x800 ? 1 : 509) {
    CAPTURE(size);
    const auto report = inspect_file(view_of(bytes.substr(0, size)), {});
    if (report) continue;
    CHECK(report.error().offset <= bytes.size());
    CHECK(std::string_view(report.error().what).size() > 0);
  }
}
