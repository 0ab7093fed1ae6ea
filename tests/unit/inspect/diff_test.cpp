// Why two files differ: causes before effects.
#include "inspect/diff.h"

#include "inspect/program_builder.h"

using namespace tenon;
using namespace tenon::test;

namespace {

std::vector<DiffRow> diff(const std::string& left, const std::string& right) {
  auto rows = diff_files(view_of(left), view_of(right));
  REQUIRE(rows.has_value());
  return *rows;
}

std::string row(const std::vector<DiffRow>& rows, std::string_view what) {
  const auto found = std::ranges::find(rows, what, &DiffRow::what);
  return found == rows.end() ? "none" : found->text;
}

}  // namespace

TEST_CASE("diff: equal files have no rows") {
  CHECK(diff(MachoProgram{}.build(), MachoProgram{}.build()).empty());
  // Equal bytes are equal, also when they are nothing that is read.
  CHECK(diff("text", "text").empty());
}

TEST_CASE("diff: settings, modules and toolchain stand before bytes") {
  const auto build = [](const std::string& version, const std::string& flags,
                        const std::string& module) {
    return ElfProgram{.go = {.lines = "path\tx\nmod\tx\t(devel)\t\ndep\texample.com/d\t" + module +
                                      "\t\nbuild\t-ldflags=\"" + flags + "\"\n",
                             .version = version}}
        .build();
  };
  const auto rows = diff(build("go1.26.8", "-s -w", "v1.0.0"), build("go1.25.0", "-w", "v1.1.0"));
  CHECK(row(rows, "toolchain") == "aarch64 Go: go1.26.8 -> go1.25.0");
  CHECK(row(rows, "settings") == "aarch64 -ldflags: -s -w -> -w");
  CHECK(row(rows, "modules") == "aarch64 example.com/d: v1.0.0 -> v1.1.0");
  REQUIRE(rows.size() >= 4);
  CHECK(rows[0].what == "toolchain");
  CHECK(rows.back().what == "bytes");
  CHECK(rows[1].left == "-s -w");
  CHECK(rows[1].right == "-w");
}

TEST_CASE("diff: one byte of code is a row of bytes alone") {
  std::string other = ElfProgram{.sections = {{".text", "xxxx", 6}}}.build();
  const std::string first = other;
  other[other.find("xxxx") + 1] = 'y';
  const auto rows = diff(first, other);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].what == "bytes");
  CHECK(rows[0].text.find("1 of the common bytes differ") != std::string::npos);
}

TEST_CASE("diff: libraries, deployment target, hardening and identity") {
  const auto rows =
      diff(MachoProgram{}.build(),
           MachoProgram{
               .flags = 0, .dylibs = {"/usr/lib/libz.1.dylib"}, .uuid = false, .minos = 11u << 16U}
               .build());
  CHECK(row(rows, "target") == "arm64 oldest macOS: 12.0 -> 11.0");
  CHECK(row(rows, "libraries") == "arm64 /usr/lib/libSystem.B.dylib: needed -> nothing");
  CHECK(row(rows, "hardening") == "arm64 pie: yes -> no");
  CHECK(row(rows, "identity").ends_with("-> nothing"));
}

TEST_CASE("diff: slices on one side only") {
  const std::string arm = MachoProgram{}.build();
  const std::string intel = MachoProgram{.cpu = macho::CPU_TYPE_X86_64}.build();
  const std::string both =
      universal({{macho::CPU_TYPE_X86_64, intel}, {macho::CPU_TYPE_ARM64, arm}});
  CHECK(row(diff(both, arm), "slices") == "x86_64 only in the first file");
  CHECK(row(diff(arm, both), "slices") == "x86_64 only in the second file");
}

TEST_CASE("diff: symbols that came and went, cut at twenty") {
  std::vector<ElfSymbol> many;
  for (int i = 0; i < 50; ++i) many.push_back({.name = "f" + std::to_string(i), .defined = true});
  const auto rows = diff(ElfProgram{.symbols = {{.name = "g", .defined = true}}}.build(),
                         ElfProgram{.symbols = many}.build());
  const auto exports = std::ranges::count(rows, "exports", &DiffRow::what);
  CHECK(exports == 21);
  CHECK(row(rows, "exports") == "aarch64 g: present -> nothing");
}

TEST_CASE("diff: a file that is not read is an error") {
  CHECK_FALSE(diff_files(view_of("text"), view_of("other")).has_value());
}
