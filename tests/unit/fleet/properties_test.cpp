#include "fleet/properties.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tenon;
using namespace tenon::fleet;

TEST_CASE("a worker's name carries its properties there and back") {
  const WorkerName name{"my host-7", {{"go", "1.26.8"}, {"go", "1.25.5"}, {"tenon", "0.2.0 a=b"}}};
  const std::string text = text_of(name);
  CHECK(text == "my_host-7 go=1.26.8 go=1.25.5 tenon=0.2.0_a_b");
  const WorkerName back = read_worker_name(text);
  CHECK(back.machine == "my_host-7");
  CHECK(back.properties ==
        std::vector<remote::Property>{{"go", "1.26.8"}, {"go", "1.25.5"}, {"tenon", "0.2.0_a_b"}});
}

TEST_CASE("the name of somebody else's worker has no properties") {
  CHECK(read_worker_name("buildbox.7 =x").properties.empty());
  CHECK(read_worker_name("").machine.empty());
}

TEST_CASE("a cell that fits nowhere names the property and the closest worker") {
  const std::vector<remote::Property> needed{{"go", "1.26.8"}, {"zig", "0.15.2"}};
  const std::vector<WorkerName> workers{read_worker_name("far go=1.1 zig=0.1"),
                                        read_worker_name("near go=1.25.5 zig=0.15.2")};
  const auto lack = mismatch(needed, workers);
  REQUIRE(lack);
  CHECK(lack->needed == remote::Property{"go", "1.26.8"});
  CHECK(lack->worker == "near");
  CHECK(lack->has == std::vector<std::string>{"1.25.5"});
  CHECK_FALSE(mismatch(needed, {workers[0], read_worker_name("x zig=0.15.2 go=1.26.8 go=1.2")}));
  const auto none = mismatch(needed, {});
  REQUIRE(none);
  CHECK(none->worker == "none");
}
