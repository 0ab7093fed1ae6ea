#include "base/shell_word.h"

#include <doctest/doctest.h>

#include <array>
#include <concepts>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "base/template.h"

using namespace tenon;

namespace {

// The words that a POSIX shell makes of a command line, each behind a '|'.
std::string shell_words(const Shown& line) {
  std::FILE* pipe = ::popen(("printf '|%s' " + line.text()).c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  std::array<char, 256> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) out += buffer.data();
  ::pclose(pipe);
  return out;
}

const std::vector<std::string> names{"a b",   "$(touch x)", "`touch x`", "a;touch x",  "a|b",
                                     "a&b",   "x${IFS}y",   "it's",      "\"quoted\"", "a\\b",
                                     "*",     "~",          "#x",        "!x",         "a>b",
                                     "{a,b}", "=ls",        "%1",        "\xc3\xa4",   "a::b"};

const std::vector<std::string> unsafe{
    "a\nb", "a\x1b[31m",      "a\rb",       "a\tb",      std::string("a\0b", 3),
    "\xff", "x\xe2\x80\xaey", "::error::x", "x##[error]"};

ShellCommand command_of(std::initializer_list<std::string_view> patterns,
                        const Captures& captures) {
  return filled_command({patterns.begin(), patterns.size()}, captures);
}

}  // namespace

static_assert(!std::convertible_to<std::string, ShellWord>);
static_assert(!std::convertible_to<std::string_view, ShellWord>);
static_assert(!std::convertible_to<const char*, ShellWord>);
static_assert(!std::convertible_to<Shown, ShellWord>);

TEST_CASE("shell word: a shell gives a program exactly the value") {
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(ShellWord::of(name).argument() == name);
    CHECK(shell_words(ShellWord::of(name).quoted()) == "|" + name);
    CHECK(is_complete({ShellWord::of(name)}));
    const auto filled = command_of({"find", "/", "-name", "{name}.pc"}, {{"name", name}});
    CHECK(shell_words(quoted(filled)) == "|find|/|-name|" + name + ".pc");
  }
}

TEST_CASE("shell word: NAME stands for what cannot be given, with the value beside it") {
  for (const std::string& value : unsafe) {
    CAPTURE(Shown::of(value).text());
    const ShellCommand command{"tenon", "sign", ShellWord::path(value)};
    CHECK(quoted(command) == "tenon sign NAME");
    REQUIRE(replaced_names(command).size() == 1);
    CHECK(replaced_names(command)[0] == "NAME: " + Shown::of(value));
    CHECK_FALSE(is_complete(command));
    CHECK(ShellWord::again(value).argument() == "NAME");
  }
}

TEST_CASE("shell word: a value is no option") {
  CHECK(ShellWord::of("-x").argument() == "NAME");
  CHECK(ShellWord::of("--rpath=/x").argument() == "NAME");
  CHECK(ShellWord::path("-x;y").quoted() == "'./-x;y'");
  CHECK(ShellWord::path("--").argument() == "./--");
  CHECK(ShellWord::path("a-x").argument() == "a-x");
  // Not where a word begins, nor where tenon wrote the word.
  CHECK(ShellWord::filled("A={name}", {{"name", "-x"}}).argument() == "A=-x");
  CHECK(ShellWord::again("-u").argument() == "-u");
}

TEST_CASE("shell word: what a template lacks is left to the reader") {
  CHECK(quoted(command_of({"apt-file", "search", "lib{name}.so"}, {})) ==
        "apt-file search libNAME.so");
  CHECK(quoted(command_of({"brew", "install", "{package}"}, {})) == "brew install PACKAGE");
  CHECK(quoted(command_of({"go", "build", "-ldflags=-s -w", "{x1}", "{"}, {})) ==
        "go build '-ldflags=-s -w' '{x1}' '{'");
}

TEST_CASE("shell word: a value with braces is not filled again") {
  CHECK(ShellWord::filled("{name}", {{"name", "{path}"}, {"path", "gone"}}).argument() == "{path}");
}

TEST_CASE("shell word: a template of go list is a word as it is") {
  CHECK(quoted(command_of({"go", "list", "-f", "{{if .CgoFiles}}{{.Dir}}{{end}}", "{package}"},
                          {{"package", "./x"}})) ==
        "go list -f '{{if .CgoFiles}}{{.Dir}}{{end}}' ./x");
}
