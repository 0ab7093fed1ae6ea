#include "machine/run/apply_change.h"

#include <doctest/doctest.h>

#include <string>

#include "host/files.h"

using namespace tenon;

TEST_CASE("apply_change: what a file held is kept, and undone from the last to the first") {
  const TemporaryFolder folder(make_temporary_folder("tenon-test").value());
  const std::string file = folder.path + "/env", other = folder.path + "/rc",
                    store = folder.path + "/store";
  REQUIRE(write_text(file, "one\n", 0640).has_value());
  REQUIRE(write_text(other, "x\n").has_value());
  REQUIRE(apply_change({file, "one\n", "two\n"}, store).has_value());
  REQUIRE(apply_change({other, "x\n", "# x\n"}, store).has_value());
  REQUIRE(apply_change({file, "two\n", "three\n"}, store).has_value());
  CHECK(read_text(file).value() == "three\n");
  CHECK(file_info(file)->mode % 01000 == 0640);
  CHECK(undo_changes(store).value().size() == 3);
  CHECK(read_text(file).value() == "one\n");
  CHECK(read_text(other).value() == "x\n");
  CHECK(undo_changes(store).value().empty());
}
