// The public header include/tenon/inspect.h, used as a program outside would use it.
#include <tenon/inspect.h>

#include "inspect/inspected.h"
#include "inspect/show.h"

using namespace tenon::test;

namespace {

namespace api = tenon::api;

api::Inspection inspected_by_api(const std::string& bytes) {
  return api::inspect_bytes(std::as_bytes(std::span(bytes)));
}

}  // namespace

TEST_CASE("api inspect: facts that most ask for are members, with their places") {
  const api::Inspection file =
      inspected_by_api(MachoProgram{.rpaths = {"@loader_path/../lib"}, .sign = false}.build());
  CHECK(file.error.empty());
  CHECK(file.kind == "mach-o");
  REQUIRE(file.slices.size() == 1);
  const api::Slice& slice = file.slices.front();
  CHECK(slice.arch == "arm64");
  CHECK(slice.type == "executable");
  REQUIRE(slice.minimum_os);
  CHECK(slice.minimum_os.value == "12.0");
  CHECK(slice.minimum_os.source == "LC_BUILD_VERSION");
  REQUIRE(slice.needed.size() == 1);
  CHECK(slice.needed[0].name == "/usr/lib/libSystem.B.dylib");
  CHECK(slice.rpaths == std::vector<std::string>{"@loader_path/../lib"});
  CHECK(slice.signature == "unsigned");
  CHECK(slice.go_version.value == "go1.26.8");
  CHECK(slice.cgo_used.value == "no");
  CHECK(slice.glibc_floor.state == api::FactState::absent);
  CHECK_FALSE(slice.glibc_floor);
}

TEST_CASE("api inspect: the JSON is that of the command, and holds when the bytes are gone") {
  std::string bytes = ElfProgram{.needed = {"libc.so.6"}}.build();
  const api::Inspection file = inspected_by_api(bytes);
  const std::string expected = tenon::render_data(tenon::file_data("", inspected(bytes)));
  bytes.assign(bytes.size(), '\xff');
  CHECK(file.json() == expected);
  CHECK(file.slices.at(0).libc.value == "glibc");
}

TEST_CASE("api inspect: what is not read is an error with words, not an empty answer") {
  const api::Inspection text = inspected_by_api("just text\n");
  CHECK(text.error == "unsupported: text");
  CHECK(text.json().empty());
  const api::Inspection none = api::inspect("/nonexistent/file");
  CHECK(none.error.starts_with("not found"));
  CHECK(none.path == "/nonexistent/file");
  CHECK(api::name(api::FactState::known) == "known");
}
