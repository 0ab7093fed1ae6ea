#include "machine/doctor/shell_lines.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

using namespace tenon;

namespace {

// The place of the line that has an X.
LinePlace place(std::string_view text, ShellKind kind = ShellKind::posix) {
  std::uint64_t line = 1;
  for (const char c : text.substr(0, text.find('X'))) line += c == '\n' ? 1 : 0;
  return place_of_line(text, line, kind);
}

}  // namespace

TEST_CASE("shell lines: commands outside of blocks") {
  for (const char* text : {"export X=1\n",
                           "export X=1",
                           "a=1\nexport X=1\n",
                           "if a; then b; fi\nexport X=1\n",
                           "f() { a; }\nexport X=1\n",
                           "function f { a; }\nX=1\n",
                           "cat <<E\nfi\nE\nX=1\n",
                           "echo ${#a} $# a#b 'it\n' \"$(echo ')')\" `echo a`\nX=1\n",
                           "a=(1\n 2)\nX=1\n",
                           "case a in\n a|b) c ;;\n (d) e ;;\nesac\nX=1\n",
                           "echo $((1 << 2)) $(( (1) ))\nX=1\n",
                           "[[ a =~ (b|c ]]\nX=1\n",
                           "cat <<< E\nX=1\n",
                           "for ((i=0;i<3;i++)); do a; done\nX=1\n",
                           "echo if { then\nX=1\n",
                           "a 2>&1 &\nX=1\n",
                           "# don't\nX=1\n",
                           "a=\"x#\"\nX=1\n",
                           "echo $'it\\'s'\nX=1\n",
                           "echo \\\"\nX=1\n",
                           "a=$(case b in c) d;; esac)\nX=1\n",
                           "a && {\n b\n}\nX=1\n",
                           "ls *(N)\nX=1\n",
                           "function f() {\n a\n}\nX=1\n"}) {
    CHECK_MESSAGE(place(text) == LinePlace::top, std::string(text));
  }
}

TEST_CASE("shell lines: commands in blocks, or that an operator waits for") {
  for (const char* text :
       {"if a; then\nexport X=1\nfi\n", "if a; then\n  b\nelse\n  X=1\nfi", "f() {\nX=1\n}\n",
        "f()\n{\nX=1\n}\n", "function f {\nX=1\n}\n", "while a; do\nX=1\ndone\n", "(\nX=1\n)\n",
        "for a in b; do\nX=1\ndone\n", "case a in\nb)\nX=1\n;;\nesac\n", "a &&\nX=1\n",
        "{\nX=1\n}\n", "a ||\n# why\n\nX=1\n", "b=$(\nX=1\n)\n", "if\nX=1\nthen a; fi\n"}) {
    CHECK_MESSAGE(place(text) == LinePlace::block, std::string(text));
  }
}

TEST_CASE("shell lines: what is text, what goes on, and what cannot be read is left alone") {
  for (const char* text :
       {"cat <<E\nX=1\nE\n", "cat <<-'E'\n\tX=1\n\tE\n", "cat << \"E F\"\nX=1\nE F\n",
        "a='\nX=1\n'\n", "a=\"\nX=1\n\"\n", "a=(\nX=1\n)\n", "a=${b:-\nX=1\n}\n",
        "cat <<A <<B\nA\nX=1\nB\n", "cat <<\\E\nX=1\nE\n", "a=`\nX=1\n`\n",
        "if a; then\ncat <<E\nX=1\nE\nfi\n", "a=\"$(cat <<E\nX=1\nE\n)\"\n"}) {
    CHECK_MESSAGE(place(text) == LinePlace::text, std::string(text));
  }
  for (const char* text : {"a \\\nX=1\n", "X=1 \\\n b\n", "X='a\nb'\n", "X=1 cat <<E\nE\n"}) {
    CHECK_MESSAGE(place(text) == LinePlace::continued, std::string(text));
  }
  for (const char* text : {"X=1\nif a\n", "fi\nX=1\n", "X=1\ncat <<E\n", "X=1\n'", ")\nX=1\n"}) {
    CHECK_MESSAGE(place(text) == LinePlace::unclear, std::string(text));
  }
  CHECK(place_of_line("a\n", 0, ShellKind::posix) == LinePlace::unclear);
  CHECK(place_of_line("a\n", 9, ShellKind::posix) == LinePlace::unclear);
}

TEST_CASE("shell lines: blocks of fish and csh") {
  const auto fish = ShellKind::fish, csh = ShellKind::csh;
  CHECK(place("if a\n b\nelse if c\n d\nend\nset -gx X 1\n", fish) == LinePlace::top);
  CHECK(place("function f\n set -gx X 1\nend\n", fish) == LinePlace::block);
  CHECK(place("set a 'it\\'s'\nset -gx X 1\n", fish) == LinePlace::top);
  CHECK(place("if status is-login; and test a\n set -gx X 1\nend\n", fish) == LinePlace::block);
  CHECK(place("if ( $?a ) then\n b\nelse if ( c ) then\n d\nendif\nsetenv X 1\n", csh) ==
        LinePlace::top);
  CHECK(place("if ( a ) setenv B 1\nforeach i ( a b )\n setenv X 1\nend\n", csh) ==
        LinePlace::block);
}

TEST_CASE("shell lines: a comment keeps a command where one is needed") {
  const std::string text = "a\nexport CC=x\nif b; then\nexport CC=y\n  export CC=z\nfi";
  CHECK(without_line(text, 2, LinePlace::top) ==
        "a\n# export CC=x\nif b; then\nexport CC=y\n  export CC=z\nfi");
  CHECK(without_line(text, 5, LinePlace::block) ==
        "a\nexport CC=x\nif b; then\nexport CC=y\n  : # export CC=z\nfi");
}

TEST_CASE("shell lines: the shell of a file, by its name") {
  CHECK(shell_of("/home/u/.zshrc") == "zsh");
  CHECK(shell_of("/home/u/.bash_profile") == "bash");
  CHECK(shell_of("/home/u/.profile") == "sh");
  CHECK(kind_of_shell(shell_of("/h/.config/fish/conf.d/a.fish")) == ShellKind::fish);
  CHECK(kind_of_shell(shell_of("/h/.tcshrc")) == ShellKind::csh);
}
