#include "crossbuild/driver/driver.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

using namespace tenon;

namespace {

using Words = std::vector<std::string>;

CcConfig config_for(std::string_view target, Engine engine = Engine::zig) {
  CcConfig config;
  const ParsedTarget parsed = parse_target(target);
  REQUIRE(parsed.has_value());
  config.target = *parsed;
  config.toolchain.engine = engine;
  config.toolchain.zig = "/opt/zig/zig";
  config.toolchain.zig_version = {0, 15, 2};
  config.toolchain.clang = "/usr/bin/clang-19";
  config.toolchain.clang_version = {19, 1, 7};
  config.toolchain.lld = "/usr/bin/ld64.lld-19";
  return config;
}

bool has(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// The word behind `word`, empty when there is none.
std::string after(const Words& words, std::string_view word) {
  const auto found = std::ranges::find(words, word);
  return found == words.end() || found + 1 == words.end() ? std::string() : *(found + 1);
}

DriverCommand command_for(const CcConfig& config, const Words& args,
                          const std::string& stdin_file = {}) {
  return compile_command(config, parse_driver_args(args, config.target.darwin()), stdin_file);
}

Words compile(const CcConfig& config, const Words& args) { return command_for(config, args).argv; }

DriverCall call_of(const Words& args) { return classify(args, parse_driver_args(args, true)); }

// What cmd/go takes for the compiler's version (work/buildid.go, gccToolID): the line whose field
// "version" is followed by a number, no field before it ending in ':'.
bool go_finds_version(const std::string& line) {
  const auto fields = split_words(line);
  for (std::size_t i = 0; i + 1 < fields.size(); ++i) {
    if (fields[i].ends_with(':')) return false;
    if (fields[i] == "version") return fields[i + 1][0] >= '0' && fields[i + 1][0] <= '9';
  }
  return false;
}

}  // namespace

TEST_CASE("driver: the calls of cmd/go and cmd/link") {
  CHECK(call_of({"-###", "-x", "c", "-c", "-"}).job == DriverJob::identify);
  CHECK(call_of({"--version"}).job == DriverJob::version);
  CHECK(call_of({"-v"}).job == DriverJob::version);
  for (const Words& args : {Words{"--print-prog-name", "strip"}, Words{"--print-prog-name=strip"},
                            Words{"-print-prog-name=strip"}}) {
    const DriverCall call = call_of(args);
    CHECK(call.job == DriverJob::print_program);
    CHECK(call.program == "strip");
  }
  const DriverCall probe = call_of({"-Wl,-x", "-o", "/tmp/out", "-x", "c", "-"});
  CHECK(probe.job == DriverJob::link);
  CHECK(probe.sources == Words{"-"});
  const DriverCall compiled = call_of({"-I.", "-O2", "-g", "-o", "x.o", "-c", "x.cgo2.c"});
  CHECK(compiled.job == DriverJob::compile);
  CHECK(compiled.output == "x.o");
  CHECK(compiled.inputs == Words{"x.cgo2.c"});
  CHECK(call_of({"-E", "-dM", "-x", "c", "-"}).job == DriverJob::compile);
  const DriverCall link =
      call_of({"-arch", "arm64", "-o", "a.out", "go.o", "000000.o", "-lresolv"});
  CHECK(link.job == DriverJob::link);
  CHECK(link.inputs == Words{"go.o", "000000.o"});
  CHECK(link.sources.empty());
}

TEST_CASE("driver: languages and joined forms") {
  CHECK(call_of({"-xc++", "-c", "a"}).language == "c++");
  CHECK(call_of({"-xc", "a.txt", "-c"}).sources == Words{"a.txt"});
  CHECK(call_of({"-x", "none", "a.o"}).sources.empty());
  CHECK(call_of({"-oout", "a.c"}).output == "out");
  CHECK(call_of({"-v", "a.c"}).job == DriverJob::link);
  CHECK(call_of({"-###", "a.c"}).dry_run);
  CHECK(call_of({"-###", "a.c"}).job == DriverJob::link);
  CHECK(is_source("a.S"));
  CHECK(is_source("x/y.mm"));
  CHECK_FALSE(is_source("a.o"));
  CHECK_FALSE(is_source("a.a"));
  CHECK_FALSE(is_source("c"));
}

TEST_CASE("driver: cmd/go finds a version in the identity, and all that decides a compile") {
  const CcConfig base = config_for("darwin/arm64:12.0");
  const std::string line = identity(base, "0.1.0");
  CHECK(go_finds_version(line));
  CHECK_FALSE(line.contains('\n'));
  CcConfig other = base;
  other.target.min = {13, 0, 0};
  CHECK(identity(other, "0.1.0") != line);
  other = base;
  other.toolchain.zig_version = {0, 17, 1};
  CHECK(identity(other, "0.1.0") != line);
  other = base;
  other.sdk = "/sdk";
  CHECK(identity(other, "0.1.0") != line);
  CHECK(identity(base, "0.1.1") != line);
  CHECK(identity(config_for("linux/arm64:gnu2.17"), "0.1.0") !=
        identity(config_for("linux/arm64:gnu2.28"), "0.1.0"));
  CHECK(go_finds_version(identity(config_for("linux/arm64", Engine::clang), "0.1.0")));
}

TEST_CASE("driver: the version goes into zig's target and nowhere else") {
  const Words argv = compile(config_for("darwin/arm64:12.0"), {"-c", "a.c", "-o", "a.o"});
  CHECK(argv[0] == "/opt/zig/zig");
  CHECK(argv[1] == "cc");
  CHECK(after(argv, "-target") == "aarch64-macos.12.0");
  CHECK(has(argv, "a.c"));
  CHECK(after(argv, "-o") == "a.o");
  CHECK(after(compile(config_for("linux/arm64:gnu2.17"), {"-c", "a.c"}), "-target") ==
        "aarch64-linux-gnu.2.17");
  // A package may raise the version, never lower it, and its target is not ours.
  const CcConfig mac = config_for("darwin/arm64:12.0");
  CHECK(after(compile(mac, {"-mmacosx-version-min=13.1", "-c", "a.c"}), "-target") ==
        "aarch64-macos.13.1");
  const Words lower = compile(mac, {"-mmacosx-version-min=10.13", "-c", "a.c"});
  CHECK(after(lower, "-target") == "aarch64-macos.12.0");
  CHECK_FALSE(has(lower, "-mmacosx-version-min=10.13"));
  const Words other = compile(mac, {"-target", "x86_64-apple-macos10.13", "-c", "a.c"});
  CHECK(std::ranges::count(other, "-target") == 1);
}

TEST_CASE("driver: defaults of zig that no other compiler has are undone") {
  const CcConfig mac = config_for("darwin/arm64:12.0");
  CHECK(has(compile(mac, {"-c", "a.c"}), "-fno-sanitize=undefined"));
  CHECK_FALSE(has(compile(mac, {"-fsanitize=undefined", "-c", "a.c"}), "-fno-sanitize=undefined"));
  CHECK(has(compile(mac, {"-c", "a.c"}), "-UNDEBUG"));
  CHECK_FALSE(has(compile(mac, {"-DNDEBUG", "-c", "a.c"}), "-UNDEBUG"));
  CHECK_FALSE(has(compile(mac, {"-D", "NDEBUG", "-c", "a.c"}), "-UNDEBUG"));
  // musl hides pread64 and its kin.
  CHECK(has(compile(config_for("linux/arm64"), {"-c", "a.c"}), "-D_LARGEFILE64_SOURCE=1"));
  CHECK_FALSE(
      has(compile(config_for("linux/arm64:gnu2.17"), {"-c", "a.c"}), "-D_LARGEFILE64_SOURCE=1"));
  CHECK_FALSE(
      has(compile(config_for("darwin/arm64:12.0", Engine::clang), {"-c", "a.c"}), "-UNDEBUG"));
}

TEST_CASE("driver: standard input is replaced by the file that holds it") {
  const CcConfig mac = config_for("darwin/arm64:12.0");
  const Words argv = command_for(mac, {"-x", "c", "-c", "-"}, "/tmp/in.c").argv;
  CHECK(argv.back() == "/tmp/in.c");
  CHECK_FALSE(has(argv, "-"));
  CHECK(has(command_for(mac, {"-x", "c", "-c", "-"}).argv, "-"));
}

TEST_CASE("driver: search folders of this machine are left out") {
  const CcConfig mac = config_for("darwin/arm64:12.0");
  const DriverCommand command =
      command_for(mac, {"-I/usr/include", "-I", "/usr/local/include", "-isystem",
                        "/opt/homebrew/include", "-I/usr/include/", "-I/usr/include/SDL2",
                        "-Iinclude", "-I/usr/includes", "-I/home/u/lib", "-c", "a.c"});
  CHECK(command.host_folders == Words{"-I/usr/include", "-I /usr/local/include",
                                      "-isystem /opt/homebrew/include", "-I/usr/include/",
                                      "-I/usr/include/SDL2"});
  CHECK(has(command.argv, "-Iinclude"));
  CHECK(has(command.argv, "-I/usr/includes"));
  CHECK(has(command.argv, "-I/home/u/lib"));
  auto args =
      parse_driver_args({"-L/usr/lib", "-L/usr/lib/x86_64-linux-gnu", "-L", "/usr/local/lib",
                         "-L/opt/homebrew/opt/openssl/lib", "-Lout", "-L/lib", "a.o"},
                        true);
  CHECK(remove_host_folders(mac, args).size() == 5);
  CHECK(args.size() == 2);
  // On a Mac, with its own tools, they are right.
  auto own = parse_driver_args({"-I/opt/homebrew/include"}, true);
  CHECK(remove_host_folders(config_for("darwin/arm64:12.0", Engine::apple), own).empty());
  CHECK(own.size() == 1);
}

TEST_CASE("driver: where go trims paths, the folders of -I are trimmed too") {
  const CcConfig config = config_for("darwin/arm64");
  const auto maps = [&](Words args) {
    args.insert(args.end(), {"-c", "a.c"});
    Words out;
    for (const std::string& word : compile(config, args)) {
      if (word.starts_with("-ffile-prefix-map=/home")) out.push_back(word.substr(18));
    }
    return out;
  };
  const std::string go = "-ffile-prefix-map=/home/u/mod=/_/example.com/mod";
  CHECK(maps({"-I", "/home/u/mod", "-I/home/u/mod/include", go}) ==
        Words{"/home/u/mod=/_/example.com/mod"});
  CHECK(maps({"-I/home/u/lib/", "-isystem", "/home/u/other", go}) ==
        Words{"/home/u/lib=/include", "/home/u/other=/include", "/home/u/mod=/_/example.com/mod"});
  // A map of the user holds; relative folders say nothing of the machine.
  const Words own{"-I/home/u/lib", "-I../lib", "-ffile-prefix-map=/home/u/lib=/x", go};
  CHECK(maps(own) == Words{"/home/u/lib=/x", "/home/u/mod=/_/example.com/mod"});
  // Without -trimpath paths are wanted.
  CHECK(maps({"-I/home/u/lib"}).empty());
}

TEST_CASE("driver: clang for darwin") {
  CcConfig config = config_for("darwin/arm64:12.0", Engine::clang);
  Words argv = compile(config, {"-c", "a.c"});
  CHECK(argv[0] == "/usr/bin/clang-19");
  CHECK(after(argv, "-target") == "arm64-apple-macos12.0");
  CHECK(has(argv, "/opt/zig/lib/libc/include/any-macos-any"));
  CHECK(has(argv, "-nostdlibinc"));
  config.sdk = "/sdk";
  argv = compile(config, {"-c", "a.c"});
  CHECK(after(argv, "-isysroot") == "/sdk");
  CHECK_FALSE(has(argv, "-nostdlibinc"));
  config.toolchain.engine = Engine::apple;
  argv = compile(config, {"-c", "a.c"});
  CHECK(after(argv, "-arch") == "arm64");
  CHECK(has(argv, "-mmacosx-version-min=12.0"));
}

TEST_CASE("driver: tenon's headers for macOS come last and stay out of the output") {
  for (const Engine engine : {Engine::zig, Engine::clang}) {
    CcConfig config = config_for("darwin/arm64:12.0", engine);
    config.macos_headers = "/share/macos-headers";
    Words argv = compile(config, {"-idirafter", "own", "-c", "a.c"});
    CHECK(argv.back() == "/share/macos-headers/include");
    CHECK(argv[argv.size() - 2] == "-idirafter");
    CHECK(has(argv, "-ffile-prefix-map=/share/macos-headers=/macos-headers"));
    CHECK_FALSE(has(compile(config, {"-nostdinc", "-c", "a.c"}), "/share/macos-headers/include"));
    config.sdk = "/sdk";
    CHECK_FALSE(has(compile(config, {"-c", "a.c"}), "/share/macos-headers/include"));
    config.sdk.clear();
    config.no_macos_headers = true;
    CHECK_FALSE(has(compile(config, {"-c", "a.c"}), "/share/macos-headers/include"));
  }
  CcConfig linux = config_for("linux/arm64", Engine::zig);
  linux.macos_headers = "/share/macos-headers";
  CHECK_FALSE(has(compile(linux, {"-c", "a.c"}), "/share/macos-headers/include"));
}

TEST_CASE("driver: cmd/go sees other headers as another compiler") {
  CcConfig config = config_for("darwin/arm64:12.0", Engine::zig);
  const std::string without = identity(config, "1");
  config.macos_headers = "/share/macos-headers";
  const std::string with = identity(config, "1");
  CHECK(with != without);
  config.macos_headers_version = "objc2 0.3.2";
  CHECK(identity(config, "1") != with);
}

TEST_CASE("driver: the C++ driver stands beside the C one") {
  CcConfig config = config_for("darwin/arm64:12.0", Engine::clang);
  config.cxx = true;
  CHECK(compiler_command(config)[0] == "/usr/bin/clang++-19");
  config.toolchain.clang = "/usr/bin/clang";
  CHECK(compiler_command(config)[0] == "/usr/bin/clang++");
  // The folder may bear the name too.
  config.toolchain.clang = "/opt/clang-19/bin/clang";
  CHECK(compiler_command(config)[0] == "/opt/clang-19/bin/clang++");
  config.toolchain.clang = "/opt/clang-18/bin/clang-19";
  CHECK(compiler_command(config)[0] == "/opt/clang-18/bin/clang++-19");
  config.toolchain.clang = "clang-19";
  CHECK(compiler_command(config)[0] == "clang++-19");
  config.toolchain.engine = Engine::zig;
  CHECK(compiler_command(config)[1] == "c++");
}

TEST_CASE("driver: a sysroot is for linux") {
  CcConfig config = config_for("linux/arm64:gnu2.17");
  config.sysroot = "/root";
  const Words argv = compile(config, {"-c", "a.c"});
  CHECK(has(argv, "/root/usr/include/aarch64-linux-gnu"));
  const auto link = link_command(config, {}, {"", "", {"/root/lib"}}, false);
  CHECK(has(link, "-L/root/lib"));
  // Its libraries may need a newer glibc than the program is linked for.
  CHECK(has(link, "-Wl,--allow-shlib-undefined"));
  CHECK_FALSE(has(link_command(config_for("linux/arm64:gnu2.17"), {}, {}, false),
                  "-Wl,--allow-shlib-undefined"));
  config.toolchain.engine = Engine::clang;
  CHECK(has(compile(config, {"-c", "a.c"}), "--sysroot=/root"));
  config = config_for("darwin/arm64:12.0");
  config.sysroot = "/root";
  CHECK_FALSE(has(compile(config, {"-c", "a.c"}), "/root/usr/include"));
}

TEST_CASE("driver: headers of Windows are found by any spelling where something is compiled") {
  CcConfig config = config_for("windows/amd64");
  config.windows_headers = "/cache/windows.yaml";
  CHECK(after(compile(config, {"-c", "a.c"}), "-ivfsoverlay") == "/cache/windows.yaml");
  CHECK_FALSE(has(compile(config, {"-c", "-nostdinc", "a.c"}), "-ivfsoverlay"));
  const auto link = [&](const Words& args) {
    return link_command(
        config,
        filter_flags(parse_driver_args(args, false), link_tool(config), tool_version(config)), {},
        false);
  };
  CHECK(has(link({"a.c", "-o", "a.exe"}), "-ivfsoverlay"));
  CHECK_FALSE(has(link({"a.o", "-o", "a.exe"}), "-ivfsoverlay"));
}

// zig's linker deletes //export functions when Go hands it -O2, unless it is told not to.
TEST_CASE("driver: links keep unreferenced code with zig, and go to ld64.lld with clang") {
  CcConfig config = config_for("darwin/arm64:12.0");
  const auto flags = filter_flags(parse_driver_args({"-O2", "a.o", "-o", "out"}, true),
                                  link_tool(config), tool_version(config));
  Words argv = link_command(config, flags, {"/s/lib", "/s/fw", {}}, false);
  CHECK(has(argv, "-Wl,--no-gc-sections"));
  CHECK(has(argv, "-L/s/lib"));
  CHECK(has(argv, "-F/s/fw"));
  CHECK(has(argv, "a.o"));
  CHECK_FALSE(has(argv, "-undefined"));
  CHECK(after(link_command(config, flags, {}, true), "-undefined") == "dynamic_lookup");
  config.toolchain.engine = Engine::clang;
  argv = link_command(config, flags, {}, false);
  CHECK(has(argv, "--ld-path=/usr/bin/ld64.lld-19"));
  CHECK_FALSE(has(argv, "-Wl,--no-gc-sections"));
  const auto raised =
      filter_flags(parse_driver_args({"-Wl,-platform_version,macos,13.0,14.0"}, true),
                   link_tool(config), tool_version(config));
  CHECK(after(link_command(config, raised, {}, false), "-target") == "arm64-apple-macos13.0");
}

TEST_CASE("driver: which rows of the flag table govern") {
  CHECK(compile_tool(config_for("darwin/arm64")) == FlagTool::zig_cc_macho);
  CHECK(compile_tool(config_for("linux/arm64")) == FlagTool::zig_cc_elf);
  CHECK(compile_tool(config_for("darwin/arm64", Engine::clang)) == FlagTool::clang_cc);
  CHECK(compile_tool(config_for("darwin/arm64", Engine::apple)) == FlagTool::apple);
  CHECK(link_tool(config_for("darwin/arm64")) == FlagTool::zig_ld_macho);
  CHECK(link_tool(config_for("linux/arm64")) == FlagTool::zig_ld_elf);
  CHECK(link_tool(config_for("darwin/arm64", Engine::clang)) == FlagTool::lld_macho);
  CHECK(link_tool(config_for("darwin/arm64", Engine::apple)) == FlagTool::apple);
  CHECK(tool_version(config_for("darwin/arm64")) == Version{0, 15, 2});
  CHECK(tool_version(config_for("darwin/arm64", Engine::clang)) == Version{19, 1, 7});
}

// Go hands "-s -O2 -g" to the link; zig then keeps the symbols.
TEST_CASE("driver: -s of Go strips Linux programs, whatever follows it") {
  const auto link = [](std::string_view target, const Words& args) {
    const CcConfig config = config_for(target);
    return link_command(config,
                        filter_flags(parse_driver_args(args, config.target.darwin()),
                                     link_tool(config), tool_version(config)),
                        {}, false);
  };
  CHECK(link("linux/arm64", {"-s", "-O2", "-g", "a.o"}).back() == "-Wl,-s");
  CHECK_FALSE(has(link("linux/arm64", {"-O2", "-g", "a.o"}), "-Wl,-s"));
}

TEST_CASE("driver: there is room for a signature in what zig links for macOS") {
  const CcConfig config = config_for("darwin/amd64:12.0");
  const auto link = [&](const Words& args) {
    return link_command(
        config,
        filter_flags(parse_driver_args(args, true), link_tool(config), tool_version(config)), {},
        false);
  };
  CHECK(has(link({"-dynamiclib", "a.o"}), "-Wl,-headerpad,0x400"));
  CHECK_FALSE(has(link({"-Wl,-headerpad,1144", "a.o"}), "-Wl,-headerpad,0x400"));
}

// cmd/link of Go 1.26 for freebsd/arm64 runs this and stops when what answers is not GNU ld.
TEST_CASE("driver: a linker that no engine has is not answered for") {
  const auto foreign = [](const Words& args) {
    const auto parsed = parse_driver_args(args, false);
    return foreign_linker(classify(args, parsed), parsed);
  };
  CHECK(foreign({"-fuse-ld=bfd", "-Wl,--version"}) == "bfd");
  CHECK(foreign({"-fuse-ld=gold", "-Wl,--version"}) == "gold");
  CHECK(foreign({"-fuse-ld=lld", "-Wl,--version"}).empty());
  CHECK(foreign({"-Wl,--version"}).empty());
  CHECK(foreign({"-fuse-ld=bfd", "-o", "a", "a.o"}).empty());
  CHECK(foreign({"-fuse-ld=bfd", "-c", "a.c"}).empty());
}
