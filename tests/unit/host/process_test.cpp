#include "host/process.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.h"
#include "host/files.h"

using namespace tenon;
using namespace std::chrono_literals;

namespace {

Command shell(std::string script) {
  Command command;
  command.argv = {"/bin/sh", "-c", std::move(script)};
  return command;
}

Exit must_run(const Command& command) {
  const auto exit = run(command);
  REQUIRE(exit.has_value());
  return *exit;
}

// A process that is neither gone nor a zombie that nobody collects.
bool runs(pid_t pid) {
  if (::kill(pid, 0) != 0 && errno == ESRCH) return false;
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(stat)), {});
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos || name_end + 2 >= text.size()) return true;
  return text[name_end + 2] != 'Z';
}

// A killed process needs a moment to go.
bool goes_away(pid_t pid) {
  for (int i = 0; i < 1000 && runs(pid); ++i) std::this_thread::sleep_for(10ms);
  return !runs(pid);
}

bool no_children() { return ::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD; }

pid_t number_in(const std::string& text) {
  const auto number = parse_number(trim(text));
  REQUIRE(number.has_value());
  REQUIRE(*number > 1);
  return static_cast<pid_t>(*number);
}

}  // namespace

TEST_CASE("process: streams and exit code") {
  const Exit exit = must_run(shell("printf out; printf err >&2; exit 3"));
  CHECK(exit.code == 3);
  CHECK(exit.signal == 0);
  CHECK(exit.out == "out");
  CHECK(exit.err == "err");
  CHECK_FALSE(exit.ok());
  CHECK(must_run(shell("true")).ok());
  CHECK(no_children());
}

TEST_CASE("process: both streams in one") {
  Command command = shell("printf a; printf b >&2; printf c");
  command.merge_streams = true;
  const Exit exit = must_run(command);
  CHECK(exit.out == "abc");
  CHECK(exit.err.empty());
}

TEST_CASE("process: a signal is told from an exit code") {
  const Exit exit = must_run(shell("kill -9 $$"));
  CHECK(exit.signal == SIGKILL);
  CHECK(exit.code == -1);
  CHECK_FALSE(exit.ok());
  CHECK_FALSE(exit.timed_out);
}

TEST_CASE("process: arguments reach the program as they are") {
  Command command;
  command.argv = {"printf", "%s|", "two words", "", "$HOME", "a\"b'c", "*"};
  CHECK(must_run(command).out == "two words||$HOME|a\"b'c|*|");
}

TEST_CASE("process: input goes in, all of it; without it there is an end at once") {
  Command command;
  command.argv = {"cat"};
  CHECK(must_run(command).out.empty());
  // More than a pipe holds, in both directions.
  command.input = std::string(3'000'000, 'x') + "end";
  const Exit exit = must_run(command);
  CHECK(exit.ok());
  CHECK(exit.out == *command.input);
}

TEST_CASE("process: a program that does not read its input") {
  Command command = shell("exec <&-; echo done");
  command.input = std::string(1'000'000, 'x');
  const Exit exit = must_run(command);
  CHECK(exit.ok());
  CHECK(exit.out == "done\n");
}

TEST_CASE("process: lines come while it runs, whole, the last one without its end too") {
  std::vector<std::string> lines;
  Command command = shell("printf 'one\\n\\ntw'; printf 'o\\nlast'");
  command.on_line = [&](std::string_view line, bool tick) {
    if (!tick) lines.emplace_back(line);
  };
  const Exit exit = must_run(command);
  CHECK(lines == std::vector<std::string>{"one", "", "two", "last"});
  CHECK(exit.out == "one\n\ntwo\nlast");
}

TEST_CASE("process: what is kept has a limit, the program is not stopped by it") {
  Command command = shell("head -c 1000000 /dev/zero; echo end >&2");
  command.output_limit = 1000;
  const Exit exit = must_run(command);
  CHECK(exit.ok());
  CHECK(exit.out.size() == 1000);
  CHECK(exit.err == "end\n");
}

TEST_CASE("process: environment is added to ours, taken from it, or replaces it") {
  ::setenv("TENON_TEST_KEPT", "kept", 1);
  ::setenv("TENON_TEST_GONE", "there", 1);
  const std::string print =
      "printf '%s|%s|%s' \"${TENON_TEST_KEPT-unset}\""
      " \"${TENON_TEST_GONE-unset}\" \"${TENON_TEST_NEW-unset}\"";
  Command command = shell(print);
  command.environment = {"TENON_TEST_NEW=new", "TENON_TEST_GONE"};
  CHECK(must_run(command).out == "kept|unset|new");
  command.environment = {"TENON_TEST_KEPT=other", "TENON_TEST_NEW="};
  CHECK(must_run(command).out == "other|there|");
  command.environment = {"TENON_TEST_NEW=new"};
  command.replace_environment = true;
  CHECK(must_run(command).out == "unset|unset|new");
  ::unsetenv("TENON_TEST_KEPT");
  ::unsetenv("TENON_TEST_GONE");
}

TEST_CASE("process: working directory") {
  Command command = shell("pwd");
  command.directory = "/";
  CHECK(must_run(command).out == "/\n");
  command.directory = "/no/such/folder";
  const auto exit = run(command);
  REQUIRE_FALSE(exit.has_value());
  CHECK(exit.error().code == Errc::not_found);
  CHECK(no_children());
}

TEST_CASE("process: a program that is not there, or cannot be run, is an error") {
  for (const char* name :
       {"/no/such/program", "no-such-program-of-tenon", "", "/etc/passwd", "/"}) {
    CAPTURE(name);
    Command command;
    command.argv = {name};
    const auto exit = run(command);
    CHECK_FALSE(exit.has_value());
    CHECK_FALSE(find_program(name).has_value());
  }
  CHECK(find_program("sh").value_or("").ends_with("/sh"));
  CHECK(find_program("/bin/sh") == "/bin/sh");
  CHECK(no_children());
}

TEST_CASE("process: the deadline ends the program and what it started, and keeps the output") {
  Command command = shell("echo before; sleep 1000 & echo $! >&2; wait");
  command.deadline = 300ms;
  const Exit exit = must_run(command);
  CHECK(exit.timed_out);
  CHECK_FALSE(exit.ok());
  CHECK(exit.out == "before\n");
  CHECK(goes_away(number_in(exit.err)));
  CHECK(no_children());
}

TEST_CASE("process: a program that ignores requests is killed all the same") {
  Command command = shell("trap '' INT TERM; echo $$; while :; do sleep 1; done");
  command.deadline = 300ms;
  const Exit exit = must_run(command);
  CHECK(exit.timed_out);
  CHECK(exit.signal == SIGKILL);
  CHECK(goes_away(number_in(exit.out)));
}

TEST_CASE("process: the deadline holds for a program that closed its streams") {
  Command command = shell("exec >&- 2>&-; exec sleep 1000");
  command.deadline = 300ms;
  const Exit exit = must_run(command);
  CHECK(exit.timed_out);
  CHECK(exit.signal != 0);
  CHECK(no_children());
}

TEST_CASE("process: a program that ends in time on request says how") {
  Command command =
      shell("trap 'echo cleaned; exit 7' INT; echo start; while :; do sleep 0.1; done");
  command.deadline = 300ms;
  const Exit exit = must_run(command);
  CHECK(exit.timed_out);
  CHECK(exit.code == 7);
  CHECK(exit.out == "start\ncleaned\n");
}

// A grandchild in a session of its own is out of reach, but must not hold us for ever.
TEST_CASE("process: a stream held by a process outside the group") {
  if (!find_program("setsid")) {
    MESSAGE("skipped: there is no setsid");
    return;
  }
  Command command = shell("setsid sleep 20 & echo started; exec sleep 1000");
  command.deadline = 300ms;
  const Exit exit = must_run(command);
  CHECK(exit.timed_out);
  CHECK(exit.out == "started\n");
  CHECK(exit.signal == SIGINT);
  CHECK(no_children());
}

TEST_CASE("process: pass_through gives the code, or 128 and the signal") {
  CHECK(pass_through({"sh", "-c", "exit $X"}, {"X=5"}) == 5);
  CHECK(pass_through({"sh", "-c", "kill -9 $$"}, {}) == 128 + SIGKILL);
  const auto missing = pass_through({"no-such-program-of-tenon"}, {});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == Errc::not_found);
  CHECK(execute({"no-such-program-of-tenon"}, {}).code == Errc::not_found);
  CHECK(no_children());
}

TEST_CASE("process: a program of the current folder is not taken for one of PATH") {
  const TemporaryFolder folder(make_temporary_folder("tenon-test").value());
  REQUIRE(write_text(folder.path + "/sh", "#!/bin/sh\n", 0755).has_value());
  const std::string before = environment_variable("PATH").value_or("");
  const std::string here = current_folder();
  REQUIRE(::chdir(folder.path.c_str()) == 0);
  for (const std::string& first : {std::string("."), std::string(),
                                   std::string("../" + std::string(base_name(folder.path)))}) {
    ::setenv("PATH", (first + ":" + before).c_str(), 1);
    CHECK_FALSE(find_program("sh").has_value());
  }
  ::setenv("PATH", (folder.path + ":" + before).c_str(), 1);
  CHECK(find_program("sh") == folder.path + "/sh");
  ::setenv("PATH", before.c_str(), 1);
  REQUIRE(::chdir(here.c_str()) == 0);
}
