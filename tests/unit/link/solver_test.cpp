#include "link/pc/solver.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "link/memory_files.h"
#include "link/pc/problem.h"
#include "link/pc/settings.h"

using namespace tenon::pc;

namespace {

struct World {
  MemoryFiles files;
  Settings settings;

  World() { settings.folders = {"/p"}; }

  void add(const std::string& name, const std::string& rest) { files.add("/p", name, rest); }

  Solution solve(const std::vector<std::string>& modules) {
    return tenon::pc::solve(modules, settings, files);
  }

  void be_static() { settings.link_static = settings.merge_private = true; }
};

std::vector<Problem::Kind> kinds(const Solution& solution) {
  std::vector<Problem::Kind> out;
  for (const Problem& one : solution.problems) out.push_back(one.kind);
  return out;
}

}  // namespace

TEST_CASE("who needs a library stands before it; the last use stays") {
  World world;
  world.add("a", "Libs: -la -lm\nRequires: b\nRequires.private: c\n");
  world.add("b", "Libs: -lb -lm\nLibs.private: -lpthread\n");
  world.add("c", "Libs: -L/c -lc1\nLibs.private: -ldl\nRequires: b\n");
  CHECK(flags(world.solve({"a"}).libs) == "-la -lb -lm");
  world.be_static();
  CHECK(flags(world.solve({"a"}).libs) == "-la -L/c -lc1 -ldl -lb -lm -lpthread");
}

TEST_CASE("each flag has the way from what was asked for") {
  World world;
  world.be_static();
  world.add("top", "Requires: mid\nLibs: -ltop\n");
  world.add("mid", "Description: m\nRequires.private: low\n");
  world.add("low", "Libs.private: -lx\n");
  const Solution solution = world.solve({"top"});
  REQUIRE(solution.ok);
  REQUIRE(solution.libs.size() == 2);
  const Origin& origin = solution.libs[1].origin;
  CHECK(origin.module == "low");
  CHECK(origin.file == "/p/low.pc");
  CHECK(origin.line == 4);
  CHECK(origin.field == "Libs.private");
  REQUIRE(origin.path.size() == 2);
  CHECK(origin.path[0] == Step{"top", "/p/top.pc", 4, "Requires"});
  CHECK(origin.path[1] == Step{"mid", "/p/mid.pc", 5, "Requires.private"});
  CHECK(solution.libs[0].origin.path.empty());
}

TEST_CASE("a circle is told with all its modules") {
  World world;
  world.add("a", "Requires: b\nLibs: -la\n");
  world.add("b", "Requires.private: c\nLibs: -lb\n");
  world.add("c", "Requires: a\nLibs: -lc\n");
  const Solution solution = world.solve({"a"});
  CHECK(solution.ok);
  REQUIRE(kinds(solution) == std::vector{Problem::Kind::cycle});
  CHECK(solution.problems[0].other == "a -> b -> c -> a");
  CHECK_FALSE(solution.problems[0].error);
}

TEST_CASE("a missing private module is an error that names both rules, or a warning") {
  World world;
  world.add("a", "Requires.private: nowhere\nLibs: -la\n");
  Solution solution = world.solve({"a"});
  CHECK_FALSE(solution.ok);
  REQUIRE(kinds(solution) == std::vector{Problem::Kind::missing_private});
  CHECK(solution.problems[0].module == "nowhere");
  CHECK(solution.problems[0].text.contains("pkgconf 1.8 accepts that without --static"));
  world.settings.require_private = false;
  solution = world.solve({"a"});
  CHECK(solution.ok);
  CHECK(flags(solution.libs) == "-la");
  CHECK(kinds(solution) == std::vector{Problem::Kind::missing_private});
}

TEST_CASE("version rules, of the command line and of files") {
  World world;
  world.add("b", "");
  world.add("a", "Requires: b >= 2\n");
  CHECK(world.solve({"b >= 1.2"}).ok);
  const Solution solution = world.solve({"a"});
  REQUIRE(kinds(solution) == std::vector{Problem::Kind::wrong_version});
  CHECK(solution.problems[0].other == "1.2.3");
  CHECK(solution.problems[0].rule == ">= 2");
  CHECK(solution.problems[0].text.contains(
      "Package 'b' has version '1.2.3', required version is '>= 2'"));
}

TEST_CASE("Provides and Conflicts") {
  World world;
  world.add("real", "Provides: virt = 2.5\nLibs: -lreal\n");
  CHECK(flags(world.solve({"virt >= 2.0"}).libs) == "-lreal");
  CHECK_FALSE(world.solve({"virt >= 3.0"}).ok);
  world.add("foe", "Conflicts: real < 2\n");
  CHECK(kinds(world.solve({"foe", "real"})) == std::vector{Problem::Kind::conflict});
  CHECK(world.solve({"foe"}).ok);
}

TEST_CASE("a sysroot: its directories only, its system directories left out") {
  World world;
  world.settings = sysroot_settings("/s", "aarch64-linux-gnu");
  world.files.add("/s/usr/lib/aarch64-linux-gnu/pkgconfig", "z",
                  "Cflags: -I/usr/include -I/usr/include/z\n"
                  "Libs: -L/usr/lib/aarch64-linux-gnu -L/opt/z -lz\n");
  world.files.add("/usr/lib/pkgconfig", "host", "Libs: -lhost\n");
  const Solution solution = world.solve({"z"});
  CHECK(flags(solution.cflags) == "-I/s/usr/include/z");
  CHECK(flags(solution.libs) == "-L/s/opt/z -lz");
  CHECK_FALSE(world.solve({"host"}).ok);
}

TEST_CASE("a file by its path brings its directory along") {
  World world;
  world.files.add("/q", "x", "Requires: y\nLibs: -lx\n");
  world.files.add("/q", "y", "Libs: -ly\n");
  CHECK(flags(world.solve({"/q/x.pc"}).libs) == "-lx -ly");
}
