// What inspect says of archives, text stubs and linker scripts.
#include "inspect/inspected.h"

using namespace tenon;
using namespace tenon::test;

namespace {

std::string object(std::uint64_t machine = 183) {
  return ElfProgram{.go = {.go = false}, .type = 1, .machine = machine}.build();
}

}  // namespace

TEST_CASE("inspect archive: one slice an architecture, members with theirs") {
  const FileReport report =
      inspected(archive({{"a.o", object()}, {"b.o", object(62)}, {"c.o", object()}, {"d", "x"}}));
  REQUIRE(report.slices.size() == 2);
  CHECK(report.slices[0].arch == "aarch64");
  CHECK(report.slices[0].type == "static library");
  CHECK(report.slices[0].members == 2);
  CHECK(report.slices[1].arch == "x86_64");
  CHECK(report.slices[1].goarch == "amd64");
  REQUIRE(report.members.size() == 4);
  CHECK(report.members[1].name == "b.o");
  CHECK(report.members[1].arch == "x86_64");
  CHECK(report.members[3].format == "other");
  CHECK(report.members[3].arch.empty());
}

TEST_CASE("inspect archive: a c-archive is of Go by one of its members") {
  const ElfProgram go{.go = {.functions = {"main.main", "crosscall2", "main._Cfunc_add"}},
                      .type = 1};
  const FileReport report = inspected(archive({{"a.o", object()}, {"go.o", go.build()}}));
  REQUIRE(report.slices.size() == 1);
  REQUIRE(report.slices[0].go.has_value());
  CHECK(report.slices[0].go->version.value == "go1.26.8");
  CHECK(report.slices[0].go->cgo_packages == std::vector<std::string>{"main"});
  CHECK(report.slices[0].link_mode.state == FactState::absent);
  CHECK_FALSE(inspected(archive({{"a.o", object()}})).slices[0].go.has_value());
}

TEST_CASE("inspect archive: a universal archive has a slice for each") {
  const auto part = [](std::uint32_t cpu) {
    return archive(
        {{"x.o",
          MachoProgram{.go = {.go = false}, .cpu = cpu, .type = macho::MH_OBJECT, .sign = false}
              .build()}});
  };
  const FileReport report =
      inspected(universal({{macho::CPU_TYPE_X86_64, part(macho::CPU_TYPE_X86_64)},
                           {macho::CPU_TYPE_ARM64, part(macho::CPU_TYPE_ARM64)}}));
  REQUIRE(report.slices.size() == 2);
  CHECK(report.slices[0].arch == "x86_64");
  CHECK(report.slices[1].arch == "arm64");
  CHECK(report.slices[1].minos.value == "12.0");
  // That is what universal archives are for.
  CHECK(remark(report, Code::artifact_mixed_archive) == "none");
}

TEST_CASE("inspect archive: the newest deployment target of all objects stands for the archive") {
  const auto member = [](std::uint32_t minos) {
    return MachoProgram{
        .go = {.go = false}, .type = macho::MH_OBJECT, .sign = false, .minos = minos << 16U}
        .build();
  };
  const FileReport report =
      inspected(archive({{"a.o", member(11)}, {"b.o", member(13)}, {"c.o", member(12)}}));
  REQUIRE(report.slices.size() == 1);
  CHECK(report.slices[0].minos.value == "13.0");
}

TEST_CASE("inspect archive: an empty one and one of Go objects") {
  const FileReport empty = inspected("!<arch>\n");
  REQUIRE(empty.slices.size() == 1);
  CHECK(empty.slices[0].arch.empty());
  const FileReport go =
      inspected(archive({{"_go_.o", "go object linux arm64 go1.26.8 X:none\n!\n"}}));
  REQUIRE(go.slices.size() == 1);
  CHECK(go.slices[0].arch == "arm64");
  CHECK(go.slices[0].format == "Go object");
}

TEST_CASE("inspect archive: a member longer than the file is an error with an offset") {
  std::string bytes = archive({{"a.o", object()}});
  bytes.resize(bytes.size() - 10);
  const auto report = inspect_file(view_of(bytes), {});
  REQUIRE_FALSE(report.has_value());
  CHECK(report.error().offset > 0);
}

TEST_CASE("inspect archive: many architectures that do not exist take no long time") {
  std::vector<std::pair<std::string, std::string>> members;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    members.emplace_back("x.o", object(1000 + i));
  }
  CHECK(inspected(archive(members)).slices.size() == 3000);
}

TEST_CASE("inspect tbd: a slice a target with its exports") {
  const FileReport report = inspected(R"(--- !tapi-tbd
tbd-version:     4
targets:         [ x86_64-macos, arm64-macos ]
install-name:    '/usr/lib/libx.dylib'
reexported-libraries:
  - targets:         [ arm64-macos ]
    libraries:       [ '/usr/lib/liby.dylib' ]
exports:
  - targets:         [ x86_64-macos, arm64-macos ]
    symbols:         [ _a, _b ]
  - targets:         [ arm64-macos ]
    weak-symbols:    [ _c ]
...
)");
  REQUIRE(report.slices.size() == 2);
  CHECK(report.slices[0].arch == "x86_64");
  CHECK(report.slices[0].platform.value == "macos");
  CHECK(said(report.slices[0].exports) == "2 from stub");
  CHECK(report.slices[0].needed.empty());
  CHECK(said(report.slices[1].exports) == "3 from stub");
  CHECK(said(report.slices[1].name) == "/usr/lib/libx.dylib from stub");
  REQUIRE(report.slices[1].needed.size() == 1);
  CHECK(report.slices[1].needed[0].reexport);
  CHECK(report.slices[1].minos.state == FactState::absent);
}

TEST_CASE("inspect: a linker script names what it loads") {
  const FileReport report =
      inspected("/* GNU ld script */\nGROUP ( /lib/libc.so.6 -lm AS_NEEDED ( /lib/ld.so.2 ) )\n");
  CHECK(report.slices.empty());
  CHECK(report.inputs ==
        std::vector<std::string>{"/lib/libc.so.6", "-lm", "/lib/ld.so.2 (as needed)"});
}

TEST_CASE("inspect: kinds that are not read say what they are") {
  const auto error = [](std::string_view bytes) {
    const auto report = inspect_file(view_of(std::string(bytes)), {});
    REQUIRE_FALSE(report.has_value());
    CHECK(report.error().code == Errc::unsupported);
    return std::string(report.error().what);
  };
  CHECK(error("") == "empty");
  CHECK(error("#!/bin/sh\n") == "a script");
  CHECK(error(std::string_view("\0asm\1\0\0\0", 8)) == "a WebAssembly module");
  CHECK(error("PK\3\4xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx") == "a zip archive");
}
