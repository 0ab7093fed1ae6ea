#include "crossbuild/gate/gate.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diag/codes.h"
#include "inspect/program_builder.h"

using namespace tenon;
using namespace tenon::test;

namespace {

using Rows = std::vector<GateRow>;

constexpr std::string_view lib_system = "/usr/lib/libSystem.B.dylib";

std::string number(std::uint64_t value, int size) {
  std::string out;
  for (int i = 0; i < size; ++i) out += i < 8 ? static_cast<char>(value >> (8 * i)) : '\0';
  return out;
}

constexpr std::string_view cgo_settings = "build\t-buildmode=exe\nbuild\tCGO_ENABLED=1\n";

std::string built(MachoProgram file, std::string_view settings = cgo_settings) {
  file.go.lines = "path\tx\n" + std::string(settings);
  return file.build();
}

GateRequest request_for(std::string_view target) {
  GateRequest request;
  request.target = parse_target(target).value();
  request.host_paths = {"/home/builder"};
  return request;
}

Rows gate(const std::string& bytes, const GateRequest& request) {
  return run_gate(view_of(bytes), request);
}

Rows gate(const MachoProgram& file, std::string_view settings = cgo_settings) {
  return gate(built(file, settings), request_for("darwin/arm64:12.0"));
}

// State and code of one row: "ok", "failed TN0505", "none" when there is no such row.
std::string row(const Rows& rows, std::string_view check) {
  const auto found = std::ranges::find(rows, check, &GateRow::check);
  if (found == rows.end()) return "none";
  std::string out(gate_state_name(found->state));
  if (found->code != Code::none) out += fmt::format(" {}", code_text(found->code));
  CHECK_FALSE(found->value.empty());
  return out;
}

// The named row, and that no other one failed.
std::string only(const Rows& rows, std::string_view check) {
  for (const GateRow& other : rows) {
    if (other.check == check) continue;
    CAPTURE(other.check);
    CAPTURE(other.value);
    CHECK(other.state == GateState::ok);
  }
  return row(rows, check);
}

}  // namespace

TEST_CASE("gate: a macOS program that is right in everything") {
  const Rows rows = gate(MachoProgram{});
  for (const GateRow& one : rows) {
    CAPTURE(one.check);
    CAPTURE(one.value);
    CHECK(one.state == GateState::ok);
    CHECK(one.code == Code::none);
  }
  CHECK(rows.size() == 15);
  CHECK_FALSE(gate_failed(rows));
  CHECK(row(rows, "uuid") == "ok");
  CHECK(row(rows, "signature") == "ok");
}

TEST_CASE("gate: what macOS 26 does not start") {
  CHECK(only(gate(MachoProgram{.uuid = false}), "uuid") == "failed TN0505");
  CHECK(only(gate(MachoProgram{.data_flags = 0}), "data-const") == "failed TN0506");
  CHECK(gate_failed(gate(MachoProgram{.uuid = false})));
}

TEST_CASE("gate: the signature of an arm64 program") {
  CHECK(only(gate(MachoProgram{.sign = false}), "signature") == "failed TN0507");
  std::string touched = built({});
  touched[0x1010] = static_cast<char>(touched[0x1010] + 1);
  CHECK(only(gate(touched, request_for("darwin/arm64:12.0")), "signature") == "failed TN0507");
  // Intel Macs need none.
  const MachoProgram intel{.cpu = macho::CPU_TYPE_X86_64, .sign = false};
  CHECK(row(gate(built(intel), request_for("darwin/amd64:12.0")), "signature") == "ok");
}

TEST_CASE("gate: architecture, type and deployment target") {
  const std::string bytes = built({});
  CHECK(row(gate(bytes, request_for("darwin/amd64:12.0")), "arch") == "failed TN0502");
  CHECK(only(gate(MachoProgram{.minos = 13u << 16U}), "minos") == "failed TN0504");
  CHECK(only(gate(MachoProgram{.minos = 11u << 16U}), "minos") == "ok");
  CHECK(only(gate(MachoProgram{.version = false}), "minos") == "failed TN0504");
  CHECK(row(gate(bytes, request_for("darwin/arm64")), "minos") == "unknown");
  GateRequest library = request_for("darwin/arm64:12.0");
  library.build_mode = "c-shared";
  CHECK(row(gate(bytes, library), "type") == "failed TN0514");
  CHECK(row(gate(built({.type = macho::MH_DYLIB, .sign = false}), library), "type") == "ok");
  CHECK(row(gate(bytes, request_for("linux/arm64")), "format") == "failed TN0501");
  CHECK(row(gate("", request_for("darwin/arm64:12.0")), "format") == "failed TN0501");
  CHECK(gate_failed(gate("", request_for("linux/arm64"))));
}

TEST_CASE("gate: libraries that macOS does not have") {
  const auto with = [](std::vector<std::string> names) {
    names.emplace_back(lib_system);
    return only(gate(MachoProgram{.dylibs = std::move(names)}), "libraries");
  };
  CHECK(with({"/usr/lib/libresolv.9.dylib"}) == "ok");
  CHECK(with({"/System/Library/Frameworks/Security.framework/Versions/A/Security"}) == "ok");
  CHECK(with({"/usr/local/lib/libssl.3.dylib"}) == "failed TN0508");
  CHECK(with({"libssl.dylib"}) == "failed TN0508");
  CHECK(with({"@rpath/libssl.dylib"}) == "unknown TN0508");
  CHECK(with({"/usr/lib/libnobodyknows.dylib"}) == "unknown TN0508");
  CHECK(only(gate(MachoProgram{.dylibs = {}}), "libraries") == "failed TN0508");
  GateRequest given = request_for("darwin/arm64:12.0");
  given.given_libraries = {"/opt/lib/libx.dylib"};
  const MachoProgram file{.dylibs = {"/opt/lib/libx.dylib", std::string(lib_system)}};
  CHECK(row(gate(built(file), given), "libraries") == "ok");
}

TEST_CASE("gate: run paths and paths of the building machine") {
  CHECK(only(gate(MachoProgram{.rpaths = {"/home/u/lib"}}), "rpaths") == "failed TN0511");
  CHECK(only(gate(MachoProgram{.rpaths = {"@loader_path/../lib"}}), "rpaths") == "ok");
  const MachoProgram named{.text = "/home/builder/go/pkg/x.c"};
  CHECK(only(gate(named), "host-paths") == "failed TN0512");
  GateRequest keep = request_for("darwin/arm64:12.0");
  keep.host_paths.clear();
  CHECK(row(gate(built(named), keep), "host-paths") == "unknown");
}

TEST_CASE("gate: what the build info says") {
  const auto with = [](const std::string& settings, std::uint32_t flags = macho::MH_PIE) {
    return gate(MachoProgram{.flags = flags}, settings);
  };
  CHECK(only(with("build\t-buildmode=exe\nbuild\tCGO_ENABLED=0\n"), "cgo") == "failed TN0515");
  CHECK(row(with("build\tCGO_ENABLED=1\n"), "build-mode") == "unknown");
  CHECK(row(with("build\t-buildmode=exe\n"), "cgo") == "unknown");
  const std::string pie = "build\t-buildmode=pie\nbuild\tCGO_ENABLED=1\n";
  CHECK(only(with(pie), "build-mode") == "ok");
  CHECK(only(with(pie, 0), "build-mode") == "failed TN0503");
  CHECK(only(with("build\t-buildmode=c-shared\nbuild\tCGO_ENABLED=1\n"), "build-mode") ==
        "failed TN0503");
  GateRequest off = request_for("darwin/arm64:12.0");
  off.cgo = false;
  CHECK(row(gate(built({}), off), "cgo") == "failed TN0515");
}

// The linker must not drop what Go marked //export: zig's does when nothing refers to it.
TEST_CASE("gate: exported Go functions") {
  // small_program exports _main and nothing else.
  const MachoProgram kept{.go = {.functions = {"main._cgoexp_68d5c5fdcb6f_main"}}};
  CHECK(only(gate(kept), "exports") == "ok");
  const MachoProgram lost{.go = {.functions = {"main._cgoexp_68d5c5fdcb6f_MyExport"}}};
  const Rows rows = gate(lost);
  CHECK(only(rows, "exports") == "failed TN0513");
  const auto found = std::ranges::find(rows, "exports", &GateRow::check);
  CHECK(found->value.contains("MyExport"));
}

// ---- ELF -------------------------------------------------------------------------------------

namespace {

// A 64-bit ELF program with one loaded segment, a stack note and what is asked for.
struct ElfFile {
  std::uint16_t type = 2, machine = 183;  // ET_EXEC, EM_AARCH64
  std::string interpreter{};
  std::vector<std::string> needed{};
  std::string runpath{};
  std::uint32_t stack_flags = 6;  // PF_R | PF_W
  std::string text{};

  static std::string segment(std::uint32_t type, std::uint32_t flags, std::uint64_t offset,
                             std::uint64_t size) {
    const std::uint64_t address = 0x400000 + offset;
    return number(type, 4) + number(flags, 4) + number(offset, 8) + number(address, 8) +
           number(address, 8) + number(size, 8) + number(size, 8) + number(8, 8);
  }

  [[nodiscard]] std::string build() const {
    std::string strings(1, '\0');
    std::string dynamic;
    for (const std::string& name : needed) {
      dynamic += number(1, 8) + number(strings.size(), 8);  // DT_NEEDED
      strings += name + '\0';
    }
    if (!runpath.empty()) {
      dynamic += number(29, 8) + number(strings.size(), 8);  // DT_RUNPATH
      strings += runpath + '\0';
    }
    dynamic += number(5, 8) + number(0x400600, 8) + number(10, 8) + number(strings.size(), 8);
    dynamic += number(0, 16);
    const bool linked = !needed.empty() || !runpath.empty();
    std::string segments = segment(1, 5, 0, 0x1000) + segment(0x6474e551, stack_flags, 0, 0);
    if (!interpreter.empty()) segments += segment(3, 4, 0x300, interpreter.size() + 1);
    if (linked) segments += segment(2, 6, 0x400, dynamic.size());
    const std::uint64_t count = segments.size() / 56;
    std::string out = std::string(
                          "\x7f"
                          "ELF\2\1\1",
                          7) +
                      std::string(9, '\0') + number(type, 2) + number(machine, 2) + number(1, 4) +
                      number(0x400100, 8) + number(64, 8) + number(0, 8) + number(0, 4) +
                      number(64, 2) + number(56, 2) + number(count, 2) + number(0, 6) + segments;
    out.resize(0x300);
    out += interpreter;
    out.resize(0x400);
    if (linked) out += dynamic;
    out.resize(0x600);
    if (linked) out += strings;
    out.resize(0x800);
    out += text;
    out.resize(0x1000);
    return out;
  }
};

Rows gate_elf(const ElfFile& file, std::string_view target = "linux/arm64") {
  return gate(file.build(), request_for(target));
}

}  // namespace

TEST_CASE("gate: a static program for linux") {
  const Rows rows = gate_elf({});
  CHECK_FALSE(gate_failed(rows));
  for (const char* check : {"format", "arch", "type", "interpreter", "libraries", "glibc", "rpaths",
                            "exec-stack", "host-paths"}) {
    CAPTURE(check);
    CHECK(row(rows, check) == "ok");
  }
  // Not a Go program: that cannot be known, and is never counted as right.
  CHECK(row(rows, "go") == "unknown");
  CHECK(row(rows, "cgo") == "unknown");
  CHECK(row(gate_elf({.machine = 62}), "arch") == "failed TN0502");
  CHECK(row(gate_elf({.machine = 62}, "linux/amd64"), "arch") == "ok");
  CHECK(row(gate_elf({.stack_flags = 7}), "exec-stack") == "failed TN0518");
  CHECK(row(gate_elf({.text = "/home/builder/x"}), "host-paths") == "failed TN0512");
}

// The file of these tests has 64 bits and is little-endian.
TEST_CASE("gate: class and byte order belong to the architecture") {
  CHECK(row(gate_elf({.machine = 243}, "linux/riscv64"), "arch") == "ok");
  CHECK(row(gate_elf({.machine = 21}, "linux/ppc64le"), "arch") == "ok");
  CHECK(row(gate_elf({.machine = 22}, "linux/s390x"), "arch") == "failed TN0502");
  CHECK(row(gate_elf({.machine = 3}, "linux/386"), "arch") == "failed TN0502");
  CHECK(row(gate_elf({.machine = 40}, "linux/arm/v7"), "arch") == "failed TN0502");
}

TEST_CASE("gate: loaders and libraries of linux") {
  const ElfFile glibc{.interpreter = "/lib/ld-linux-aarch64.so.1", .needed = {"libc.so.6"}};
  CHECK(row(gate_elf(glibc, "linux/arm64:gnu2.17"), "interpreter") == "ok");
  CHECK(row(gate_elf(glibc, "linux/arm64:gnu2.17"), "libraries") == "ok");
  // A musl target is static.
  CHECK(row(gate_elf(glibc), "interpreter") == "failed TN0509");
  CHECK(row(gate_elf(glibc), "libraries") == "failed TN0508");
  const ElfFile shared{.interpreter = "/lib/ld-musl-aarch64.so.1",
                       .needed = {"libvm.so", "libc.so"}};
  CHECK(row(gate_elf(shared), "interpreter") == "failed TN0508");
  const ElfFile intel{.interpreter = "/lib64/ld-linux-x86-64.so.2", .needed = {"libc.so.6"}};
  CHECK(row(gate_elf(intel, "linux/arm64:gnu2.17"), "interpreter") == "failed TN0509");
  const ElfFile foreign{.interpreter = "/lib/ld-linux-aarch64.so.1",
                        .needed = {"libc.so.6", "libssl.so.3"}};
  CHECK(row(gate_elf(foreign, "linux/arm64:gnu2.17"), "libraries") == "failed TN0508");
  GateRequest given = request_for("linux/arm64:gnu2.17");
  given.given_libraries = {"libssl.so.3"};
  CHECK(row(gate(foreign.build(), given), "libraries") == "ok");
}

TEST_CASE("gate: run paths of linux") {
  const auto with = [](const char* path) {
    return row(
        gate_elf(
            {.interpreter = "/lib/ld-linux-aarch64.so.1", .needed = {"libc.so.6"}, .runpath = path},
            "linux/arm64:gnu2.17"),
        "rpaths");
  };
  CHECK(with("$ORIGIN/lib:${ORIGIN}/../lib") == "ok");
  CHECK(with("/home/u/lib") == "failed TN0511");
  CHECK(with("$ORIGIN/lib:/home/u/lib") == "failed TN0511");
}

// ---- archives --------------------------------------------------------------------------------

namespace {

std::string field(std::string text, std::size_t width) {
  text.resize(width, ' ');
  return text;
}

std::string member(const std::string& name, const std::string& data) {
  std::string out = field(name, 16) + field("0", 12) + field("0", 6) + field("0", 6) +
                    field("100644", 8) + field(std::to_string(data.size()), 10) + "`\n" + data;
  if (data.size() % 2 != 0) out += '\n';
  return out;
}

}  // namespace

TEST_CASE("gate: a C archive") {
  const std::string object = small_program().build();
  GateRequest request = request_for("darwin/arm64:12.0");
  request.build_mode = "c-archive";
  // GNU index: a count, one offset, one name; all in big-endian order.
  const std::string index = member("/", std::string("\0\0\0\1\0\0\0\x4c_main\0\0", 16));
  const std::string good = "!<arch>\n" + index + member("a.o/", object);
  CHECK(only(gate(good, request), "index") == "ok");
  CHECK(only(gate("!<arch>\n" + member("a.o/", object), request), "index") == "failed TN0501");
  CHECK(row(gate(good + member("b.o/", ElfFile{}.build()), request), "arch") == "failed TN0502");
  CHECK(row(gate(good, request_for("linux/arm64")), "arch") == "failed TN0502");
  CHECK(row(gate("!<arch>\nbroken", request), "format") == "failed TN0501");
}

namespace {

// A program of FreeBSD 14.0 on arm64; `tag` is the contents of NT_FREEBSD_ABI_TAG.
ElfProgram freebsd_program(std::uint64_t tag = 1400500) {
  ElfProgram out{.interpreter = "/libexec/ld-elf.so.1", .needed = {"libc.so.7", "libthr.so.3"}};
  out.go.lines = "path\tx\n" + std::string(cgo_settings);
  if (tag == 0) return out;
  out.sections = {
      {".note.tag",
       number(8, 4) + number(4, 4) + number(1, 4) + std::string("FreeBSD\0", 8) + number(tag, 4), 2,
       7}};
  return out;
}

Rows freebsd_gate(const ElfProgram& program, std::string_view target = "freebsd/arm64") {
  return gate(program.build(), request_for(target));
}

}  // namespace

TEST_CASE("gate: a program for FreeBSD has its loader, its C library and its ABI tag") {
  const Rows rows = freebsd_gate(freebsd_program());
  for (const std::string_view check : {"arch", "type", "interpreter", "libraries", "abi-tag"}) {
    CAPTURE(check);
    CHECK(row(rows, check) == "ok");
  }
  CHECK(row(rows, "glibc") == "none");
  CHECK(row(freebsd_gate(freebsd_program(), "freebsd/amd64"), "arch") == "failed TN0502");
}

TEST_CASE("gate: what FreeBSD would not start, or take for a program of another time") {
  CHECK(row(freebsd_gate(freebsd_program(0)), "abi-tag") == "failed TN0524");
  CHECK(row(freebsd_gate(freebsd_program(1302000)), "abi-tag") == "failed TN0524");
  std::string of_linux = freebsd_program().build();
  of_linux[7] = 3;  // EI_OSABI: ELFOSABI_LINUX
  CHECK(row(gate(of_linux, request_for("freebsd/arm64")), "abi-tag") == "failed TN0524");
  ElfProgram other = freebsd_program();
  other.interpreter = "/lib/ld-linux-aarch64.so.1";
  CHECK(row(freebsd_gate(other), "interpreter") == "failed TN0509");
  other = freebsd_program();
  other.needed = {"libc.so.6"};
  CHECK(row(freebsd_gate(other), "libraries") == "failed TN0508");
}
