#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "format/kind/kind.h"

using namespace tenon;

namespace {

// One word an input: "-l" in front of a library, "?" of what AS_NEEDED holds, "*" of a group.
std::vector<std::string> inputs_of(std::string_view text) {
  const auto script = kind::parse_linker_script(view_of(text));
  REQUIRE(script);
  std::vector<std::string> out;
  for (const kind::ScriptInput& input : script->inputs) {
    out.push_back(std::string(input.in_group ? "*" : "") + (input.as_needed ? "?" : "") +
                  (input.is_library ? "-l" : "") + input.name);
  }
  return out;
}

Errc error_of(std::string_view text) {
  const auto script = kind::parse_linker_script(view_of(text));
  REQUIRE(!script);
  return script.error().code;
}

using Inputs = std::vector<std::string>;

}  // namespace

TEST_CASE("linker_script: libc.so of glibc") {
  const std::string text =
      "/* GNU ld script\n"
      "   Use the shared library, but some functions are only in\n"
      "   the static library, so try that secondarily.  */\n"
      "OUTPUT_FORMAT(elf64-x86-64)\n"
      "GROUP ( /lib/x86_64-linux-gnu/libc.so.6 /usr/lib/x86_64-linux-gnu/libc_nonshared.a "
      " AS_NEEDED ( /lib64/ld-linux-x86-64.so.2 ) )\n";
  CHECK(inputs_of(text) == Inputs{"*/lib/x86_64-linux-gnu/libc.so.6",
                                  "*/usr/lib/x86_64-linux-gnu/libc_nonshared.a",
                                  "*?/lib64/ld-linux-x86-64.so.2"});
  const auto script = kind::parse_linker_script(view_of(text));
  CHECK(script->output_formats == std::vector<std::string>{"elf64-x86-64"});
}

TEST_CASE("linker_script: libraries, quotes, commas, nested AS_NEEDED") {
  CHECK(inputs_of("INPUT(-ltinfo)") == Inputs{"-ltinfo"});
  CHECK(inputs_of("INPUT(libncurses.so.6 -l:libx.a)") == Inputs{"libncurses.so.6", "-l:libx.a"});
  CHECK(inputs_of("INPUT(a,b , c)") == Inputs{"a", "b", "c"});
  CHECK(inputs_of("INPUT ( \"a b.so\" \"-lfile\" )") == Inputs{"a b.so", "-lfile"});
  CHECK(inputs_of("GROUP(a AS_NEEDED(b AS_NEEDED(c) d) e)") ==
        Inputs{"*a", "*?b", "*?c", "*?d", "*e"});
  CHECK(inputs_of("INPUT(a)INPUT(b);GROUP(c) /* open") == Inputs{"a", "b", "*c"});
  CHECK(inputs_of("INPUT(/*x*/=/lib/a.so $SYSROOT/b.so)") == Inputs{"=/lib/a.so", "$SYSROOT/b.so"});
  CHECK(inputs_of("INPUT()").empty());
}

TEST_CASE("linker_script: a quoted -l is a file name") {
  const auto script = kind::parse_linker_script(view_of("INPUT(\"-lfoo\" -lfoo)"));
  REQUIRE(script);
  CHECK(!script->inputs[0].is_library);
  CHECK(script->inputs[0].name == "-lfoo");
  CHECK(script->inputs[1].is_library);
  CHECK(script->inputs[1].name == "foo");
}

TEST_CASE("linker_script: what stands beside the inputs") {
  const auto script = kind::parse_linker_script(
      view_of("OUTPUT_FORMAT(\"elf32-x\", \"elf32-big\", \"elf32-little\")\n"
              "OUTPUT_ARCH(i386:x86-64) SEARCH_DIR(\"=/usr/lib\"); SEARCH_DIR(/opt)\n"
              "ENTRY(_start) TARGET(binary) EXTERN(a b)"));
  REQUIRE(script);
  CHECK(script->output_formats == std::vector<std::string>{"elf32-x", "elf32-big", "elf32-little"});
  CHECK(script->output_arch == "i386:x86-64");
  CHECK(script->search_dirs == std::vector<std::string>{"=/usr/lib", "/opt"});
  CHECK(script->inputs.empty());
}

TEST_CASE("linker_script: what is refused") {
  for (const char* text : {"INPUT(a", "INPUT a", "INPUT(a))", "INPUT((a))", "INPUT(\"a)",
                           "INPUT(-l)", "INPUT(AS_NEEDED a)", "GROUP(a AS_NEEDED(b)", "hello",
                           "OUTPUT_FORMAT()", "SEARCH_DIR((a))", "INPUT(a;b)", "INPUT(a{b)"}) {
    CAPTURE(text);
    CHECK(error_of(text) == Errc::malformed);
  }
  CHECK(error_of("SECTIONS { .text : { *(.text) } }") == Errc::unsupported);
  CHECK(error_of("INPUT(a) VERSION { V1 { }; }") == Errc::unsupported);
}

TEST_CASE("linker_script: an error names its place in the file") {
  const auto script = kind::parse_linker_script(view_of("INPUT(a)\nhello"));
  REQUIRE(!script);
  CHECK(script.error().offset == 9);
}

TEST_CASE("linker_script: more inputs than a script has are refused") {
  std::string text = "INPUT(";
  for (int i = 0; i < 100000; ++i) text += "a ";
  CHECK(error_of(text + ")") == Errc::malformed);
  CHECK(error_of("INPUT(" + std::string(100000, '(')) == Errc::malformed);
}
