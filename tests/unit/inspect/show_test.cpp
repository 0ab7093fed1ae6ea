// How facts are printed: JSON with its keys, text without control characters.
#include "inspect/show.h"

#include "base/text.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "inspect/inspected.h"

using namespace tenon;
using namespace tenon::test;

namespace {

constexpr const char* bad = "evil\x1b[31m\nname\x7f\"\\";

bool printable(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n') || byte == 0x7f;
  });
}

const Data& at(const Data& object, std::string_view key) {
  for (const auto& [name, value] : std::get<Data::Object>(object.value())) {
    if (name == key) return value;
  }
  FAIL("no such key");
  return object;
}

const Data& at(const Data& object, std::string_view key, std::size_t index) {
  return std::get<Data::Array>(at(object, key).value()).at(index);
}

std::vector<std::string> keys(const Data& object) {
  std::vector<std::string> out;
  for (const auto& entry : std::get<Data::Object>(object.value())) out.push_back(entry.first);
  return out;
}

// The keys that fields() lists, those that are left out apart, and `more` behind them.
template <class T>
std::vector<std::string> keys_of(std::vector<std::string> more) {
  std::vector<std::string> out;
  const T empty{};
  T::fields(empty, [&](const Field& field, auto&&) {
    if (field.empty != Empty::left_out) out.emplace_back(field.key);
  });
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("show: every slice has every key, null where there is nothing") {
  const std::vector<std::string> wanted = keys_of<Artifact>({"sources", "unknown"});
  for (const std::string& bytes :
       {MachoProgram{}.build(), ElfProgram{}.build(), ElfProgram{.go = {.go = false}}.build(),
        archive({{"x.o", ElfProgram{.type = 1}.build()}})}) {
    const Data file = file_data("x", inspected(bytes));
    std::vector<std::string> found = keys(at(file, "slices", 0));
    std::erase(found, "members");  // of archives alone
    CHECK(found == wanted);
    const Data& macho = at(at(file, "slices", 0), "macho");
    if (!std::holds_alternative<std::nullptr_t>(macho.value())) {
      CHECK(keys(macho) == keys_of<MachoArtifact>({"sources", "unknown"}));
    }
  }
}

TEST_CASE("show: what a format does not have is absent, and the format says so") {
  const Artifact stub = blank_artifact(Format::stub);
  CHECK(said(stub.minos) == "absent in stub");
  CHECK(said(stub.imports) == "absent in stub");
  CHECK(stub.exports.state == FactState::unknown);
  CHECK(said(blank_artifact(Format::elf).fixups) == "absent in ELF has none");
  CHECK(blank_artifact(Format::archive).minos.state == FactState::unknown);
}

TEST_CASE("show: JSON that is read gives the same JSON") {
  const std::vector<std::string> rare{
      string_command(macho::LC_SUB_FRAMEWORK, "Accelerate"),
      string_command(macho::LC_TARGET_TRIPLE, "arm64-apple-macos15.0")};
  for (const std::string& bytes :
       {MachoProgram{.rpaths = {"@loader_path/x"}, .more = rare}.build(),
        MachoProgram{.sign = false}.build(), MachoProgram{.function_starts = true}.build(),
        ElfProgram{.go = {.lines = "path\tx\nmod\tx\tv1\t\ndep\ty\tv2\th1:z\n"},
                   .needed = {"libc.so.6"},
                   .symbols = {{.name = "f", .library = "libc.so.6", .version = "GLIBC_2.34"}}}
            .build(),
        archive({{"x.o", ElfProgram{.type = 1}.build()}, {"readme", "text"}})}) {
    const Data first = file_data("x", inspected(bytes));
    const auto again = file_from(first);
    REQUIRE(again.has_value());
    CHECK(render_data(file_data("x", *again)) == render_data(first));
  }
  CHECK_FALSE(file_from(Data::object()).has_value());
}

TEST_CASE("show: absent is null with a source, unknown is null with a reason") {
  const std::string absent =
      render_data(file_data("x", inspected(MachoProgram{.uuid = false}.build())));
  CHECK(has(absent, "\"uuid\":null"));
  CHECK(has(absent, "\"uuid\":\"LC_UUID\""));
  const std::string unknown =
      render_data(file_data("x", inspected(MachoProgram{.function_starts = true}.build())));
  CHECK(has(unknown, "\"linker\":null"));
  CHECK(has(unknown, "\"linker\":\"the file names no linker\""));
}

TEST_CASE("show: the keys of Go") {
  const std::string json = render_data(file_data("x", inspected(ElfProgram{}.build())));
  for (const char* part :
       {"\"version\":\"go1.26.8\"", "\"path\":\"example.com/app\"", "\"cgo_allowed\":false",
        "\"cgo_used\":false", "\"settings\":{\"-buildmode\":\"exe\",\"CGO_ENABLED\":\"0\"}"}) {
    CAPTURE(part);
    CHECK(has(json, part));
  }
}

TEST_CASE("show: control characters of a file reach neither terminal nor JSON raw") {
  const std::vector<std::string> files{
      MachoProgram{.dylibs = {bad}, .rpaths = {bad}, .identifier = bad}.build(),
      ElfProgram{.go = {.lines = std::string("path\tx\x1b[2J\nmod\tx\tv\x1b\t\n"),
                        .version = std::string("go\x1b]0;x\x07"),
                        .files = {"/home/\x1b[31m/x.go"}},
                 .interpreter = bad,
                 .soname = bad,
                 .runpath = bad,
                 .needed = {bad},
                 .sections = {{".comment", std::string("\x1b[31mGCC\0", 9)}}}
          .build(),
      archive({{"a\x1b[1m.o", ElfProgram{.type = 1}.build()}})};
  for (const std::string& bytes : files) {
    const FileReport report = inspected(bytes);
    const Shown text = file_text(std::string("path\x1b[5m"), report, {});
    CAPTURE(text);
    CHECK(printable(text));
    // JSON may hold DEL as it is.
    const std::string json = render_data(file_data(std::string("path\x1b"), report));
    CHECK(std::ranges::none_of(json, [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
    for (const ArtifactRemark& one : report.remarks) {
      CHECK(printable(render_finding(remark_finding("x", one), {})));
    }
  }
}

TEST_CASE("show: the text says why something is not known") {
  const Shown text = file_text(
      "x", inspected(ElfProgram{.interpreter = "/lib/ld.so.1", .section_headers = false}.build()),
      {});
  CHECK(has(text.text(), "unknown: the file has no section headers"));
}

TEST_CASE("show: values that are wider than the terminal go on below their beginning") {
  const auto report = inspected(
      ElfProgram{.runpath = "/opt/first/lib /opt/second/lib /opt/third/lib", .needed = {"a.so"}}
          .build());
  const std::string whole = file_text("x", report, {}).text();
  const std::string narrow = file_text("x", report, {}, 40).text();
  CHECK(has(whole, "/opt/first/lib /opt/second/lib /opt/third/lib"));
  for (const std::string_view line : split(narrow, '\n')) {
    if (line.starts_with("  ")) CHECK(line.size() <= 40);
  }
  CHECK(has(narrow, "\n               /opt/second/lib\n"));
  CHECK(has(narrow, "\n               /opt/third/lib"));
}

TEST_CASE("show: a remark is a finding with the place in the file as evidence") {
  const FileReport report = inspected(MachoProgram{.sign = false}.build());
  REQUIRE_FALSE(report.remarks.empty());
  const Finding finding = remark_finding("dist/app", report.remarks.front());
  CHECK(finding.code == Code::artifact_unsigned_arm64);
  CHECK(finding.severity == Severity::warning);
  CHECK(finding.subject == "dist/app (arm64)");
  REQUIRE_FALSE(finding.evidence.empty());
}
