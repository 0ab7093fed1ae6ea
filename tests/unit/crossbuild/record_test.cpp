#include "crossbuild/run/record.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "diag/codes.h"
#include "host/files.h"

using namespace tenon;

namespace {

// A staged file and its finished copy in a folder of their own.
struct Finished {
  TemporaryFolder folder{make_temporary_folder("tenon-test").value()};
  FinishRequest request;
  BuildOutput output;

  Finished() {
    request.staged = {folder.path + "/staged"};
    request.destination = folder.path + "/app";
    request.gates.resize(1);
    request.gates[0].target = parse_target("linux/arm64").value();
    REQUIRE(write_text(request.staged[0], "linked").has_value());
    REQUIRE(write_text(request.destination, "finished").has_value());
    output.sha256 = "abc";
    output.size = 7;
    output.gates = {{"linux/arm64:musl",
                     {{"arch", GateState::ok, "aarch64", Code::none},
                      {"libs", GateState::unknown, "a\tb", Code::gate_rpath}}}};
    Record(request, folder.path).save(output);
  }

  [[nodiscard]] bool holds(BuildOutput& out) const {
    out = {};
    out.gates = {{"linux/arm64:musl", {}}};
    return Record(request, folder.path).load(out);
  }

  [[nodiscard]] bool holds() const {
    BuildOutput ignored;
    return holds(ignored);
  }
};

}  // namespace

TEST_CASE("record: what the gate said is said again while nothing changed") {
  const Finished file;
  BuildOutput out;
  REQUIRE(file.holds(out));
  CHECK(out.built);
  CHECK(out.sha256 == "abc");
  CHECK(out.size == 7);
  REQUIRE(out.gates.at(0).rows.size() == 2);
  CHECK(out.gates[0].rows[0].state == GateState::ok);
  CHECK(out.gates[0].rows[1].check == "libs");
  CHECK(out.gates[0].rows[1].state == GateState::unknown);
  CHECK(out.gates[0].rows[1].value == "a b");
  CHECK(out.gates[0].rows[1].code == Code::gate_rpath);
}

TEST_CASE("record: a touched stage still holds, a new link does not") {
  const Finished file;
  const std::string staged = file.request.staged[0];
  // cmd/go touches a file that it finds up to date.
  std::filesystem::last_write_time(staged, std::filesystem::file_time_type{});
  CHECK(file.holds());
  REQUIRE(write_text(staged, "LINKED").has_value());
  CHECK_FALSE(file.holds());
}

TEST_CASE("record: a finished file that somebody changed or removed is made again") {
  const Finished file;
  REQUIRE(write_text(file.request.destination, "other").has_value());
  CHECK_FALSE(file.holds());
  const Finished gone;
  remove_tree(gone.request.destination);
  CHECK_FALSE(gone.holds());
}

TEST_CASE("record: other questions need another answer") {
  Finished file;
  file.request.identifier = "com.example.app";
  CHECK_FALSE(file.holds());
  Finished mode;
  mode.request.gates[0].build_mode = "pie";
  CHECK_FALSE(mode.holds());
  Finished paths;
  paths.request.gates[0].host_paths = {"/home/u"};
  CHECK_FALSE(paths.holds());
  Finished target;
  target.request.gates[0].target = parse_target("linux/amd64").value();
  CHECK_FALSE(target.holds());
}

TEST_CASE("record: rows of two slices come back to their slices") {
  Finished file;
  file.request.staged.push_back(file.folder.path + "/second");
  file.request.gates.push_back(file.request.gates[0]);
  REQUIRE(write_text(file.request.staged[1], "linked too").has_value());
  file.output.gates.push_back(
      {"b", {{"arch", GateState::failed, "x", Code::gate_wrong_architecture}}});
  Record(file.request, file.folder.path).save(file.output);
  BuildOutput out;
  out.gates = {{"a", {}}, {"b", {}}};
  REQUIRE(Record(file.request, file.folder.path).load(out));
  CHECK(out.gates[0].rows.size() == 2);
  REQUIRE(out.gates[1].rows.size() == 1);
  CHECK(out.gates[1].rows[0].state == GateState::failed);
}

TEST_CASE("record: a broken record is none") {
  const Finished file;
  const std::string path = file.folder.path + "/record-app";
  REQUIRE(is_file(path));
  const std::string text = read_text(path).value();
  for (const std::string& broken : {std::string(), std::string("x"), text.substr(0, 40), "0" + text,
                                    std::string(100'000, '\n')}) {
    REQUIRE(write_text(path, broken).has_value());
    CHECK_FALSE(file.holds());
  }
  remove_tree(path);
  CHECK_FALSE(file.holds());
}
