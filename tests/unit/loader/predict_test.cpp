// The whole prediction on made-up roots. Texts are those that glibc 2.36 and musl 1.2.3 printed in
// the same situations.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/memory_tree.h"
#include "loader/elf/start.h"
#include "loader/files.h"
#include "loader/show.h"
#include "loader/small_elf.h"
#include "loader/verdict.h"

namespace {

using namespace tenon;
using namespace tenon::loader;
using tenon::test::SmallElf;

constexpr ElfKind amd64{62, 2, 1};
constexpr const char* ld_so = "/lib64/ld-linux-x86-64.so.2";
constexpr const char* ld_musl = "/lib/ld-musl-x86_64.so.1";

std::string glibc_loader() {
  SmallElf out;
  out.soname = "ld-linux-x86-64.so.2";
  out.symbols = {{.name = "_r_debug", .version = "GLIBC_2.2.5"}};
  using namespace std::string_literals;
  out.tail = "\0/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0"s +
             "ld.so (GLIBC) stable release version 2.36.\n";
  return out.bytes();
}

std::string libc() {
  SmallElf out;
  out.soname = "libc.so.6";
  out.symbols = {{.name = "puts", .version = "GLIBC_2.2.5"}};
  return out.bytes();
}

struct World {
  MemoryTree tree;
  Request request;

  World() {
    request.program = "/app/bin/app";
    tree.add_file("lib64/ld-linux-x86-64.so.2", glibc_loader(), true);
    tree.add_file("lib/x86_64-linux-gnu/libc.so.6", libc());
    SmallElf musl;
    musl.soname = "libc.so";
    musl.symbols = {{.name = "__libc_start_main"}, {.name = "stdin"}, {.name = "puts"}};
    tree.add_file("lib/ld-musl-x86_64.so.1", musl.bytes(), true);
  }

  void program(SmallElf elf, const char* interpreter = ld_so) {
    elf.interpreter = interpreter;
    tree.add_file("app/bin/app", elf.bytes(), true);
  }

  void library(const std::string& path, const SmallElf& elf) { tree.add_file(path, elf.bytes()); }

  Verdict run() {
    Files files(tree);
    return predict_elf(request, files, amd64);
  }
};

SmallElf needs(std::vector<std::string> names) {
  SmallElf out;
  out.needed = std::move(names);
  return out;
}

}  // namespace

TEST_CASE("a program whose libraries are in a default directory loads") {
  World world;
  world.program(needs({"libc.so.6"}));
  const Verdict verdict = world.run();
  CHECK(verdict.loads == true);
  CHECK(verdict.loader == LoaderKind::glibc);
  REQUIRE(verdict.images.size() == 3);
  CHECK(verdict.images[2].path == "/lib/x86_64-linux-gnu/libc.so.6");
  CHECK(verdict.images[2].found == FoundBy::default_path);
  CHECK(verdict.images[2].by == "/app/bin/app");
}

TEST_CASE("a missing library: the loader's text and all paths that were tried") {
  World world;
  world.program(needs({"liba.so"}));
  const Verdict verdict = world.run();
  CHECK(verdict.loads == false);
  REQUIRE(verdict.failures.size() == 1);
  CHECK(verdict.failures[0].cause == Cause::missing_library);
  CHECK(verdict.failures[0].text ==
        "/app/bin/app: error while loading shared libraries: liba.so: cannot open shared object "
        "file: No such file or directory");
  REQUIRE(verdict.tried.size() == 4);
  CHECK(verdict.tried[0].path == "/lib/x86_64-linux-gnu/liba.so");
  CHECK(verdict.tried[3].path == "/usr/lib/liba.so");
}

TEST_CASE("a library for another processor hides behind 'No such file'") {
  World world;
  SmallElf app = needs({"liba.so"});
  app.runpath = "$ORIGIN/../lib";
  world.program(app);
  SmallElf foreign;
  foreign.machine = 183;
  world.library("app/lib/liba.so", foreign);
  const Verdict verdict = world.run();
  REQUIRE(verdict.failures.size() == 1);
  CHECK(verdict.failures[0].cause == Cause::wrong_architecture);
  CHECK(verdict.failures[0].path == "/app/bin/../lib/liba.so");
  CHECK(verdict.failures[0].why == "is for aarch64");
  CHECK(verdict.failures[0].text.ends_with(
      "liba.so: cannot open shared object file: No such file or directory"));
}

TEST_CASE("DT_RUNPATH is not inherited, DT_RPATH is, and musl inherits both") {
  for (const bool inherited : {false, true}) {
    World world;
    SmallElf app = needs({"liba.so"});
    (inherited ? app.rpath : app.runpath) = "/app/lib";
    world.program(app);
    world.library("app/lib/liba.so", needs({"libb.so"}));
    world.library("app/lib/libb.so", {});
    const Verdict verdict = world.run();
    CHECK(verdict.loads == inherited);
    if (!inherited) CHECK(verdict.elsewhere == std::vector<std::string>{"/app/lib/libb.so"});
    world.program(app, ld_musl);
    CHECK(world.run().loads == true);
  }
}

TEST_CASE("damaged files stop the search") {
  World world;
  SmallElf app = needs({"liba.so"});
  app.rpath = "/bad:/app/lib";
  world.program(app);
  world.library("app/lib/liba.so", {});
  world.tree.add_file("bad/liba.so", "");
  CHECK(world.run().failures.at(0).text ==
        "/app/bin/app: error while loading shared libraries: /bad/liba.so: file too short");
  world.tree.add_file("bad/liba.so", std::string(100, 'x'));
  CHECK(world.run().failures.at(0).text ==
        "/app/bin/app: error while loading shared libraries: /bad/liba.so: invalid ELF header");
  world.tree.remove("bad/liba.so");
  world.tree.add_folder("bad/liba.so");
  CHECK(world.run().failures.at(0).text ==
        "/app/bin/app: error while loading shared libraries: /bad/liba.so: cannot read file data: "
        "Error 21");
}

TEST_CASE("symbols: a missing one ends the start, or the first call when it is bound lazily") {
  World world;
  SmallElf app = needs({"libc.so.6"});
  app.symbols = {{.name = "nowhere", .defined = false}};
  world.program(app);
  CHECK(world.run().failures.at(0).text ==
        "/app/bin/app: symbol lookup error: /app/bin/app: undefined symbol: nowhere");
  app.symbols[0].plt = true;
  world.program(app);
  const Verdict lazy = world.run();
  CHECK(lazy.loads == true);
  REQUIRE(lazy.late.size() == 1);
  CHECK(lazy.late[0].symbol == "nowhere");
  world.request.environment = {"LD_BIND_NOW=1"};
  CHECK(world.run().loads == false);
  app.symbols[0].weak = true;
  world.program(app);
  CHECK(world.run().loads == true);
}

TEST_CASE("versions: a missing one, and a library without any") {
  World world;
  SmallElf app = needs({"liba.so"});
  app.rpath = "/app/lib";
  app.symbols = {{.name = "afun", .defined = false, .version = "V_2", .file = "liba.so"}};
  world.program(app);
  SmallElf library;
  library.symbols = {{.name = "afun", .version = "V_1"}};
  world.library("app/lib/liba.so", library);
  const Verdict missing = world.run();
  REQUIRE(missing.failures.size() == 1);
  CHECK(missing.failures[0].cause == Cause::missing_version);
  CHECK(missing.failures[0].status == 1);
  CHECK(missing.failures[0].text ==
        "/app/bin/app: /app/lib/liba.so: version `V_2' not found (required by /app/bin/app)");
  library.symbols[0].version.clear();
  world.library("app/lib/liba.so", library);
  const Verdict none = world.run();
  CHECK(none.text() ==
        "/app/bin/app: /app/lib/liba.so: no version information available (required by "
        "/app/bin/app)\nInconsistency detected by ld.so: dl-lookup.c: 107: check_match: Assertion "
        "`version->filename == NULL || ! _dl_name_match_p (version->filename, map)' failed!\n");
  world.program(app, ld_musl);
  CHECK(world.run().loads == true);
}

TEST_CASE("musl prints all that is missing") {
  World world;
  SmallElf app = needs({"liba.so", "libc.so"});
  app.symbols = {{.name = "afun", .defined = false},
                 {.name = "puts", .defined = false, .plt = true}};
  world.program(app, ld_musl);
  const Verdict verdict = world.run();
  CHECK(verdict.loader == LoaderKind::musl);
  CHECK(verdict.text() ==
        "Error loading shared library liba.so: No such file or directory (needed by /app/bin/app)\n"
        "Error relocating /app/bin/app: afun: symbol not found\n");
}

TEST_CASE("the kernel: missing loader, foreign program, static program") {
  World world;
  world.program(needs({"libc.so.6"}), "/lib/ld-none.so.1");
  CHECK(world.run().failures.at(0).cause == Cause::missing_interpreter);
  CHECK(world.run().failures.at(0).text == "/app/bin/app: cannot execute: required file not found");
  SmallElf foreign;
  foreign.machine = 183;
  world.program(foreign);
  CHECK(world.run().failures.at(0).text ==
        "/app/bin/app: cannot execute binary file: Exec format error");
  SmallElf fixed;
  fixed.type = 2;  // ET_EXEC
  world.program(fixed, "");
  const Verdict verdict = world.run();
  CHECK(verdict.loads == true);
  CHECK(verdict.loader == LoaderKind::none);
}

TEST_CASE("secure execution ignores LD_LIBRARY_PATH and says so") {
  World world;
  world.program(needs({"liba.so"}));
  world.library("app/lib/liba.so", {});
  world.request.environment = {"LD_LIBRARY_PATH=/app/lib"};
  CHECK(world.run().loads == true);
  world.request.secure = true;
  const Verdict verdict = world.run();
  CHECK(verdict.loads == false);
  REQUIRE(!verdict.warnings.empty());
  CHECK(verdict.warnings[0].kind == Warning::Kind::environment);
}

TEST_CASE("a preloaded library that is missing is a line, not a failure") {
  World world;
  world.program(needs({"libc.so.6"}));
  world.request.environment = {"LD_PRELOAD=/none.so"};
  const Verdict verdict = world.run();
  CHECK(verdict.loads == true);
  CHECK(verdict.text() ==
        "ERROR: ld.so: object '/none.so' from LD_PRELOAD cannot be preloaded (cannot open shared "
        "object file): ignored.\n");
}

TEST_CASE("cycles of needs, and ten thousand run paths") {
  World world;
  SmallElf app = needs({"liba.so"});
  for (int i = 0; i < 10'000; ++i) app.rpath += "/none/" + std::to_string(i) + ":";
  app.rpath += "/app/lib";
  world.program(app);
  world.library("app/lib/liba.so", needs({"libb.so"}));
  world.library("app/lib/libb.so", needs({"liba.so", "libb.so"}));
  const Verdict verdict = world.run();
  CHECK(verdict.loads == true);
  CHECK(verdict.images.size() == 4);
  CHECK(verdict.tried_cut);
  CHECK(tree_text(verdict).contains("liba.so => /app/lib/liba.so"));
}

TEST_CASE("findings carry a command that gives the user the run path") {
  World world;
  SmallElf app = needs({"liba.so"});
  app.runpath = "/app/lib";
  world.program(app);
  world.library("app/lib/liba.so", needs({"libb.so"}));
  world.library("app/lib/libb.so", {});
  const Verdict verdict = world.run();
  const auto findings = verdict_findings(
      verdict, {"root/app/bin/app", "/app/bin/app", "root", "linux/amd64", "x86_64"});
  REQUIRE(findings.size() == 2);
  REQUIRE(findings[0].fixes.size() == 1);
  REQUIRE(findings[0].fixes[0].commands.size() == 1);
  CHECK(quoted(findings[0].fixes[0].commands[0]).text() ==
        "patchelf --add-rpath /app/lib root/app/lib/liba.so");
}

TEST_CASE("a library is loaded as the loader of the root would load it") {
  World world;
  SmallElf library = needs({"libc.so.6"});
  library.soname = "libx.so";
  library.symbols = {
      {.name = "puts", .defined = false, .version = "GLIBC_2.2.5", .file = "libc.so.6"}};
  world.tree.add_file("app/bin/app", library.bytes());
  const Verdict verdict = world.run();
  CHECK(verdict.library);
  CHECK(verdict.loads == true);
  CHECK(verdict.interpreter == ld_so);
  library.symbols.push_back({.name = "of_the_program", .defined = false});
  world.tree.add_file("app/bin/app", library.bytes());
  CHECK_FALSE(world.run().loads.has_value());
  CHECK(world.run().undecided == "the program that loads it has to define of_the_program");
}

TEST_CASE("a glibc program in a root with musl: what musl does not have") {
  World world;
  world.tree.remove("lib64/ld-linux-x86-64.so.2");
  SmallElf app = needs({"libc.so.6"});
  for (const char* name : {"puts", "__snprintf_chk"}) {
    app.symbols.push_back(
        {.name = name, .defined = false, .version = "GLIBC_2.2.5", .file = "libc.so.6"});
  }
  world.program(app);
  const Verdict verdict = world.run();
  CHECK(verdict.failures.at(0).cause == Cause::missing_interpreter);
  CHECK(verdict.not_in_musl == std::vector<std::string>{"__snprintf_chk"});
}
