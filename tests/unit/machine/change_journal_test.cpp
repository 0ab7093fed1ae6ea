#include "machine/run/change_journal.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "host/files.h"
#include "machine/doctor/shell_lines.h"
#include "machine/run/shell_check.h"

using namespace tenon;

namespace {

struct Place {
  TemporaryFolder folder{make_temporary_folder("tenon-test").value()};
  std::string file = folder.path + "/env", state = folder.path + "/state/doctor";

  // The lock goes with it, as at the end of a process.
  [[nodiscard]] ChangeJournal journal() const { return ChangeJournal::open(state).value(); }
  void fix(const std::string& before, const std::string& after) const {
    REQUIRE(journal().apply({file, before, after}).has_value());
  }
  [[nodiscard]] std::vector<Undone> undo(const UndoRequest& request = {}) const {
    return journal().undo(request).value();
  }
  [[nodiscard]] std::string text() const { return read_text(file).value(); }
};

}  // namespace

TEST_CASE("journal: two changes of one file are taken back from the last to the first") {
  const Place at;
  REQUIRE(write_text(at.file, "one\n", 0640).has_value());
  at.fix("one\n", "two\n");
  at.fix("two\n", "three\n");
  CHECK(file_info(at.file)->mode == 0640U);
  CHECK(at.undo({.dry = true}).size() == 2);
  CHECK(at.text() == "three\n");
  CHECK(at.undo().size() == 2);
  CHECK(at.text() == "one\n");
  CHECK(at.undo().empty());
}

TEST_CASE("journal: undo keeps a line that the user added after --fix, and names it") {
  const Place at;
  REQUIRE(write_text(at.file, "A=1\nCGO_ENABLED=0\n").has_value());
  at.fix("A=1\nCGO_ENABLED=0\n", "A=1\n");
  REQUIRE(write_text(at.file, "A=1\nGOPRIVATE=x\n").has_value());
  const auto undone = at.undo();
  REQUIRE(undone.size() == 1);
  CHECK(undone[0].complete());
  CHECK(undone[0].kept == std::vector<std::string>{"+GOPRIVATE=x"});
  CHECK(at.text() == "A=1\nCGO_ENABLED=0\nGOPRIVATE=x\n");
  CHECK(at.undo().empty());
}

TEST_CASE("journal: the record stays while a line cannot be restored") {
  const Place at;
  REQUIRE(write_text(at.file, "CC=a\n").has_value());
  at.fix("CC=a\n", "CC=b\n");
  REQUIRE(write_text(at.file, "CC=mine\n").has_value());
  for (int i = 0; i < 2; ++i) {
    const auto undone = at.undo();
    REQUIRE(undone.size() == 1);
    CHECK(undone[0].open == std::vector<std::string>{"CC=a"});
    CHECK(at.text() == "CC=mine\n");
  }
  REQUIRE(write_text(at.file, "CC=b\n").has_value());
  CHECK(at.undo().at(0).complete());
  CHECK(at.text() == "CC=a\n");
  CHECK(at.undo().empty());
}

TEST_CASE("journal: a file that changed after the plan is not replaced, and leaves no record") {
  const Place at;
  REQUIRE(write_text(at.file, "mine\n").has_value());
  const auto done = at.journal().apply({at.file, "one\n", "two\n"});
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().code == Errc::changed);
  CHECK(at.text() == "mine\n");
  CHECK(at.undo().empty());
}

TEST_CASE("journal: a file that --fix made goes again, and one without write bits stays") {
  const Place at;
  at.fix("", "CC=clang\n");
  CHECK(at.text() == "CC=clang\n");
  CHECK(at.undo().at(0).restored);
  CHECK_FALSE(is_file(at.file));
  REQUIRE(write_text(at.file, "x\n", 0444).has_value());
  const auto refused = at.journal().apply({at.file, "x\n", "y\n"});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Errc::permission);
  CHECK(at.text() == "x\n");
}

TEST_CASE("journal: a link stays a link, and the file that it leads to is restored") {
  const Place at;
  const std::string real = at.folder.path + "/real";
  REQUIRE(write_text(real, "a\n").has_value());
  REQUIRE(make_link(real, at.file).has_value());
  at.fix("a\n", "b\n");
  CHECK(is_link(at.file));
  CHECK(read_text(real).value() == "b\n");
  CHECK(at.undo().at(0).restored);
  CHECK(is_link(at.file));
  CHECK(read_text(real).value() == "a\n");
}

TEST_CASE("journal: a damaged record is named and writes nothing") {
  const Place at;
  REQUIRE(write_text(at.file, "a\n").has_value());
  at.fix("a\n", "b\n");
  const std::string record = at.state + "/00000001.change";
  std::string text = read_text(record).value();
  text[text.find("a\n")] = 'z';
  REQUIRE(write_text(record, text).has_value());
  const auto undone = at.undo();
  REQUIRE(undone.size() == 1);
  CHECK_FALSE(undone[0].complete());
  CHECK(at.text() == "b\n");
  CHECK(is_file(record));
}

TEST_CASE("journal: of two at once one is refused") {
  const Place at;
  const auto first = ChangeJournal::open(at.state);
  REQUIRE(first.has_value());
  CHECK(ChangeJournal::open(at.state).error().code == Errc::busy);
}

TEST_CASE("journal: what a command did is undone by its reverse, only when asked") {
  const Place at;
  REQUIRE(at.journal().record_command({"touch", "x"}, {"touch", at.file}).has_value());
  CHECK_FALSE(at.undo().at(0).complete());
  CHECK_FALSE(is_file(at.file));
  CHECK(at.undo({.commands = true}).at(0).complete());
  CHECK(is_file(at.file));
  CHECK(at.undo().empty());
}

TEST_CASE("journal: undo leaves a start-up file that its shell would refuse") {
  const Place at;
  REQUIRE(write_text(at.file, "a\nexport X=1\nb\n").has_value());
  REQUIRE(at.journal().apply({at.file, "a\nexport X=1\nb\n", "a\n# export X=1\nb\n", "sh"}));
  REQUIRE(write_text(at.file, "a\n# export X=1\nb\nmore\n").has_value());
  const auto refuse = [](std::string_view, const std::string&) {
    return ShellVerdict{ShellVerdict::State::refused, "no"};
  };
  CHECK_FALSE(at.undo({.check = refuse}).at(0).complete());
  CHECK(at.text() == "a\n# export X=1\nb\nmore\n");
  CHECK(at.undo({.check = check_with_shell}).at(0).complete());
  CHECK(at.text() == "a\nexport X=1\nb\nmore\n");
}

TEST_CASE("shell check: the shell itself decides, and one that is not here decides nothing") {
  using State = ShellVerdict::State;
  CHECK(check_with_shell("sh", "if true; then\n:\nfi\n").state == State::accepted);
  CHECK(check_with_shell("sh", "if true; then\nfi\n").state == State::refused);
  CHECK(check_with_shell("no-such-shell", "fi\n").accepts());
}
