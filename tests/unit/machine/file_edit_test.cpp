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

TEST_CASE("env file: line ends stay as they are") {
  CHECK(without_setting("A=1\r\nCC=a\r\nB=2", "CC") == "A=1\r\nB=2");
  CHECK(without_setting("A=1\nCC=a", "CC") == "A=1\n");
  CHECK(with_setting("A=1", "CC", "d") == "A=1\nCC=d\n");
  CHECK(change_text({"f", "a", "a\nb\n"}) ==
        "--- f\n+++ f\n-a\n\\ No newline at end of file\n+a\n+b\n");
}

TEST_CASE("env file: changes as diff marks them") {
  CHECK(change_text({"f", "a\nb\nc\n", "a\nc\n"}) == "--- f\n+++ f\n-b\n");
  CHECK(change_text({"f", "a\nb\n", "a\nb\nc\n"}) == "--- f\n+++ f\n+c\n");
  CHECK(change_text({"f", "a\nb\nc\n", "a\n# b\nc\n"}) == "--- f\n+++ f\n-b\n+# b\n");
  CHECK(change_text({"f", "a\nb\n", "# a\n# b\n"}) == "--- f\n+++ f\n-a\n-b\n+# a\n+# b\n");
}
