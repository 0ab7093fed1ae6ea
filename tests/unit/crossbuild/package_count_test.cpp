#include "crossbuild/package_count.h"

#include <doctest/doctest.h>

using namespace tenon;

TEST_CASE("package count: a package that starts tells that all that it imports are done") {
  PackageCount count;
  CHECK(count.total() == 0);
  count.add("unsafe", {});
  count.add("runtime", {"unsafe"});
  count.add("errors", {"runtime"});
  count.add("example.com/c", {"unsafe", "C"});
  count.add("main", {"errors", "example.com/c"});
  CHECK(count.total() == 5);
  CHECK(count.done() == 0);
  count.start("example.com/c");
  CHECK(count.done() == 1);
  // errors and runtime were cached: go never names them.
  count.start("main");
  CHECK(count.done() == 4);
  count.start("main");
  count.start("not/known");
  CHECK(count.done() == 4);
}
