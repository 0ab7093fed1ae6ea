// What an exception that reaches main() becomes for the user.
#include "cli/guarded.h"

#include <doctest/doctest.h>

#include <functional>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

#include "base/version.h"
#include "diag/code.h"
#include "diag/finding.h"

using namespace tenon;

namespace {

struct Told {
  int exit = -1;
  std::string code, message;  // empty: nothing was reported
};

Told run(const std::function<int()>& work) {
  Told out;
  out.exit = guarded(work, [&](const Finding& finding, int code) {
    out.code = code_text(finding.code);
    out.message = finding.message.text();
    return code;
  });
  return out;
}

}  // namespace

TEST_CASE("guarded: work that ends well reports nothing, and its exit code is kept") {
  const Told told = run([] { return 7; });
  CHECK(told.exit == 7);
  CHECK(told.code.empty());
}

TEST_CASE("guarded: an exception is TN0170 with the version and what it said, exit code 70") {
  const Told told = run([]() -> int { throw std::out_of_range("the index 9"); });
  CHECK(told.exit == 70);
  CHECK(told.code == "TN0170");
  CHECK(told.message.contains("the index 9"));
  CHECK(told.message.contains(tenon_version()));
}

TEST_CASE("guarded: a failure of the system that is no shortage is TN0170 too") {
  const Told told =
      run([]() -> int { throw std::system_error(std::make_error_code(std::errc::io_error), "x"); });
  CHECK(told.exit == 70);
  CHECK(told.code == "TN0170");
}

TEST_CASE("guarded: what is no std::exception is TN0170 and not the end of the process") {
  const Told told = run([]() -> int { throw 4; });  // NOLINT(hicpp-exception-baseclass)
  CHECK(told.exit == 70);
  CHECK(told.code == "TN0170");
}

TEST_CASE("guarded: no memory or no thread is a limit of the machine, exit code 2") {
  const std::function<int()> works[] = {
      []() -> int { throw std::bad_alloc(); },
      []() -> int {
        throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
      },
      []() -> int { throw std::system_error(std::make_error_code(std::errc::not_enough_memory)); },
  };
  for (const auto& work : works) {
    const Told told = run(work);
    CHECK(told.exit == 2);
    CHECK(told.code == "TN0101");
    CHECK(told.message.contains("ulimit"));
  }
}
