#include "fleet/leases.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tenon;
using namespace tenon::fleet;
using remote::Lease;
using remote::LeaseState;

namespace {

Lease lease(const std::string& id, LeaseState state) {
  Lease out;
  out.id = id;
  out.state = state;
  return out;
}

}  // namespace

TEST_CASE("a lease that comes as ACTIVE begins, as one that comes as PENDING") {
  LeaseBook book;
  const auto first = book.take({lease("a", LeaseState::active), lease("b", LeaseState::pending)});
  REQUIRE(first.start.size() == 2);
  CHECK(book.leases()[0].state == LeaseState::active);
  CHECK(book.leases()[1].state == LeaseState::active);
  // It is begun once, however often the scheduler lists it.
  const auto again = book.take({lease("a", LeaseState::active), lease("b", LeaseState::active)});
  CHECK(again.start.empty());
  CHECK(again.stop.empty());
}

TEST_CASE("a lease listed twice in one answer begins once") {
  LeaseBook book;
  CHECK(book.take({lease("a", LeaseState::active), lease("a", LeaseState::active)}).start.size() ==
        1);
}

TEST_CASE("work that the scheduler cancels or no longer lists is given up") {
  LeaseBook book;
  (void)book.take({lease("a", LeaseState::active), lease("b", LeaseState::active)});
  const auto step = book.take({lease("b", LeaseState::cancelled)});
  CHECK(step.stop == std::vector<std::string>{"b", "a"});
  CHECK(book.leases().empty());
  // Its end, which comes later, is not told.
  book.finish("a", code_ok, "", remote::ActionResult{});
  CHECK(book.leases().empty());
}

TEST_CASE("a result is told until the scheduler has it") {
  LeaseBook book;
  (void)book.take({lease("a", LeaseState::active)});
  CHECK(book.busy());
  CHECK_FALSE(book.has_news());
  remote::ActionResult result;
  result.exit_code = 7;
  book.finish("a", code_ok, "", result);
  CHECK_FALSE(book.busy());
  CHECK(book.has_news());
  // The answer to a lost call: the scheduler still thinks that it runs.
  CHECK(book.take({lease("a", LeaseState::active)}).start.empty());
  REQUIRE(book.leases().size() == 1);
  CHECK(book.leases()[0].state == LeaseState::completed);
  REQUIRE(book.leases()[0].result);
  CHECK(book.leases()[0].result->exit_code == 7);
  const auto step = book.take({});
  CHECK(step.stop.empty());
  CHECK(book.leases().empty());
}

TEST_CASE("a worker that drains begins nothing and finishes what runs") {
  LeaseBook book;
  (void)book.take({lease("a", LeaseState::active)});
  book.drain();
  const auto step = book.take({lease("a", LeaseState::active), lease("b", LeaseState::pending)});
  CHECK(step.start.empty());
  CHECK(step.stop.empty());
  REQUIRE(book.leases().size() == 1);
  CHECK(book.leases()[0].id == "a");
}

TEST_CASE("a new session has none of the old work") {
  LeaseBook book;
  (void)book.take({lease("a", LeaseState::active), lease("b", LeaseState::active)});
  book.finish("b", code_ok, "", {});
  CHECK(book.forget() == std::vector<std::string>{"a"});
  CHECK(book.leases().empty());
  CHECK(book.take({lease("a", LeaseState::active)}).start.size() == 1);
}

TEST_CASE("a failure of the worker goes to another one, a wrong action does not") {
  CHECK(status_of({Errc::io, "", true}) == code_unavailable);
  CHECK(status_of({Errc::no_space, "", false}) == code_internal);
  CHECK(status_of({Errc::malformed, "", false}) == code_precondition);
  // The build took too long, and the store did.
  CHECK(status_of({Errc::timeout, "", false}) == code_deadline);
  CHECK(status_of({Errc::timeout, "", true}) == code_unavailable);
}
