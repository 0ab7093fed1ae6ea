#include "machine/doctor/fix_plan.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/result.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "machines.h"

using namespace tenon;
using namespace tenon::machines;

namespace {

constexpr const char* rc = "/home/u/.bashrc";

Finding with_fix(Fix::Safety safety, ShellCommand command) {
  Finding out;
  out.fixes.push_back({safety, "how", {std::move(command)}});
  return out;
}

std::string env_file(const std::string& path) {
  return path == rc ? "x=1\nexport CC=gone\n" : "CC=gone\nGOFLAGS=-v\n";
}

FixPlan planned(const Finding& finding, FixesAllowed allowed = {}) {
  return plan_fixes(linux_machine(), {finding}, allowed, {env_file});
}

}  // namespace

TEST_CASE("fix plan: `go env -u` is an edit of the settings file") {
  const FixPlan plan = planned(with_fix(Fix::Safety::safe, {"go", "env", "-u", "CC"}));
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].path == "~/.config/go/env");
  CHECK(plan.changes[0].after == "GOFLAGS=-v\n");
  CHECK(plan.commands.empty());
  CHECK(fix_plan_text(plan) == "--- ~/.config/go/env\n+++ ~/.config/go/env\n-CC=gone\n");
}

TEST_CASE("fix plan: a settings file that is not there yet is an edit too, which can be undone") {
  Snapshot machine = linux_machine();
  machine.settings.file = TextFact::none("/home/u/.config/go/env");
  const Finding finding = with_fix(Fix::Safety::review, {"go", "env", "-w", "CC=clang"});
  const FixPlan plan = plan_fixes(machine, {finding}, {true, false},
                                  {[](const std::string&) { return std::string(); }});
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].after == "CC=clang\n");
  CHECK(plan.commands.empty());
}

TEST_CASE("fix plan: two edits of one file add up") {
  Finding finding = with_fix(Fix::Safety::safe, {"go", "env", "-u", "CC"});
  finding.fixes[0].commands.push_back({"go", "env", "-w", "GOFLAGS=-x"});
  const FixPlan plan = planned(finding);
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].after == "GOFLAGS=-x\n");
}

TEST_CASE("fix plan: what installs needs --unsafe-fixes, once for each command") {
  const Finding finding = with_fix(Fix::Safety::review, {"apt-get", "install", "gcc"});
  const FixPlan refused = planned(finding);
  CHECK(refused.empty());
  CHECK(refused.need_unsafe == 1);
  CHECK(fix_plan_text(refused) == "1 fixes need --unsafe-fixes\n");
  const FixPlan allowed =
      plan_fixes(linux_machine(), {finding, finding}, {true, false}, {env_file});
  CHECK(allowed.commands == std::vector<ShellCommand>{{"apt-get", "install", "gcc"}});
}

TEST_CASE("fix plan: manual fixes and fixes by tenon itself are not run") {
  CHECK(planned(with_fix(Fix::Safety::manual, {"rm", "x"}), {true, true}).manual == 1);
  CHECK(planned(with_fix(Fix::Safety::manual, {"rm", "x"}), {true, true}).empty());
  CHECK(planned(with_fix(Fix::Safety::safe, {"tenon", "build"})).empty());
}

TEST_CASE("fix plan: a line of a start-up file goes only when asked, and only as it was seen") {
  Snapshot machine = linux_machine();
  ShellLine line;
  line.file = rc;
  line.line = 2;
  line.name = "CC";
  line.value = "gone";
  line.alone = true;
  machine.settings.shell_lines = Fact<std::vector<ShellLine>>::of({line}, "here");
  Finding finding;
  finding.evidence = {{Evidence::Kind::file, std::string(rc) + ":2", "export CC=gone"}};
  CHECK(plan_fixes(machine, {finding}, {}, {env_file}).need_shell_files == 1);
  const FixPlan plan = plan_fixes(machine, {finding}, {false, true}, {env_file});
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].after == "x=1\n# export CC=gone\n");
  // A shell that refuses the result keeps the line, and says why.
  int asked = 0;
  const auto refuse = [&](std::string_view shell, const std::string&) {
    CHECK(shell == "bash");
    const bool result = asked++ > 0;
    return ShellVerdict{result ? ShellVerdict::State::refused : ShellVerdict::State::accepted,
                        "no"};
  };
  const FixPlan refused = plan_fixes(machine, {finding}, {false, true}, {env_file, refuse});
  CHECK(refused.empty());
  REQUIRE(refused.untouched.size() == 1);
  CHECK(refused.untouched[0].why == "bash refuses the file without the line: no");
  // In a here-document it is text.
  const auto here = [](const std::string&) { return std::string("cat <<E\nexport CC=gone\nE\n"); };
  CHECK(plan_fixes(machine, {finding}, {false, true}, {here}).untouched.size() == 1);
  // It cannot be read any more.
  const auto broken = [](const std::string&) -> Result<std::string> {
    return fail(Errc::io, "no");
  };
  const FixPlan unread = plan_fixes(machine, {finding}, {false, true}, {broken});
  CHECK(unread.empty());
  CHECK(unread.untouched.front() == FixPlan::Untouched{rc, "no"});
  // The file is another by now.
  const auto later = [](const std::string&) { return std::string("x=1\ny=2\n"); };
  CHECK(plan_fixes(machine, {finding}, {false, true}, {later}).empty());
}

TEST_CASE("fix plan: the data counts what was left out") {
  const Data data = fix_plan_data(planned(with_fix(Fix::Safety::review, {"brew", "install", "x"})));
  const auto& object = std::get<Data::Object>(data.value());
  REQUIRE(object.size() == 6);
  CHECK(object[2].first == "need_unsafe_fixes");
  CHECK(std::get<std::int64_t>(object[2].second.value()) == 1);
}
