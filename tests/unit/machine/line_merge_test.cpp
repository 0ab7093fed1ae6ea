#include "machine/doctor/line_merge.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "machine/doctor/change_record.h"

using namespace tenon;

namespace {

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("take back: a file that nobody else edited gets its old bytes") {
  CHECK(take_back("a\nb", "a\n", "a\n").text == "a\nb");
  CHECK(take_back("a\r\nb\r\n", "b\r\n", "b\r\n").text == "a\r\nb\r\n");
  CHECK(take_back("a\n", "b\n", "a\n").text == "a\n");
}

TEST_CASE("take back: lines of somebody else stay, wherever they stand") {
  const std::string before = "one\nexport X=1\ntwo\n", after = "one\n# export X=1\ntwo\n";
  const auto first = take_back(before, after, "zero\none\n# export X=1\nmore\ntwo\nlast");
  CHECK(first.text == "zero\none\nexport X=1\nmore\ntwo\nlast");
  CHECK(first.kept == Lines{"+zero", "+more", "+last"});
  CHECK(first.open.empty());
  // A line that the user removed stays away.
  const auto second = take_back(before, after, "one\n# export X=1\n");
  CHECK(second.text == "one\nexport X=1\n");
  CHECK(second.kept == Lines{"-two"});
}

TEST_CASE("take back: what the user changed himself is not restored over it") {
  const auto changed = take_back("export X=1\n", "# export X=1\n", "export X=2\n");
  CHECK(changed.text == "export X=2\n");
  CHECK(changed.open == Lines{"export X=1"});
  CHECK(changed.kept == Lines{"-# export X=1", "+export X=2"});
  const auto gone = take_back("export X=1\nb\n", "# export X=1\nb\n", "b\n");
  CHECK(gone.text == "b\n");
  CHECK(gone.open == Lines{"export X=1"});
}

TEST_CASE("take back: what the user restored himself is no conflict") {
  const auto out = take_back("a\nexport X=1\n", "a\n# export X=1\n", "a\nexport X=1\nb\n");
  CHECK(out.text == "a\nexport X=1\nb\n");
  CHECK(out.open.empty());
  CHECK(out.kept == Lines{"+b"});
}

TEST_CASE("take back: a setting that was set again since gets no second line") {
  const auto out =
      take_back("A=1\nCGO_ENABLED=0\nB=2\n", "A=1\nB=2\n", "A=1\nB=2\nCGO_ENABLED=1\n");
  CHECK(out.text == "A=1\nB=2\nCGO_ENABLED=1\n");
  CHECK(out.open == Lines{"CGO_ENABLED=0"});
  // `go env -w` sorts: lines that moved are neither lost nor doubled.
  const auto sorted = take_back("B=2\nCC=x\nA=1\n", "B=2\nA=1\n", "A=1\nB=2\nGOPRIVATE=p\n");
  CHECK(sorted.open.empty());
  CHECK(sorted.text.contains("CC=x\n"));
  CHECK(sorted.text.size() == std::string("A=1\nB=2\nCC=x\nGOPRIVATE=p\n").size());
}

TEST_CASE("take back: two removed lines at two places, one of them by hand") {
  const auto out = take_back("A=1\nB=2\nC=3\nD=4\n", "B=2\nD=4\n", "B=2\nC=3\nD=4\nE=5\n");
  CHECK(out.text == "A=1\nB=2\nC=3\nD=4\nE=5\n");
  CHECK(out.kept == Lines{"+E=5"});
}

TEST_CASE("take back: a file without a last newline does not run two lines together") {
  const auto out = take_back("A=1\nCC=x", "A=1\n", "A=1\nB=2\n");
  CHECK(out.text.starts_with("A=1\n"));
  CHECK(out.text.contains("CC=x\nB=2"));
}

TEST_CASE("change record: what was written is read, and nothing else") {
  const ChangeRecord record{"/a b", false, "one\0two\n", "\xff\n", "zsh", {"x", ""}, {"y z"}};
  const std::string text = record_text(record);
  CHECK(read_record(text).value() == record);
  for (std::size_t i = 0; i < text.size(); ++i) {
    CHECK_FALSE(read_record(text.substr(0, i)).has_value());
    std::string other = text;
    other[i] = static_cast<char>(other[i] ^ 1);
    CHECK_FALSE(read_record(other).has_value());
  }
  CHECK_FALSE(read_record(text + "\n").has_value());
}

TEST_CASE("change record: the command that takes one back") {
  using Words = std::vector<std::string>;
  CHECK(reverse_command({"apt-get", "install", "gcc"}, "") == Words{"apt-get", "remove", "gcc"});
  CHECK(reverse_command({"arch", "-arm64", "brew", "install", "go"}, "") ==
        Words{"arch", "-arm64", "brew", "uninstall", "go"});
  CHECK(reverse_command({"sudo", "xcode-select", "--switch", "/new"}, "/old") ==
        Words{"sudo", "xcode-select", "--switch", "/old"});
  CHECK(reverse_command({"sudo", "xcode-select", "--switch", "/new"}, "") ==
        Words{"sudo", "xcode-select", "--reset"});
  CHECK_FALSE(reverse_command({"xcode-select", "--install"}, "").has_value());
}
