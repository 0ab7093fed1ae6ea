#include "link/query/answer.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "link/memory_files.h"
#include "link/pc/problem.h"
#include "link/query/cross.h"
#include "link/query/environment.h"
#include "link/query/go_check.h"
#include "link/query/request.h"

using namespace tenon::pc;

namespace {

Answer ask(MemoryFiles& files, const std::vector<std::string>& args,
           const Environment& environment = {}) {
  const auto request = parse_request(args);
  REQUIRE(request.has_value());
  Personality personality;
  personality.folders = {"/p"};
  personality.system_include = {"/usr/include"};
  personality.system_lib = {"/usr/lib"};
  const Prepared prepared = prepare(*request, environment, personality);
  return answer(*request, prepared, personality, files, true);
}

}  // namespace

TEST_CASE("options: one dash or two, values in both ways, beginnings of names") {
  const auto request = parse_request(
      {"-libs", "x", "--variable", "v", "--define-variable=a=b=c", "--cflags-only-o", "--", "--y"});
  REQUIRE(request.has_value());
  CHECK(request->wants.libs());
  CHECK(request->variable == "v");
  CHECK(request->defined.front() == std::pair<std::string, std::string>{"a", "b=c"});
  CHECK(request->wants.has(Want::cflags_other));
  CHECK(request->modules == std::vector<std::string>{"x", "--y"});
  CHECK(parse_request({"--print-"}).error() == "ambiguous option -- print-");
  CHECK(parse_request({"--nope"}).error() == "unrecognized option -- nope");
  CHECK(parse_request({"--variable"}).error() == "option requires an argument -- variable");
  CHECK(parse_request({"--libs=1"}).error() == "option doesn't take an argument -- libs");
  CHECK_FALSE(parse_request({"--maximum-traverse-depth=x"}).has_value());
}

TEST_CASE("flags, versions, variables and exit codes") {
  MemoryFiles files;
  files.add("/p", "x", "v=/usr/v\nCflags: -I/usr/include -I/i\nLibs: -L/usr/lib -lx\n");
  CHECK(ask(files, {"--cflags", "--libs", "x"}).out == "-I/i -lx\n");
  CHECK(ask(files, {"--libs", "--keep-system-libs", "x"}).out == "-L/usr/lib -lx\n");
  CHECK(ask(files, {"--modversion", "x"}).out == "1.2.3\n");
  CHECK(ask(files, {"--variable=v", "x"}).out == "/usr/v\n");
  CHECK(ask(files, {"--exists", "x", ">=", "1"}).code == 0);
  CHECK(ask(files, {"--exists", "x > 2"}).code == 1);
  CHECK(ask(files, {"--exists", "x > 2"}).err.empty());
  const Answer missing = ask(files, {"--libs", "y"});
  CHECK(missing.code == 1);
  CHECK(missing.out.empty());
  CHECK(missing.err.contains("Package 'y' not found\n"));
  CHECK(ask(files, {"--libs", "y"}, {{"PKG_CONFIG_PATH", "/q"}}).code == 1);
}

TEST_CASE("--why: all lines that ask for a flag") {
  MemoryFiles files;
  files.add("/p", "a", "Requires: b\nLibs: -lm\n");
  files.add("/p", "b", "Libs: -lm\n");
  const auto origins = origins_of("-lm", ask(files, {"--libs", "a"}));
  REQUIRE(origins.size() == 2);
  CHECK(origin_text(origins[0]) == "/p/b.pc:4 Libs, because a requires b (/p/a.pc:4 Requires)");
  CHECK(origin_text(origins[1]) == "/p/a.pc:5 Libs");
}

TEST_CASE("a sysroot: what is of this machine is told and not used") {
  MemoryFiles files;
  files.add("/s/usr/lib/t/pkgconfig", "x",
            "Cflags: -I/usr/include/x -I/host/only\nLibs: /usr/lib/libx.a -lx\n");
  files.files["/host/only/x.h"] = "";
  files.files["/s/usr/lib/libx.a"] = "";
  files.add("/usr/lib/pkgconfig", "y", "");
  const Environment environment{{"PKG_CONFIG_PATH", "/usr/lib/pkgconfig:/s/usr/lib/t/pkgconfig"}};
  const Cross cross{.sysroot = "/s", .triplet = "t"};
  const auto run = [&](const std::vector<std::string>& args) {
    const auto request = parse_request(args);
    const PreparedCross prepared = prepare_cross(*request, environment, cross, files);
    REQUIRE(prepared.problems.size() == 1);
    CHECK(prepared.problems[0].kind == Problem::Kind::outside_sysroot);
    CHECK(prepared.problems[0].module == "/usr/lib/pkgconfig");
    return answer(*request, prepared.prepared, prepared.personality, files, true);
  };
  const Answer flags_of_x = run({"--cflags", "--libs", "x"});
  CHECK(flags_of_x.out == "-I/s/usr/include/x -I/host/only /s/usr/lib/libx.a -lx\n");
  const Problems leaks = find_leaks(flags_of_x, cross, {"/usr/lib/pkgconfig"}, files);
  REQUIRE(leaks.size() == 1);
  CHECK(leaks[0].other == "-I/host/only");
  CHECK(leaks[0].line == 4);

  const Answer of_y = run({"--libs", "y"});
  CHECK(of_y.code == 1);
  const Problems of_module = find_leaks(of_y, cross, {"/usr/lib/pkgconfig"}, files);
  REQUIRE(of_module.size() == 1);
  CHECK(of_module[0].file == "/usr/lib/pkgconfig/y.pc");
}

TEST_CASE("what cmd/go says to the flags, with the line") {
  MemoryFiles files;
  files.add("/p", "x", "Libs: -lx /l/libk.so.2\n");
  const auto findings = go_findings(ask(files, {"--libs", "x"}), true);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].message.contains("/l/libk.so.2"));
  REQUIRE(findings[0].evidence.size() == 1);
  CHECK(findings[0].evidence[0].where == "/p/x.pc:4");
  CHECK(findings[0].fixes[0].text.contains("-L/l -l:libk.so.2"));
}
