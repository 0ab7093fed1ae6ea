#include "crossbuild/project_file.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace tenon;

namespace {

using Words = std::vector<std::string>;

ProjectFileError refusal(std::string_view text) {
  const auto read = read_project_file(text);
  REQUIRE_FALSE(read.has_value());
  return read.error();
}

// The place that an editor would show for the first occurrence of a word.
void check_place(std::string_view text, std::string_view word, std::string_view message) {
  const ProjectFileError error = refusal(text);
  const std::string_view before = text.substr(0, text.find(word));
  std::size_t line = 1;
  for (const char c : before) line += c == '\n' ? 1 : 0;
  const std::size_t start = before.rfind('\n');
  const std::size_t column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
  CAPTURE(text);
  CAPTURE(error.message);
  CHECK(error.line == line);
  CHECK(error.column == column);
  CHECK(error.message.contains(message));
}

}  // namespace

TEST_CASE("project file: values of all targets, and of one") {
  const auto read = read_project_file(
      "[build]\n"
      "targets = [\"darwin/arm64\", \"linux/amd64:gnu2.17\"]\n"
      "packages = [\"./cmd/a\", \"./cmd/b\"]\n"
      "output = \"bin/{name}_{os}_{arch}{ext}\"\n"
      "tags = [\"one\", \"two\"]\n"
      "ldflags = \"-s -w -X 'main.note=two words'\"\n"
      "race = false\n"
      "\n"
      "[[build.target]]\n"
      "name = \"linux/arm64\"\n"
      "sysroot = \"sys/arm64\"\n");
  REQUIRE(read.has_value());
  REQUIRE(read->find("targets", "") != nullptr);
  CHECK(read->find("targets", "")->values == Words{"darwin/arm64", "linux/amd64:gnu2.17"});
  CHECK(read->find("targets", "")->line == 2);
  CHECK(read->find("packages", "")->values == Words{"./cmd/a", "./cmd/b"});
  CHECK(read->find("race", "")->values == Words{"false"});
  CHECK(read->tables() == Words{"linux/arm64:musl"});
  CHECK(read->find("sysroot", "linux/arm64:musl")->values == Words{"sys/arm64"});
  CHECK(read->find("sysroot", "linux/arm64:musl")->line == 11);
  CHECK(read->find("sysroot", "") == nullptr);
}

TEST_CASE("project file: an error has its place and the nearest known word") {
  check_place("[build]\ntarget5 = [\"linux/arm64\"]\n", "target5", "did you mean target");
  check_place("[build]\n  sysrot = \"x\"\n", "sysrot", "did you mean sysroot?");
  check_place("[biuld]\n", "biuld", "did you mean build?");
  check_place("[build]\ntargets = [\"linux/amd64\", \"linux/arm65\"]\n", "\"linux/arm65\"",
              "did you mean linux/arm64?");
  check_place("[build]\nmin = 12\n", "12", "a string in quotes");
  check_place("[build]\nmin = \"9.0\"\n", "\"9.0\"", "macOS version");
  check_place("[build]\nengine = \"gcc\"\n", "\"gcc\"", "zig, clang, apple or auto");
  check_place("[build]\ntimeout = \"soon\"\n", "\"soon\"", "30m");
  check_place("[build]\nbuildmode = \"c-sharde\"\n", "\"c-sharde\"", "did you mean c-shared?");
  check_place("[build]\noutput = \"{nmae}\"\n", "\"{nmae}\"", "did you mean {name}?");
  check_place("[build]\ntags = \"one\"\n", "\"one\"", "a list in []");
  check_place("[build]\ntags = [\"one,two\"]\n", "\"one,two\"", "quotes of its own");
  check_place("[build]\nrace = \"yes\"\n", "\"yes\"", "true or false");
  check_place("[build]\npackages = [\"-toolexec=x\"]\n", "\"-toolexec", "a dash");
  check_place(
      "[[build.target]]\nname = \"linux/arm64\"\n[[build.target]]\nname= \"linux/arm64:musl\"",
      "\"linux/arm64:musl\"", "a table already");
  check_place("[[build.target]]\nname = \"linux/arm64\"\ntargets = [\"linux/amd64\"]\n", "targets",
              "[[build.target]]");
  CHECK(refusal("[[build.target]]\nsysroot = \"x\"\n").message.contains("needs a name"));
  CHECK(refusal("[build.target]\nname = \"linux/arm64\"\n").message.contains("[[build.target]]"));
  CHECK(refusal("build = 1\n").message.contains("[build]"));
}

TEST_CASE("project file: it runs no programs and writes only inside of the module") {
  for (const std::string_view key :
       {"zig", "cc", "toolexec", "exec", "smoke", "hooks", "overlay"}) {
    const ProjectFileError error = refusal("[build]\n" + std::string(key) + " = \"x\"\n");
    CHECK(error.line == 2);
    CHECK(error.message.contains("command line"));
  }
  for (const std::string_view flags :
       {"-extld=./evil", "-s -extld ./evil", "-extldflags=-fplugin=x.so", "-cpuprofile=/tmp/x",
        "-linkmode external -extar=x", "-X a.b=c --extld=x", "-capturehostobjs=/tmp",
        "-o /tmp/x"}) {
    CAPTURE(flags);
    CHECK(refusal("[build]\nldflags = \"" + std::string(flags) + "\"\n")
              .message.contains("names no programs"));
  }
  CHECK(refusal("[build]\nldflags = \"-s evil\"\n").message.contains("not a flag"));
  CHECK(refusal("[build]\nengine = \"./zig\"\n").message.contains("names no programs"));
  for (const std::string_view path : {"/tmp/x", "../x", "a/../../x", "a/.."}) {
    CHECK(refusal("[build]\nout = \"" + std::string(path) + "\"\n").message.contains("inside"));
    CHECK(refusal("[build]\noutput = \"" + std::string(path) + "\"\n").message.contains("inside"));
  }
  CHECK(read_project_file("[build]\nout = \"a/b..c/d\"\n").has_value());
  CHECK(read_project_file("[build]\nldflags = \"-X=a.b=-extld -linkmode=external\"\n").has_value());
}

TEST_CASE("project file: hostile texts are refused") {
  CHECK(refusal(std::string(most_project_text + 1, '#')).message.contains("256 KiB"));
  CHECK(refusal("[build]\nout = \"\xff\xfe\"\n").line == 2);
  CHECK(refusal("[build]\nout = " + std::string(20'000, '[')).line == 2);
  std::string deep = "a";
  for (int i = 0; i < 20'000; ++i) deep += ".a";
  CHECK_FALSE(refusal("[build]\n" + deep + " = 1\n").message.empty());
  CHECK_FALSE(refusal("[[%build]]\n").message.empty());
  CHECK_FALSE(refusal("[build]\n\xce\xb1 = 1\n").message.empty());
  CHECK(refusal("[build]\nout = \"a\\u0000b\"\n").message.contains("control character"));
  CHECK(refusal("[build]\nout = \"" + std::string(5000, 'x') + "\"\n").message.contains("4096"));
  std::string many = "[build]\ntags = [";
  for (int i = 0; i < 500; ++i) many += "\"t\",";
  CHECK(refusal(many + "]\n").message.contains("400"));
}
