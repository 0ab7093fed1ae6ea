#include "crossbuild/driver/linker_args.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tenon;

namespace {

using Words = std::vector<std::string>;
using Kind = DriverArg::Kind;

std::vector<DriverArg> macho(const Words& args) { return parse_driver_args(args, true); }

std::vector<DriverArg> elf(const Words& args) { return parse_driver_args(args, false); }

DriverArg only(const std::vector<DriverArg>& args) {
  REQUIRE(args.size() == 1);
  return args.front();
}

Words back(const std::vector<DriverArg>& args) {
  Words out;
  for (const DriverArg& arg : args) append_args(arg, out);
  return out;
}

}  // namespace

TEST_CASE("linker args: -Wl, and -Xlinker are one thing") {
  for (const Words& args : {Words{"-Wl,-headerpad,1144"}, Words{"-Wl,-headerpad", "-Wl,1144"},
                            Words{"-Xlinker", "-headerpad", "-Xlinker", "1144"},
                            Words{"-Xlinker", "-headerpad", "-Wl,1144"}}) {
    const DriverArg arg = only(macho(args));
    CHECK(arg.kind == Kind::linker);
    CHECK(arg.name == "-headerpad");
    CHECK(arg.values == Words{"1144"});
    CHECK(spelled(arg) == "-Wl,-headerpad,1144");
  }
}

TEST_CASE("linker args: options take as many values as their linker says") {
  const auto args =
      macho({"-Wl,-sectcreate,__TEXT,__info,a.plist,-x,-platform_version,macos,12.0,"
             "13.1,-alias,_a,_b,-S"});
  REQUIRE(args.size() == 5);
  CHECK(args[0].values == Words{"__TEXT", "__info", "a.plist"});
  CHECK(args[1].name == "-x");
  CHECK(args[1].values.empty());
  CHECK(args[2].values == Words{"macos", "12.0", "13.1"});
  CHECK(args[3].values == Words{"_a", "_b"});
  CHECK(args[4].name == "-S");
  // -z is ELF's; -U is Apple's.
  CHECK(only(elf({"-Wl,-z,relro"})).values == Words{"relro"});
  CHECK(elf({"-Wl,-U,_a"}).size() == 2);
  CHECK(only(macho({"-Wl,-U,_a"})).values == Words{"_a"});
  CHECK(only(elf({"-Wl,--version-script,a.map"})).values == Words{"a.map"});
  CHECK(only(elf({"-Wl,--version-script=a.map"})).values.empty());
}

TEST_CASE("linker args: what runs out of values is still there") {
  const auto args = macho({"-Wl,-headerpad", "a.o"});
  REQUIRE(args.size() == 2);
  CHECK(args[0].name == "-headerpad");
  CHECK(args[0].values.empty());
  CHECK(args[1].kind == Kind::input);
  CHECK(only(macho({"-Wl,-headerpad"})).name == "-headerpad");
  CHECK(only(macho({"-o"})).name == "-o");
  CHECK(only(macho({"-Xlinker"})).name == "-Xlinker");
}

TEST_CASE("linker args: libraries and frameworks in each of their spellings") {
  for (const Words& args : {Words{"-lz"}, Words{"-l", "z"}, Words{"-Wl,-lz"}}) {
    const DriverArg arg = only(macho(args));
    CHECK(arg.kind == Kind::library);
    CHECK(arg.values == Words{"z"});
    CHECK(spelled(arg) == "-lz");
  }
  for (const Words& args : {Words{"-weak_framework", "Metal"}, Words{"-Wl,-weak_framework,Metal"},
                            Words{"-Xlinker", "-weak_framework", "-Xlinker", "Metal"}}) {
    const DriverArg arg = only(macho(args));
    CHECK(arg.kind == Kind::framework);
    CHECK(arg.name == "-weak_framework");
    CHECK(arg.values == Words{"Metal"});
    CHECK(back({arg}) == Words{"-weak_framework", "Metal"});
  }
  // Options of Apple's linker that begin like a library.
  CHECK(only(macho({"-Wl,-ld_classic"})).kind == Kind::linker);
  CHECK(only(macho({"-Wl,-lto_library,x"})).kind == Kind::linker);
}

TEST_CASE("linker args: driver flags keep their values, inputs are what is left") {
  const auto args = macho({"-o", "out", "-x", "c", "-I", "inc", "-Iinc", "-O2", "a.c", "-", "-arch",
                           "arm64", "-target", "t", "b.o"});
  REQUIRE(args.size() == 10);
  CHECK(args[0].name == "-o");
  CHECK(args[0].values == Words{"out"});
  CHECK(args[1].values == Words{"c"});
  CHECK(args[2].values == Words{"inc"});
  CHECK(args[3].name == "-Iinc");
  CHECK(args[4].name == "-O2");
  CHECK(args[5].kind == Kind::input);
  CHECK(args[6].kind == Kind::input);
  CHECK(args[6].name == "-");
  CHECK(args[7].values == Words{"arm64"});
  CHECK(args[9].name == "b.o");
}

TEST_CASE("linker args: what is parsed is written back") {
  const Words line{
      "-O2", "-g",  "-Wl,-headerpad,1144",    "a.o", "-framework", "Foundation", "-lz", "-Wl,-S",
      "-o",  "out", "-Wl,-rpath,@loader_path"};
  CHECK(back(macho(line)) == line);
  // A comma inside a value cannot go through -Wl.
  const Words comma{"-Xlinker", "-install_name", "-Xlinker", "a,b"};
  CHECK(back(macho(comma)) == comma);
}

TEST_CASE("linker args: order among linker options and inputs stays") {
  const auto args = elf({"-Wl,-Bstatic", "-lz", "-Wl,-Bdynamic", "a.o", "-Wl,--start-group", "b.a",
                         "-Wl,--end-group"});
  Words names;
  for (const DriverArg& arg : args) names.push_back(arg.name);
  CHECK(names ==
        Words{"-Bstatic", "-l", "-Bdynamic", "a.o", "--start-group", "b.a", "--end-group"});
}

// The manual of gcc, @file: blanks separate, an option may be put in either kind of quotes, and a
// backslash before any character includes it; gcc 12 and clang 19 do so inside both quotes.
TEST_CASE("linker args: response files") {
  CHECK(split_response_file("a b\n\tc\r\n") == Words{"a", "b", "c"});
  CHECK(split_response_file("'a b' \"c d\" e\" \"f") == Words{"a b", "c d", "e f"});
  CHECK(split_response_file("a\\ b c\\\\d \\\"e\\'") == Words{"a b", "c\\d", "\"e'"});
  CHECK(split_response_file("\"a\\\"b\" 'c\\'d'") == Words{"a\"b", "c'd"});
  CHECK(split_response_file("'' \"\"") == Words{"", ""});
  CHECK(split_response_file("").empty());
  CHECK(split_response_file("\"open end") == Words{"open end"});
}
