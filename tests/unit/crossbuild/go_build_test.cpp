// The run of a go step, with a script in the place of go.
#include "crossbuild/run/go_build.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "host/files.h"

using namespace tenon;

namespace {

using Words = std::vector<std::string>;

struct FakeGo {
  TemporaryFolder folder{make_temporary_folder("tenon-test").value()};
  std::string stage = folder.path + "/stage";
  Step step;

  // The script gets the output as $3: "build -o OUTPUT".
  explicit FakeGo(const std::string& script) {
    write(script);
    step.argv = {folder.path + "/go", "build", "-o", stage + "/bin/app"};
    step.environment = {"GREETING=hello"};
    step.folder = folder.path;
  }

  void write(const std::string& script) const {
    REQUIRE(write_text(folder.path + "/go", "#!/bin/sh\n" + script, 0755).has_value());
  }

  [[nodiscard]] GoBuildResult build(const GoBuildEvents& events = {}) const {
    auto result = go_build({step, stage, std::chrono::minutes(1)}, events);
    REQUIRE(result.has_value());
    return std::move(*result);
  }
};

constexpr const char* link_script =
    "printf 'link\\tfile=app\\tprocess=1\\nflat\\tsymbol=_x\\n' >> \"$TENON_TRACE\"\n"
    "echo example.com/app\n"
    "echo '# example.com/app'\n"
    "echo \"warning: $GREETING\"\n"
    "echo linked > \"$3\"\n";

}  // namespace

TEST_CASE("go build: packages, messages and the trace are told apart") {
  const FakeGo go(link_script);
  Words packages, lines;
  GoBuildEvents events;
  events.package = [&](const std::string& name) { packages.push_back(name); };
  events.output = [&](const std::string& line) { lines.push_back(line); };
  const GoBuildResult result = go.build(events);
  CHECK(result.ok);
  CHECK(result.linked);
  CHECK(packages == Words{"example.com/app"});
  CHECK(lines == Words{"# example.com/app", "warning: hello"});
  CHECK(result.log == "# example.com/app\nwarning: hello\n");
  CHECK(result.outputs == Words{"app"});
  REQUIRE(result.trace.size() == 2);
  CHECK(result.trace[1].symbol == "_x");
}

TEST_CASE("go build: when nothing is linked again, the trace of the last link still holds") {
  const FakeGo go(link_script);
  CHECK(go.build().linked);
  go.write("touch \"$3\"\n");  // as cmd/go does with a file that is up to date
  const GoBuildResult result = go.build();
  CHECK(result.ok);
  CHECK_FALSE(result.linked);
  REQUIRE(result.trace.size() == 2);
  CHECK(result.trace[1].symbol == "_x");
  CHECK(result.outputs == Words{"app"});
}

TEST_CASE("go build: a failed build does not replace the trace of the last link") {
  const FakeGo go(link_script);
  CHECK(go.build().ok);
  go.write(
      "printf 'link\\tfile=app\\nflat\\tsymbol=_broken\\n' >> \"$TENON_TRACE\"\n"
      "echo it failed: no >&2\n"
      "exit 2\n");
  const GoBuildResult failed = go.build();
  CHECK_FALSE(failed.ok);
  CHECK(failed.code == 2);
  CHECK(failed.log == "it failed: no\n");
  go.write("touch \"$3\"\n");
  CHECK(go.build().trace.at(1).symbol == "_x");
}

TEST_CASE(
    "go build: outputs of packages that are no longer built stay out, headers go with their "
    "library") {
  const FakeGo go("echo x > \"$3\"\n");
  REQUIRE(make_folders(go.stage + "/bin").has_value());
  for (const char* name : {"old", "lib.a", "lib.h", "other.h"}) {
    const std::string path = go.stage + "/bin/" + name;
    REQUIRE(write_text(path, "x").has_value());
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  }
  go.write("echo x > \"$3\"\ntouch \"$(dirname \"$3\")/lib.a\"\n");
  CHECK(go.build().outputs == Words{"app", "lib.a", "lib.h"});
}

TEST_CASE("go build: its temporary folder is gone afterwards, also when go leaves files") {
  const FakeGo go("echo \"$TMPDIR $GOTMPDIR\" > \"$3\"\ntouch \"$TMPDIR/left\"\nexit 1\n");
  (void)go.build();
  const std::string text = read_text(go.stage + "/bin/app").value();
  const std::string folder = text.substr(0, text.find(' '));
  CHECK(text == folder + " " + folder + "\n");
  CHECK(folder.contains("tenon-go"));
  CHECK_FALSE(is_folder(folder));
}

TEST_CASE("go build: no go is an error, not a failed build") {
  FakeGo go("");
  go.step.argv.front() = go.folder.path + "/none";
  CHECK_FALSE(go_build({go.step, go.stage, std::chrono::minutes(1)}, {}).has_value());
}
