// What of the ABI is said to bind a file, and what is not.
#include "inspect/abi.h"

#include "diag/catalog.h"
#include "inspect/inspected.h"

using namespace tenon;
using namespace tenon::test;

namespace {

std::vector<AbiRow> abi(const std::string& bytes) {
  auto rows = abi_rows(ObjectView{"", "", view_of(bytes)});
  REQUIRE(rows.has_value());
  return *rows;
}

std::string state(const std::string& bytes, std::string_view check) {
  const auto rows = abi(bytes);
  const auto found = std::ranges::find(rows, check, &AbiRow::check);
  return found == rows.end() ? "none" : found->state;
}

const GoParts callback{
    .functions = {"main.main", "crosscall2", "main._Cfunc_x", "main._cgoexp_0123456789ab_Go"}};

}  // namespace

TEST_CASE("abi: every row has a known state, a value and a source") {
  for (const std::string& bytes :
       {MachoProgram{}.build(), MachoProgram{.go = callback}.build(), ElfProgram{}.build(),
        ElfProgram{.go = callback}.build(), ElfProgram{.go = {.go = false}}.build()}) {
    for (const AbiRow& row : abi(bytes)) {
      CAPTURE(row.check);
      const bool known = row.state == "ok" || row.state == "warning" || row.state == "info" ||
                         row.state == "unknown";
      CHECK(known);
      CHECK_FALSE(row.value.empty());
      CHECK_FALSE(row.source.empty());
    }
  }
}

TEST_CASE("abi: executable stacks and text relocations") {
  CHECK(state(ElfProgram{.exec_stack = true}.build(), "exec-stack") == "warning");
  CHECK(state(ElfProgram{}.build(), "exec-stack") == "ok");
  CHECK(state(ElfProgram{.exec_stack = std::nullopt}.build(), "exec-stack") == "unknown");
  CHECK(state(ElfProgram{.text_relocations = true}.build(), "text-relocations") == "warning");
  CHECK(state(ElfProgram{}.build(), "text-relocations") == "ok");
}

TEST_CASE("abi: exceptions matter only where C calls Go") {
  // A program that throws and never calls back.
  const std::vector<ElfSymbol> throws{{.name = "__cxa_throw"}};
  CHECK(state(ElfProgram{.symbols = throws}.build(), "exceptions") == "ok");
  CHECK(state(ElfProgram{.go = callback, .symbols = throws}.build(), "exceptions") == "warning");
  // Callbacks, and no symbols to see a throw by.
  CHECK(state(ElfProgram{.go = callback}.build(), "exceptions") == "unknown");
  CHECK(state(MachoProgram{.go = callback}.build(), "exceptions") == "ok");
  CHECK(state(ElfProgram{.go = {.go = false}, .symbols = throws}.build(), "exceptions") == "none");
}

TEST_CASE("abi: arm64e and x18") {
  CHECK(state(MachoProgram{.subtype = 2}.build(), "arm64e") == "warning");
  CHECK(state(MachoProgram{}.build(), "arm64e") == "ok");
  CHECK(state(ElfProgram{}.build(), "arm64e") == "none");
  CHECK(state(MachoProgram{}.build(), "x18") == "ok");
  // Without functions and mapping symbols a word may be data.
  const ElfProgram linux{
      .go = {.go = false},
      .sections = {{".text", std::string("\x32\x00\x80\xd2\xc0\x03\x5f\xd6", 8), 6}}};
  const auto rows = abi(linux.build());
  const auto row = std::ranges::find(rows, "x18", &AbiRow::check);
  REQUIRE(row != rows.end());
  CHECK(row->state == "info");
  CHECK(row->value.starts_with("none of 2 instructions writes it; 1 that may be data: at 0x"));
  CHECK(state(ElfProgram{.machine = 62}.build(), "x18") == "none");
}

TEST_CASE("abi: the names that a library of Go exports") {
  const ElfProgram library{
      .go = callback,
      .type = 3,
      .soname = "libx.so",
      .symbols = {{.name = "Go", .defined = true}, {.name = "stray", .defined = true}}};
  CHECK(state(library.build(), "export-surface") == "info");
  CHECK(state(ElfProgram{.go = callback}.build(), "export-surface") == "none");
}

TEST_CASE("abi: an object that cannot be read is an error") {
  CHECK_FALSE(abi_rows(ObjectView{"", "", view_of("text")}).has_value());
}

// C runs on the g0 stack, which Go neither scans nor moves; measured with code without frame
// pointers. Nothing that inspect prints may say otherwise.
TEST_CASE("abi: frame pointers are never called a requirement") {
  const auto harmless = [](const std::string& text) {
    std::string lower = text;
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) {
      return static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    });
    CAPTURE(text);
    CHECK(lower.find("frame-pointer") == std::string::npos);
    CHECK(lower.find("frame pointer") == std::string::npos);
    CHECK(lower.find("asyncpreemptoff") == std::string::npos);
    CHECK(lower.find("-fno-exceptions") == std::string::npos);
    CHECK(lower.find("fvisibility") == std::string::npos);
  };
  for (const std::string& bytes :
       {MachoProgram{.go = callback, .subtype = 2, .sign = false}.build(),
        ElfProgram{.go = callback, .exec_stack = true, .text_relocations = true}.build()}) {
    for (const AbiRow& row : abi(bytes)) {
      harmless(row.value + " " + row.source);
      const bool frames = row.check == "frame-records";
      if (frames) CHECK(row.state == "info");
      if (frames) CHECK(row.value.starts_with("no condition of Go"));
    }
    for (const ArtifactRemark& one : inspected(bytes).remarks) harmless(one.value);
  }
}
