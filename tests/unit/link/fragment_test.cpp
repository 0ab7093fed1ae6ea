#include "link/pc/fragment.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "link/memory_files.h"
#include "link/pc/problem.h"
#include "link/pc/settings.h"
#include "link/pc/variables.h"

using namespace tenon::pc;

namespace {

Fragments parse(const std::string& text) {
  const Settings settings;
  const Globals globals(settings);
  const Variables variables;
  const FieldContext context{
      .variables = variables, .globals = globals, .sysroot = settings.sysroot};
  Fragments out;
  Problems problems;
  CHECK(add_fragments(text, context, {}, out, problems));
  return out;
}

std::string merged(const std::vector<std::string>& texts) {
  Merger merger;
  for (const std::string& text : texts) {
    for (const Fragment& one : parse(text)) merger.add(one, false);
  }
  return flags(merger.take());
}

}  // namespace

TEST_CASE("atoms: groups and pairs") {
  const auto all = parse(
      "-Wl,--start-group -lx -lq -Wl,--end-group -framework Cocoa -framework IOKit -lz -I /inc");
  REQUIRE(all.size() == 5);
  CHECK(all[0].words() ==
        std::vector<std::string>{"-Wl,--start-group", "-lx", "-lq", "-Wl,--end-group"});
  CHECK(all[1].words() == std::vector<std::string>{"-framework", "Cocoa"});
  CHECK(all[3].text() == "-lz");
  CHECK(all[3].type == 'l');
  CHECK(all[4].text() == "-I/inc");
}

TEST_CASE("of equal -l the last stays, of equal -L and -I the first") {
  CHECK(merged({"-la -lm", "-lb -lm"}) == "-la -lb -lm");
  CHECK(merged({"-L/x -la", "-L/x -lb"}) == "-L/x -la -lb");
  CHECK(merged({"-pthread -la", "-pthread"}) == "-la -pthread");
}

TEST_CASE("a group is never taken apart") {
  const std::string group = "-Wl,--start-group -lx -lq -Wl,--end-group";
  CHECK(merged({group, "-lx"}) == group + " -lx");
  CHECK(merged({group, group}) == group + " " + group);
}

TEST_CASE("a merged fragment remembers the lines of both") {
  Merger merger;
  Fragments one = parse("-lm");
  one[0].origin.file = "a.pc";
  merger.add(one[0], false);
  one[0].origin.file = "b.pc";
  merger.add(one[0], false);
  const Fragments out = merger.take();
  REQUIRE(out.size() == 1);
  CHECK(out[0].origin.file == "b.pc");
  REQUIRE(out[0].also.size() == 1);
  CHECK(out[0].also[0].file == "a.pc");
}

TEST_CASE("shells read the text back") {
  CHECK(flags(parse("-L/a\\ b -DS=\\\"hi\\\"")) == "-L/a\\ b -DS=\\\"hi\\\"");
  CHECK(shell_text(parse("-Lt\xc3\xa4"), ' ', true) == "-Lt\xc3\xa4");
  CHECK(shell_text(parse("-Lt\xc3\xa4"), ' ', false) == "-Lt\\\xc3\\\xa4");
}

TEST_CASE("Microsoft's form leaves out what it has no word for") {
  CHECK(msvc_text(parse("-fPIC -I/inc -DA -L/lib -lz -pthread"), ' ') ==
        "/I/inc /DA /libpath:/lib z.lib");
}
