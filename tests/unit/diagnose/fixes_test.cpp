// From a failing log to repairs, and from run to run: no machine is asked.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/template.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diagnose/answer.h"
#include "diagnose/failures/failure_class.h"
#include "diagnose/failures/failures.h"
#include "diagnose/failures/fix_facts.h"
#include "diagnose/fixes/env_setting.h"
#include "diagnose/fixes/loop.h"
#include "diagnose/fixes/missing_file.h"
#include "diagnose/fixes/module_name.h"
#include "diagnose/fixes/named_settings.h"
#include "diagnose/fixes/repair.h"
#include "platform/contents.h"

using namespace tenon;

namespace {

using Place = MachineSetting::Place;

explain::Answer answer_of(std::string_view log) {
  explain::Answer out = explain::read_answer(log, "log");
  explain::group_failures(out, nullptr);
  return out;
}

PackageLookup packages_in(std::string source, std::vector<PackageOfFile> found = {}) {
  return {true, std::move(source), "apt-get", std::move(found)};
}

// A Debian machine with these settings; its gcc and nothing else is there.
RepairMachine machine_with(std::vector<MachineSetting> settings = {}) {
  RepairMachine out;
  out.goos = "linux";
  out.goarch = "amd64";
  out.settings = std::move(settings);
  out.packager = "apt-get";
  out.root = true;
  out.has_program = [](std::string_view name) { return name == "gcc"; };
  out.installed = [](const std::string&) { return false; };
  out.packages_of = [](const SoughtFile&) { return packages_in("apt's index"); };
  out.folder_of = [](const SoughtFile&) { return std::string(); };
  out.uses_module = [](const std::string&) { return true; };
  out.value_of = [](const std::string& name) {
    return std::string(name == "CGO_CFLAGS" ? "-O2 -g" : "");
  };
  out.default_of = [](const std::string& name) { return std::string(name == "CC" ? "gcc" : ""); };
  out.new_folder = [](bool programs) { return std::string(programs ? "/run" : "/new"); };
  out.own_compiler = [](const std::string&, const std::string&, bool) { return std::string(); };
  return out;
}

std::string text_of(const std::optional<Repair>& repair) {
  if (!repair) return "-";
  std::string out;
  for (const std::string& line : shell_lines(*repair)) out += (out.empty() ? "" : "; ") + line;
  return out;
}

constexpr std::string_view no_cc =
    "# runtime/cgo\ncgo: C compiler \"nocc\" not found: exec: \"nocc\": executable file not found "
    "in "
    "$PATH\n";
constexpr std::string_view no_zlib =
    "# example.com/p\n./m.go:3:11: fatal error: zlib.h: No such file or directory\ncompilation "
    "terminated.\n";

}  // namespace

TEST_CASE("repairs: a setting is taken away where it stands") {
  RepairLoop loop({}, 5);
  loop.failed(answer_of(no_cc));
  CHECK(text_of(loop.next(machine_with({{"CC", "nocc", Place::environment}}))) == "unset CC");

  RepairLoop written({}, 5);
  written.failed(answer_of(no_cc));
  const auto repair = written.next(machine_with({{"CC", "nocc", Place::file}}));
  CHECK(text_of(repair) == "export CC=gcc");
  REQUIRE(repair);
  CHECK(repair->resets == std::vector<std::string>{"CC"});

  // Nobody set it: `go env -u CC` would do nothing.
  RepairLoop nobody({}, 5);
  nobody.failed(answer_of(no_cc));
  CHECK(text_of(nobody.next(machine_with())) == "-");
}

TEST_CASE("repairs: without a default the file of go env -w is not read, and its others are kept") {
  RepairLoop loop({}, 5);
  loop.failed(answer_of("go: parsing $GOFLAGS: non-flag \"mod=vendor\"\n"));
  const auto repair = loop.next(machine_with(
      {{"GOFLAGS", "mod=vendor", Place::file}, {"GOPRIVATE", "example.com", Place::file}}));
  CHECK(text_of(repair) == "export GOENV=off; export GOPRIVATE=example.com");
}

TEST_CASE("repairs: packages only where they are allowed, and all of a log in one command") {
  const std::string log = std::string(no_zlib) +
                          "# example.com/q\n./q.go:3:11: fatal error: sqlite3.h: No such file or "
                          "directory\ncompilation terminated.\n";
  RepairLoop safe({}, 5);
  safe.failed(answer_of(log));
  CHECK_FALSE(safe.next(machine_with()));

  RepairLoop loop({.unsafe = true}, 5);
  loop.failed(answer_of(log));
  CHECK(text_of(loop.next(machine_with())) ==
        "apt-get -q update; env DEBIAN_FRONTEND=noninteractive apt-get install -y zlib1g-dev "
        "libsqlite3-dev");
  RepairMachine user = machine_with();
  user.root = false;
  RepairLoop rightless({.unsafe = true}, 5);
  rightless.failed(answer_of(log));
  CHECK_FALSE(rightless.next(user));
}

TEST_CASE("repairs: what has no effect is dropped, and its rival is tried") {
  const auto machine =
      machine_with({{"GOROOT", "/old", Place::environment}, {"CPATH", "/ex", Place::environment}});
  RepairLoop loop({}, 5);
  const std::string_view log =
      "go: cannot find GOROOT directory: 'go' binary is trimmed and GOROOT is not set\n"
      "error: /ex is no folder\n";
  loop.failed(answer_of(log));
  CHECK(text_of(loop.next(machine)) == "unset GOROOT");
  loop.failed(answer_of(log));
  CHECK(loop.environment().empty());
  CHECK(loop.rounds()[0].result == repair_no_effect);
  CHECK(text_of(loop.next(machine)) == "unset CPATH");
  loop.passed();
  REQUIRE(loop.rounds().size() == 2);
  CHECK(loop.rounds()[1].result == repair_passed);
  CHECK(loop.environment() == Environment{{"CPATH", std::nullopt}});
}

TEST_CASE("repairs: a repair that led to a failure without one is taken back") {
  const auto machine = machine_with({{"CC", "nocc", Place::environment}});
  RepairLoop loop({}, 5);
  loop.failed(answer_of(no_cc));
  CHECK(text_of(loop.next(machine)) == "unset CC");
  loop.failed(answer_of("m.go:7:2: undefined: thing\n"));
  CHECK(loop.rounds()[0].result == repair_helped);
  CHECK_FALSE(loop.next(machine));
  CHECK(loop.rounds()[0].result == repair_dead_end);
  CHECK(loop.environment().empty());
}

TEST_CASE("repairs: a second new folder is not tried for a disk that is full") {
  const auto machine = machine_with({{"GOTMPDIR", "/small", Place::environment}});
  RepairLoop loop({}, 9);
  int folders = 0;
  RepairMachine counted = machine;
  counted.new_folder = [&](bool) { return "/new" + std::to_string(++folders); };
  for (const std::string_view package : {"cmp", "internal/asan", "internal/msan", "errors"}) {
    loop.failed(answer_of(std::string(package) +
                          ": write /small/go-build1/b043/importcfg: no space "
                          "left on device\n"));
    if (!loop.next(counted)) break;
  }
  const auto times = [&](std::string_view line) {
    return std::ranges::count_if(loop.rounds(), [&](const RepairRound& one) {
      return text_of(one.repair).starts_with(line);
    });
  };
  CHECK(times("export GOCACHE=/new") == 1);
  CHECK(times("unset GOTMPDIR") == 1);
  for (const RepairRound& one : loop.rounds()) CHECK(one.result != repair_helped);
}

TEST_CASE("repairs: no more than were asked for") {
  RepairLoop loop({}, 0);
  loop.failed(answer_of(no_cc));
  CHECK_FALSE(loop.next(machine_with({{"CC", "nocc", Place::environment}})));
  CHECK(loop.spent());
}

TEST_CASE("repairs: after a command that failed the rivals of the same failure are tried") {
  const auto machine = machine_with({{"CPATH", "/usr/none", Place::environment}});
  RepairLoop loop({.unsafe = true}, 5);
  loop.failed(answer_of(std::string(no_zlib) + "gcc: error: /usr/none: unreadable\n"));
  CHECK(text_of(loop.next(machine)).ends_with("zlib1g-dev"));
  loop.refused();
  CHECK(loop.rounds()[0].result == repair_refused);
  CHECK(text_of(loop.next(machine)) == "unset CPATH");
}

TEST_CASE("repairs: values join what go takes now") {
  CHECK(joined(join_of("CGO_CPPFLAGS"), "-DA", "-I/x") == "-DA -I/x");
  CHECK(joined(join_of("PKG_CONFIG_PATH"), "/a", "/b") == "/b:/a");
  CHECK(joined(join_of("CGO_LDFLAGS_ALLOW"), "^-a$", "^-b$") == "^-a$|^-b$");
  CHECK(joined(join_of("GODEBUG"), "a=1", "b=2") == "a=1,b=2");
  CHECK(joined(join_of("CGO_CPPFLAGS"), "-I/xy", "-I/x") == "-I/xy -I/x");
  CHECK(joined(join_of("PKG_CONFIG_PATH"), "/a:/b", "/b") == "/a:/b");
  // What is there already is not set again.
  RepairMachine machine = machine_with();
  machine.value_of = [](const std::string&) { return std::string("^-ftrampolines$"); };
  RepairLoop loop({}, 5);
  loop.failed(answer_of("example.com/p: invalid flag in #cgo CFLAGS: -ftrampolines\n"));
  CHECK(text_of(loop.next(machine)) == "-");
  CHECK(joined(join_of("CC"), "gcc", "clang") == "clang");
}

// By `go help environment` GOFLAGS are flags as on a command line, where the last one counts.
TEST_CASE("repairs: GOFLAGS has each flag once") {
  const auto flags = [](std::string_view before, std::string_view value) {
    return joined(join_of("GOFLAGS"), before, value);
  };
  CHECK(flags("-mod=vendor", "-mod=readonly") == "-mod=readonly");
  CHECK(flags("-v --mod=vendor -x", "-mod=mod") == "-v -mod=mod -x");
  CHECK(flags("-tags=a", "-tags=b") == "-tags=a,b");
  CHECK(flags("-tags=b", "-tags=b") == "-tags=b");
  CHECK(flags("'-ldflags=-s -w' -v", "-ldflags=-linkmode=external") ==
        "'-ldflags=-s -w -linkmode=external' -v");
  CHECK(flags("-modcacherw", "-mod=mod") == "-modcacherw -mod=mod");
}

TEST_CASE("named settings: the words that a failure names go, the target never does") {
  const auto left = [](std::string_view text, std::string name, std::string value) -> std::string {
    const auto named = named_setting(text, {std::move(name), std::move(value)});
    return !named ? "-" : named->left.value_or("all");
  };
  CHECK(left("/usr/bin/ld: cannot find -lnone: No such file", "CGO_LDFLAGS", "-lnone -lm") ==
        "-lm");
  CHECK(left("/usr/bin/ld: cannot find -lnone: No such file", "CGO_LDFLAGS", "-lnonesuch") == "-");
  CHECK(left("go: inconsistent vendoring; -mod=vendor is set", "GOFLAGS", "-mod=vendor") == "all");
  CHECK(left("flag provided but not defined: -nosuch", "GOFLAGS", "'-ldflags=-s -w' -nosuch") ==
        "'-ldflags=-s -w'");
  CHECK(left("skipping incompatible /opt/x/libz.so", "CGO_LDFLAGS", "-L/opt/x") == "all");
  CHECK(left("no such tool \"compile\" in /opt/go", "GOROOT", "/opt/go") == "all");
  CHECK(left("/usr/local/go/bin/link: failed", "GOTOOLCHAIN", "local") == "-");
  CHECK(left("Get \"http://127.0.0.1:9/x.zip\": refused", "GOPROXY", "http://127.0.0.1:9") ==
        "all");
  CHECK(left("../inc/stdlib.h:1:2: error: #error other", "CPATH", "/opt/inc") == "all");
  CHECK(left("GOROOT is wrong", "GOPATH", "/x") == "-");
  CHECK(left("unsupported GOOS/GOARCH pair plan8/amd64", "GOOS", "plan8") == "-");
  CHECK(left("build constraints exclude all Go files; CGO_ENABLED=0", "CGO_ENABLED", "0") == "-");
}

TEST_CASE("placeholders: what a reader has to put in is seen, names of variables are not") {
  CHECK(has_placeholder("PKG_CONFIG_PATH=DIR"));
  CHECK(has_placeholder("lib{NAME}.so"));
  CHECK(has_placeholder("example.com/m@VERSION"));
  CHECK(has_placeholder("PROGRAM"));
  CHECK_FALSE(has_placeholder("DIR=/x"));
  CHECK_FALSE(has_placeholder("GOHOSTARCH"));
  CHECK_FALSE(has_placeholder("NAMESPACE"));
  CHECK_FALSE(has_placeholder("--target"));
}

TEST_CASE("static packages: Alpine's names follow the source package, not the library") {
  const auto fix_of = [](std::string_view library) {
    const std::string log =
        "+ apk add build-base\n/usr/bin/ld: cannot find -l" + std::string(library) +
        ": No such file or directory\ncollect2: error: ld returned 1 exit status\n"
        "go build -ldflags '-linkmode external -extldflags -static'\n";
    for (const Candidate& one : answer_of(log).candidates) {
      if (one.cause->slug != "static/dependency-has-no-archive") continue;
      return one.commands.empty() ? std::string("none") : quoted(one.commands[0]).text();
    }
    return std::string("no candidate");
  };
  CHECK(fix_of("ssl") == "apk add openssl-libs-static");
  CHECK(fix_of("sqlite3") == "apk add sqlite-static");
  CHECK(fix_of("nobodyknows") == "none");
}

TEST_CASE("placeholders: no repair has one") {
  RepairMachine machine = machine_with();
  machine.has_program = [](std::string_view) { return true; };
  for (const char* packager : {"apt-get", "dnf", "apk", "brew"}) {
    machine.packager = packager;
    for (const CodeArea& topic : cause_topics()) {
      for (const Code code : topic.codes) {
        const Cause& cause = *entry(code).cause;
        Failure failure;
        Candidate candidate;
        candidate.cause = &cause;
        for (const CommandText& command : cause.commands)
          candidate.commands.push_back(filled_command(command.words, {}));
        failure.causes.push_back(std::move(candidate));
        CAPTURE(cause.slug);
        for (const Repair& repair :
             repairs_of(failure, answer_of("x").log, machine, {}, {.unsafe = true})) {
          for (const auto& command : repair.commands) CHECK_FALSE(has_placeholder(command));
          for (const EnvSetting& one : repair.env)
            CHECK_FALSE(has_placeholder(one.name + "=" + one.value.value_or("")));
        }
      }
    }
  }
}

// Names in a log are a stranger's: a source line that a compiler repeats, a test that prints.
TEST_CASE("repairs: a name of a log is no path, no removal and no option") {
  const auto tried = [](const ShellCommand& command, std::string packager) {
    Candidate candidate;
    candidate.cause = entry(Code::cc_not_installed).cause;
    candidate.commands = {command};
    Failure failure;
    failure.causes = {candidate};
    RepairMachine machine = machine_with();
    machine.packager = std::move(packager);
    machine.has_program = [](std::string_view) { return true; };
    const auto repairs = repairs_of(failure, answer_of("x").log, machine, {}, {.unsafe = true});
    return repairs.empty() ? std::string("-") : text_of(repairs.front());
  };
  const auto brew = [&](std::string_view name) {
    return tried({"brew", "install", ShellWord::of(name)}, "brew");
  };
  CHECK(brew("openssl@3") == "brew install openssl@3");
  CHECK(brew("./evil.rb") == "-");
  CHECK(brew("https://evil.example/x.rb") == "-");
  CHECK(tried({"apt-get", "install", ShellWord::of("/tmp/evil.deb")}, "apt-get") == "-");
  CHECK(tried({"apt-get", "install", ShellWord::of("gcc-")}, "apt-get") == "-");
  CHECK(tried({"apt-get", "install", ShellWord::of("zlib1g-dev=1")}, "apt-get") == "-");
  CHECK(tried({"env", ShellWord::filled("CC={cc}", {{"cc", "/tmp/evil/cc"}}), "go", "build"},
              "apt-get") == "-");
  CHECK(tried({"env", ShellWord::filled("CC={cc}", {{"cc", "clang"}}), "go", "build"}, "apt-get") ==
        "export CC=clang");
  CHECK(tried({"go", "build", "-tags", ShellWord::of("x' -toolexec=evil '")}, "apt-get") == "-");
}

TEST_CASE("repairs: go get takes only a module that the failure names and the project uses") {
  const auto tried = [](std::string_view module, bool used, std::string_view line) {
    Candidate candidate;
    candidate.cause = entry(Code::cc_not_installed).cause;
    candidate.commands = {
        {"go", "get", ShellWord::filled("{module}@latest", {{"module", std::string(module)}})}};
    Failure failure;
    failure.text = line;
    failure.causes = {candidate};
    RepairMachine machine = machine_with();
    machine.uses_module = [=](const std::string&) { return used; };
    const auto repairs = repairs_of(failure, answer_of("x").log, machine, {}, {.unsafe = true});
    return repairs.empty() ? std::string("-") : text_of(repairs.front());
  };
  constexpr std::string_view line = "found golang.org/x/sys/unix in multiple modules";
  CHECK(tried("golang.org/x/sys", true, line) == "go get golang.org/x/sys@latest");
  CHECK(tried("golang.org/x/sys", false, line) == "-");
  CHECK(tried("golang.org/x/sy", true, line) == "-");
  CHECK(tried("evil.example/m", true, line) == "-");
  CHECK(tried("evil.example/m", true, "see https://evil.example/mine") == "-");
}

// The rules of golang.org/x/mod/module.CheckPath.
TEST_CASE("module names: by the grammar of module paths") {
  for (const char* good : {"golang.org/x/sys", "example.com", "github.com/A-b/c_d~e", "a.b/v2"})
    CHECK(is_module_path(good));
  for (const char* bad :
       {"", "-x.com/a", "x", "x/y.z", "Example.com/a", "a.b//c", "a.b/../c", "a.b/", "/a.b",
        "a.b/.c", "a.b/c.", "a.b/c d", "a.b/$c", "https://a.b", "./a.b"})
    CHECK_FALSE(is_module_path(bad));
  for (const char* good :
       {"a.b/c@latest", "a.b/c@v1.2.3", "a.b/c@v0.0.0-20200101000000-abcdef123456"})
    CHECK(is_module_query(good));
  for (const char* bad :
       {"a.b/c@", "a.b/c@main", "a.b/c@none", "a.b/c@v", "a.b/c@v1@v2", "a.b/c@v1;x"})
    CHECK_FALSE(is_module_query(bad));
}

TEST_CASE("repairs: what is in vendor is not replaced") {
  RepairLoop loop({.unsafe = true}, 9);
  RepairMachine machine = machine_with();
  machine.vendored = true;
  loop.failed(answer_of(
      "go: inconsistent vendoring in /p:\n\texample.com/q@v1.0.0: is explicitly required in "
      "go.mod, but not marked as explicit in vendor/modules.txt\n"));
  while (const auto repair = loop.next(machine)) {
    CHECK_FALSE(text_of(repair).contains("mod vendor"));
    loop.refused();
  }
  REQUIRE_FALSE(loop.rounds().empty());
}

TEST_CASE("repairs: a package that is there is not installed again") {
  RepairMachine machine = machine_with();
  machine.installed = [](const std::string& name) { return name == "zlib1g-dev"; };
  RepairLoop loop({.unsafe = true}, 5);
  loop.failed(answer_of(no_zlib));
  CHECK_FALSE(text_of(loop.next(machine)).contains("zlib1g-dev"));
}

TEST_CASE("package search: only plain names are asked") {
  const auto asked = [](std::string name) {
    Failure failure;
    failure.kind = FailureClass::header_missing;
    failure.names = {{"header", std::move(name)}};
    return missing_file(failure).has_value();
  };
  CHECK(asked("curl/curl.h"));
  CHECK(asked("c++/v1.h"));
  for (const char* bad : {"", "/etc/passwd", "../x.h", "-x.h", "a b.h", "x;y.h", "x*.h", "x/"})
    CHECK_FALSE(asked(bad));
}

TEST_CASE("repairs: a program that no table knows is asked of the machine") {
  RepairMachine machine = machine_with();
  machine.packages_of = [](const SoughtFile& file) {
    if (file != SoughtFile{SoughtFile::Kind::program, "protoc"}) return PackageLookup{};
    return packages_in("apt's index", {{file, "protobuf-compiler", "usr/bin/protoc"}});
  };
  const auto first = [&](RepairMachine& asked, std::string_view log) {
    RepairLoop loop({.unsafe = true}, 5);
    loop.failed(answer_of(log));
    return text_of(loop.next(asked));
  };
  constexpr std::string_view no_protoc =
      "main.go:3: running \"protoc\": exec: \"protoc\": executable file not found in $PATH\n";
  constexpr std::string_view no_header =
      "# example.com/p\n./m.go:3:11: fatal error: nobodyknows.h: No such file or directory\n"
      "compilation terminated.\n";
  constexpr std::string_view apt_file =
      "apt-get -q update; env DEBIAN_FRONTEND=noninteractive apt-get install -y apt-file; "
      "apt-file update";
  CHECK(first(machine, no_protoc) ==
        "apt-get -q update; env DEBIAN_FRONTEND=noninteractive apt-get install -y "
        "protobuf-compiler");
  // Without an index apt-file comes first.
  machine.packages_of = [](const SoughtFile&) { return PackageLookup{}; };
  CHECK(first(machine, no_protoc) == apt_file);
  CHECK(first(machine, no_header) == apt_file);
}

constexpr std::string_view arm_log =
    "# runtime/cgo\ngcc_arm64.S: Assembler messages:\n"
    "gcc_arm64.S:30: Error: no such instruction: `stp x29,x30,[sp,\'\n";

// Names of Debian 12.
TEST_CASE("repairs: another target gets its own compiler, installed where it may be") {
  const auto first = [](RepairMachine machine, bool unsafe, std::string_view log = arm_log) {
    RepairLoop loop({.unsafe = unsafe}, 5);
    loop.failed(answer_of(log));
    return text_of(loop.next(machine));
  };
  const RepairMachine arm = machine_with({{"GOARCH", "arm64", Place::environment}});
  CHECK(first(arm, true) ==
        "apt-get -q update; env DEBIAN_FRONTEND=noninteractive apt-get install -y "
        "gcc-aarch64-linux-gnu libc6-dev-arm64-cross; export CC=aarch64-linux-gnu-gcc; "
        "export CXX=aarch64-linux-gnu-g++; export CGO_ENABLED=1");
  RepairMachine has = arm;
  has.has_program = [](std::string_view name) { return name == "aarch64-linux-gnu-gcc"; };
  CHECK(first(has, false).starts_with("export CC=aarch64-linux-gnu-gcc"));
  CHECK(first(machine_with({{"GOOS", "windows", Place::environment}}), true)
            .contains("install -y gcc-mingw-w64-x86-64; export CC=x86_64-w64-mingw32-gcc"));
  CHECK(first(machine_with({{"GOARCH", "386", Place::file}}), true)
            .contains("gcc-i686-linux-gnu libc6-dev-i386-cross"));
  // Not for its own target, nor for what no C tool said.
  CHECK_FALSE(first(machine_with(), true).contains("linux-gnu"));
  CHECK_FALSE(first(arm, true, "m.go:7:2: undefined: thing\n").contains("CC="));
  CHECK_FALSE(first(arm, true, "-race is not supported on linux/arm64\n").contains("CC="));
}

TEST_CASE("repairs: a file that lies elsewhere is named, and nothing is installed for it") {
  RepairMachine machine = machine_with();
  machine.folder_of = [](const SoughtFile& file) {
    using enum SoughtFile::Kind;
    if (file == SoughtFile{header, "zlib.h"}) return "/opt/z/include";
    if (file == SoughtFile{library, "odd"}) return "/opt/z/lib";
    if (file == SoughtFile{pc, "odd"}) return "/opt/z/lib/pkgconfig";
    return file == SoughtFile{loaded, "libodd.so.1"} ? "/opt/z/lib" : "";
  };
  const auto first = [&](std::string_view log) {
    RepairLoop loop({.unsafe = true}, 5);
    loop.failed(answer_of(log));
    return text_of(loop.next(machine));
  };
  CHECK(first(no_zlib) == "export CGO_CPPFLAGS=-I/opt/z/include");
  CHECK(first("/usr/bin/ld: cannot find -lodd: No such file or directory\n"
              "collect2: error: ld returned 1 exit status\n") == "export CGO_LDFLAGS=-L/opt/z/lib");
  CHECK(first("# pkg-config --cflags -- odd\nPackage odd was not found in the pkg-config search "
              "path.\n") == "export PKG_CONFIG_PATH=/opt/z/lib/pkgconfig");
  CHECK(first("/tmp/p.test: error while loading shared libraries: libodd.so.1: cannot open shared "
              "object file: No such file or directory\n") == "export LD_LIBRARY_PATH=/opt/z/lib");
}

TEST_CASE("lookup settings: where tools look, and not what is built") {
  const auto left = [](FailureClass kind, std::string name, std::string value) -> std::string {
    Failure failure;
    failure.kind = kind;
    const std::vector<MachineSetting> settings{{std::move(name), std::move(value)}};
    const auto found = lookup_settings(failure, settings);
    return found.empty() ? "-" : found.front().left.value_or("all");
  };
  using enum FailureClass;
  CHECK(left(c_error, "COMPILER_PATH", "/opt/x") == "all");
  CHECK(left(pkg_config, "PKG_CONFIG_LIBDIR", "/opt/x") == "all");
  CHECK(left(link_failed, "CGO_LDFLAGS", "-O1 -fuse-ld=mold") == "-O1");
  CHECK(left(link_failed, "CGO_LDFLAGS", "-lz") == "-");
  CHECK(left(c_error, "CGO_CFLAGS", "-DX -O1") == "-");
  CHECK(left(c_error, "GOOS", "windows") == "-");
  CHECK(left(test_failed, "LD_PRELOAD", "/x.so") == "-");
  CHECK(left(go_error, "CPATH", "/x") == "-");
}

TEST_CASE("repairs: a static link names the mathematics of the C library") {
  RepairLoop loop({}, 5);
  loop.failed(
      answer_of("# example.com/p\n/usr/bin/ld: /usr/lib/libsqlite3.a(func.o): in function "
                "`logFunc':\n(.text+0x1e69): undefined reference to `log'\n"
                "collect2: error: ld returned 1 exit status\n"));
  CHECK(text_of(loop.next(machine_with())) == "export CGO_LDFLAGS=-lm");
}

TEST_CASE("repairs: a workspace with a folder that is gone is left out") {
  RepairLoop loop({}, 5);
  loop.failed(answer_of(
      "go: cannot load module ../gone listed in go.work file: open ../gone/go.mod: no such "
      "file or directory\n"));
  CHECK(text_of(loop.next(machine_with())) == "export GOWORK=off");
}

TEST_CASE("repairs: the edits of a rule are written where files of the project may be") {
  constexpr std::string_view log =
      "# example.com/m\n./main.go:8:27: could not determine what C.Cstring refers to\n";
  const RepairMachine machine = machine_with();
  RepairLoop safe({}, 9), unsafe({.unsafe = true}, 9);
  safe.failed(answer_of(log));
  CHECK(text_of(safe.next(machine)) == "-");
  unsafe.failed(answer_of(log));
  const auto repair = unsafe.next(machine);
  CHECK(text_of(repair) == "tenon rewrite --rules cgo,name . --apply");
  REQUIRE(repair);
  CHECK(repair->changes == Changes::files);
}
