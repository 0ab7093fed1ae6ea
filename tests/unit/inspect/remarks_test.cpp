// Each remark of inspect: when it is made and when it is not.
#include "inspect/inspected.h"

using namespace tenon;
using namespace tenon::test;

namespace {

std::string of(const MachoProgram& program, Code code, const InspectOptions& options = {}) {
  return remark(inspected(program.build(), options), code);
}

std::string of(const ElfProgram& program, Code code, const InspectOptions& options = {}) {
  return remark(inspected(program.build(), options), code);
}

std::string mode(const std::string& name) { return "path\tx\nbuild\t-buildmode=" + name + "\n"; }

constexpr const char* loader = "/lib/ld-linux-aarch64.so.1";

}  // namespace

TEST_CASE("remarks: a program that is right gets none") {
  CHECK(inspected(MachoProgram{}.build()).remarks.empty());
  CHECK(inspected(ElfProgram{}.build()).remarks.empty());
  CHECK(inspected(ElfProgram{.go = {.go = false}}.build()).remarks.empty());
}

TEST_CASE("remark TN0503: build info and header differ in the build mode") {
  CHECK(of(MachoProgram{.go = {.lines = mode("c-shared")}}, Code::gate_build_mode) ==
        "the build info says c-shared, the header PIE");
  CHECK(of(MachoProgram{.type = macho::MH_DYLIB}, Code::gate_build_mode) ==
        "the build info says exe, the header library");
  CHECK(of(MachoProgram{.go = {.lines = mode("c-shared")}, .type = macho::MH_DYLIB},
           Code::gate_build_mode) == "none");
  CHECK(of(MachoProgram{.go = {.lines = mode("pie")}, .flags = 0}, Code::gate_build_mode) ==
        "the build info says pie, the header no PIE");
  const std::uint64_t pie = 0x8000000;
  CHECK(of(ElfProgram{.go = {.lines = mode("pie")}, .type = 3, .flags_1 = pie},
           Code::gate_build_mode) == "none");
  CHECK(of(ElfProgram{.type = 3, .interpreter = loader, .flags_1 = pie}, Code::gate_build_mode) ==
        "the build info says exe, the header PIE");
  // musl's static programs are PIE by the C compiler's choice.
  CHECK(of(ElfProgram{.type = 3, .flags_1 = pie}, Code::gate_build_mode) == "none");
  CHECK(of(ElfProgram{.go = {.lines = "path\tx\n"}, .type = 3, .soname = "x"},
           Code::gate_build_mode) == "none");
}

TEST_CASE("remark TN0504: made for a newer macOS than asked for") {
  CHECK(of(MachoProgram{}, Code::gate_deployment_target) == "none");
  CHECK(of(MachoProgram{}, Code::gate_deployment_target, {.macos = {11, 0, 0}, .glibc = {}}) ==
        "built for macOS 12.0 and newer, but the deployment target is 11.0");
  CHECK(of(MachoProgram{}, Code::gate_deployment_target, {.macos = {12, 0, 0}, .glibc = {}}) ==
        "none");
  // The build itself was told a target.
  const auto told = [](const std::string& flag) {
    return of(MachoProgram{.go = {.lines = "path\tx\nbuild\tCGO_CFLAGS=\"-O2 " + flag + "\"\n"}},
              Code::gate_deployment_target);
  };
  CHECK(told("-mmacosx-version-min=11.3") ==
        "built for macOS 12.0 and newer, but the deployment target is 11.3");
  CHECK(told("-mmacos-version-min=13.0") == "none");
}

TEST_CASE("remarks TN0505, TN0506 and TN0507: what macOS 26 does not start") {
  CHECK(of(MachoProgram{.uuid = false}, Code::dyld_missing_lc_uuid) != "none");
  CHECK(of(MachoProgram{}, Code::dyld_missing_lc_uuid) == "none");
  CHECK(of(MachoProgram{.type = macho::MH_DYLIB, .uuid = false}, Code::dyld_missing_lc_uuid) ==
        "none");
  CHECK(of(MachoProgram{.data_flags = 0}, Code::dyld_data_const_not_read_only) != "none");
  CHECK(of(MachoProgram{}, Code::dyld_data_const_not_read_only) == "none");
  std::string command;
  append(command, macho::LinkeditDataCommand{macho::LC_CODE_SIGNATURE, 16u, 0x4000u, 64u});
  CHECK(of(MachoProgram{.sign = false, .more = {command}}, Code::gate_signature) != "none");
  CHECK(of(MachoProgram{.sign = false, .more = {command}}, Code::artifact_unsigned_arm64) ==
        "none");
  CHECK(of(MachoProgram{}, Code::gate_signature) == "none");
}

TEST_CASE("remark TN0702: arm64 code without a signature") {
  CHECK(of(MachoProgram{.sign = false}, Code::artifact_unsigned_arm64) != "none");
  CHECK(of(MachoProgram{}, Code::artifact_unsigned_arm64) == "none");
  // Intel Macs need none.
  CHECK(of(MachoProgram{.cpu = macho::CPU_TYPE_X86_64, .sign = false},
           Code::artifact_unsigned_arm64) == "none");
}

TEST_CASE("remark TN0510: a newer glibc than asked for, with the symbol") {
  const ElfProgram program{.interpreter = loader,
                           .needed = {"libc.so.6"},
                           .symbols = {{"open", "libc.so.6", "GLIBC_2.34"}}};
  CHECK(of(program, Code::loader_glibc_too_old) == "none");
  CHECK(of(program, Code::loader_glibc_too_old, {.macos = {}, .glibc = {2, 28, 0}}) ==
        "needs glibc 2.34 because of open (libc.so.6); 2.28 was requested");
  CHECK(of(program, Code::loader_glibc_too_old, {.macos = {}, .glibc = {2, 34, 0}}) == "none");
  // Without versions nothing is said, whatever was asked for.
  CHECK(of(ElfProgram{}, Code::loader_glibc_too_old, {.macos = {}, .glibc = {2, 17, 0}}) == "none");
}

TEST_CASE("remark TN0518: an executable stack") {
  CHECK(of(ElfProgram{.exec_stack = true}, Code::gate_exec_stack) != "none");
  CHECK(of(ElfProgram{.exec_stack = false}, Code::gate_exec_stack) == "none");
  // No header is no proof.
  CHECK(of(ElfProgram{.exec_stack = std::nullopt}, Code::gate_exec_stack) == "none");
  CHECK(of(MachoProgram{.flags = 0x20000 | macho::MH_PIE}, Code::gate_exec_stack) != "none");
}

TEST_CASE("remark TN0703: go-sqlite3 without cgo is a stub") {
  const auto built = [](const std::string& module, const std::string& cgo) {
    return of(ElfProgram{.go = {.lines = "path\tx\nmod\tx\t(devel)\t\ndep\t" + module +
                                         "\tv1.14.22\t\nbuild\tCGO_ENABLED=" + cgo + "\n"}},
              Code::cgo_sqlite_stub);
  };
  CHECK(built("github.com/mattn/go-sqlite3", "0") == "github.com/mattn/go-sqlite3 v1.14.22");
  CHECK(built("github.com/mattn/go-sqlite3", "1") == "none");
  CHECK(built("modernc.org/sqlite", "0") == "none");
}

TEST_CASE("remark TN0704: a path of the machine of the build") {
  CHECK(of(ElfProgram{.go = {.files = {"/home/me/main.go"}}}, Code::artifact_host_paths) ==
        "/home/me/main.go");
  CHECK(of(ElfProgram{.go = {.files = {"example.com/app/main.go"}}}, Code::artifact_host_paths) ==
        "none");
  CHECK(of(ElfProgram{.go = {.table = false}}, Code::artifact_host_paths) == "none");
}

TEST_CASE("remark TN0705: a PIE without libraries still needs a loader") {
  CHECK(of(ElfProgram{.type = 3, .interpreter = loader}, Code::artifact_interpreter_only) ==
        loader);
  CHECK(of(ElfProgram{.type = 3, .interpreter = loader, .needed = {"libc.so.6"}},
           Code::artifact_interpreter_only) == "none");
  CHECK(of(ElfProgram{}, Code::artifact_interpreter_only) == "none");
}

TEST_CASE("remark TN0706: text relocations") {
  CHECK(of(ElfProgram{.text_relocations = true}, Code::artifact_text_relocations) != "none");
  CHECK(of(ElfProgram{}, Code::artifact_text_relocations) == "none");
}

TEST_CASE("remark TN0707: an archive for two architectures") {
  const GoParts c{.go = false};
  const std::string arm = ElfProgram{.go = c, .type = 1}.build();
  const std::string intel = ElfProgram{.go = c, .type = 1, .machine = 62}.build();
  CHECK(remark(inspected(archive({{"a.o", arm}, {"b.o", intel}, {"c.o", arm}})),
               Code::artifact_mixed_archive) == "objects: 2 of aarch64, 1 of x86_64");
  CHECK(remark(inspected(archive({{"a.o", arm}, {"b.o", arm}})), Code::artifact_mixed_archive) ==
        "none");
  CHECK(remark(inspected(archive({{"a.o", arm}, {"readme", "text"}})),
               Code::artifact_mixed_archive) == "none");
}

TEST_CASE("remark TN0708: slices that disagree") {
  const auto two = [](const std::string& version, const std::string& identifier) {
    const MachoProgram intel{
        .go = {.version = version}, .cpu = macho::CPU_TYPE_X86_64, .identifier = identifier};
    return remark(inspected(universal({{macho::CPU_TYPE_X86_64, intel.build()},
                                       {macho::CPU_TYPE_ARM64, MachoProgram{}.build()}})),
                  Code::artifact_slices_disagree);
  };
  CHECK(two("go1.25.0", "app") == "Go version: x86_64 has 'go1.25.0', arm64 has 'go1.26.8'");
  CHECK(two("go1.26.8", "other") == "signing identifier: x86_64 has 'other', arm64 has 'app'");
  CHECK(two("go1.26.8", "app") == "none");
}

TEST_CASE("remark TN0709: arm64e") {
  CHECK(of(MachoProgram{.subtype = 2}, Code::artifact_arm64e) != "none");
  CHECK(of(MachoProgram{}, Code::artifact_arm64e) == "none");
}

TEST_CASE("remark TN0711: a library at an absolute path that macOS does not have") {
  const auto with = [](const std::string& name) {
    return of(MachoProgram{.dylibs = {"/usr/lib/libSystem.B.dylib", name}},
              Code::artifact_build_machine_library);
  };
  CHECK(with("/opt/homebrew/lib/libx.dylib") == "/opt/homebrew/lib/libx.dylib");
  CHECK(with("/usr/local/lib/libx.dylib") == "/usr/local/lib/libx.dylib");
  CHECK(with("/usr/lib/libz.1.dylib") == "none");
  CHECK(with("/System/Library/Frameworks/Security.framework/Versions/A/Security") == "none");
  CHECK(with("@rpath/libx.dylib") == "none");
}

TEST_CASE("remark TN0710: C++ that throws, and C that calls Go") {
  const GoParts callback{
      .functions = {"main.main", "crosscall2", "main._cgoexp_0123456789ab_Callback"}};
  const std::vector<ElfSymbol> throws{{.name = "__cxa_throw"}};
  CHECK(
      of(ElfProgram{.go = callback, .symbols = throws}, Code::artifact_exceptions_and_callbacks) ==
      "C++ throws, and C can call 1 Go functions: no exception may pass through one of these "
      "calls");
  CHECK(of(ElfProgram{.symbols = throws}, Code::artifact_exceptions_and_callbacks) == "none");
  CHECK(of(ElfProgram{.go = callback}, Code::artifact_exceptions_and_callbacks) == "none");
}
