// The lists of inspect as lines of text or JSON, and the report of many files.
#include "inspect/lists.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/shown.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "inspect/program_builder.h"
#include "inspect/show.h"
#include "inspect/tables.h"

using namespace tenon;
using namespace tenon::test;

namespace {

std::string listed(const std::string& bytes, ListKind kind, const ListStyle& style = {}) {
  const auto objects = object_views(view_of(bytes));
  REQUIRE(objects.has_value());
  std::string text;
  {
    ListOutput out([&](std::string_view piece) { text += piece; });
    for (const ObjectView& object : *objects) {
      const auto done = write_list(kind, object, style, out);
      if (!done) out.add(shown_format("failed: {}", done.error().what));
    }
  }
  return text;
}

FileAnswer answer(const std::string& bytes, bool from_folder, bool json = true) {
  return answer_for("f", view_of(bytes), {.inspect = {}, .style = {}, .json = json}, from_folder);
}

}  // namespace

TEST_CASE("lists: an import in text and in JSON, with its version") {
  const std::string bytes =
      ElfProgram{.needed = {"libc.so.6"},
                 .symbols = {{.name = "puts", .library = "libc.so.6", .version = "GLIBC_2.17"}}}
          .build();
  CHECK(listed(bytes, ListKind::imports) == "                 U puts@GLIBC_2.17  (libc.so.6)\n");
  CHECK(listed(bytes, ListKind::imports, {.json = true}) ==
        R"({"slice":"aarch64","name":"puts","type":"U","library":"libc.so.6",)"
        R"("version":"GLIBC_2.17","weak":false})"
        "\n");
}

TEST_CASE("lists: a name that is no UTF-8 is escaped byte by byte, in text without controls") {
  const std::string bytes =
      ElfProgram{.symbols = {{.name = "a\xff\x1b\"b", .defined = true}}}.build();
  const std::string json = listed(bytes, ListKind::exports, {.json = true});
  CHECK(json.find(R"("name":"a\u00ff\u001b\u0022b")") != std::string::npos);
  const std::string text = listed(bytes, ListKind::exports);
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("lists: demangle C++ names") {
  const std::string bytes = ElfProgram{.symbols = {{.name = "_Z1fi", .defined = true}}}.build();
  CHECK(listed(bytes, ListKind::exports, {.json = false, .demangle = true}).ends_with(" f(int)\n"));
}

TEST_CASE("lists: more than one piece of output keeps the order and loses nothing") {
  std::vector<ElfSymbol> many;
  for (int i = 0; i < 9000; ++i) many.push_back({.name = "f" + std::to_string(i), .defined = true});
  const std::string text = listed(ElfProgram{.symbols = many}.build(), ListKind::exports);
  CHECK(std::ranges::count(text, '\n') == 9000);
  CHECK(text.find("f0\n") < text.find("f8999\n"));
}

TEST_CASE("lists: sections of zeros say so; without a function table there is no border of cgo") {
  const std::string bytes =
      ElfProgram{.go = {.go = false}, .sections = {{".bss", std::string(64, '\0'), 3, 8}}}.build();
  CHECK(listed(bytes, ListKind::sections).find(".bss  (zeros)\n") != std::string::npos);
  CHECK(listed(bytes, ListKind::cgo).starts_with("failed: "));
}

TEST_CASE("answers: a file of another kind is left out of a folder, and is an error by name") {
  CHECK(answer("text", true).skipped);
  CHECK(answer("text", true).findings.empty());
  const FileAnswer named = answer("text", false);
  REQUIRE(named.findings.size() == 1);
  CHECK(named.findings[0].severity == Severity::error);
  // A damaged file is told of wherever it lies.
  const FileAnswer damaged = answer(MachoProgram{}.build().substr(0, 40), true);
  CHECK_FALSE(damaged.read);
  CHECK(damaged.findings.size() == 1);
}

TEST_CASE("answers: the report counts what was left out and fails for what could not be read") {
  Report report;
  std::vector<FileAnswer> answers;
  answers.push_back(answer(MachoProgram{}.build(), true));
  answers.push_back(answer("text", true));
  add_answers(std::move(answers), {}, report);
  CHECK(report.ok);
  CHECK(report.text == "1 files of other kinds were skipped\n");
  CHECK(render_data(report.data).starts_with(R"({"skipped":1,"files":[{"path":"f",)"));
  add_answers({unreadable("gone", {Errc::not_found, "open", 0, 0})}, {}, report);
  CHECK_FALSE(report.ok);
}
