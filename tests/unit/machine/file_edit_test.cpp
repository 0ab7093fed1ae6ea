#include "machine/doctor/file_edit.h"

#include <doctest/doctest.h>

#include <string>

using namespace tenon;

TEST_CASE("env file: lines go and come as `go env` does it") {
  const std::string text = "# mine\nCC=a\nCCX=b\nCC=c\n";
  CHECK(without_setting(text, "CC") == "# mine\nCCX=b\n");
  CHECK(with_setting(text, "CC", "d") == "# mine\nCCX=b\nCC=d\n");
  CHECK(without_setting("", "CC").empty());
}

TEST_CASE("env file: a line of a start-up file becomes a comment") {
  const std::string text = "a\nexport CC=x\nif b; then\n  export CC=y\nfi";
  CHECK(without_line(text, 2) == "a\n# export CC=x\nif b; then\n  export CC=y\nfi");
  // An empty block is an error in sh.
  CHECK(without_line(text, 4) == "a\nexport CC=x\nif b; then\n  : # export CC=y\nfi");
  CHECK(without_line(text, 0) == text);
  CHECK(without_line(text, 9) == text);
}

TEST_CASE("env file: changes as diff marks them") {
  CHECK(change_text({"f", "a\nb\nc\n", "a\nc\n"}) == "--- f\n+++ f\n-b\n");
  CHECK(change_text({"f", "a\nb\n", "a\nb\nc\n"}) == "--- f\n+++ f\n+c\n");
  CHECK(change_text({"f", "a\nb\nc\n", "a\n# b\nc\n"}) == "--- f\n+++ f\n-b\n+# b\n");
  CHECK(change_text({"f", "a\nb\n", "# a\n# b\n"}) == "--- f\n+++ f\n-a\n+# a\n-b\n+# b\n");
}
