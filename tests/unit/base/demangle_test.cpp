#include "base/demangle.h"

#include <doctest/doctest.h>

using namespace tenon;

TEST_CASE("demangle: names of C++ with one underscore and with two") {
  CHECK(demangle("_ZN3foo3barEv") == "foo::bar()");
  CHECK(demangle("__ZN3foo3barEv") == "foo::bar()");
  CHECK(demangle("_ZNSt6vectorIiSaIiEE9push_backERKi").find("push_back(int const&)") !=
        std::string::npos);
}

TEST_CASE("demangle: other names come back as they are") {
  for (const char* name : {"", "_", "_Z", "__Z", "puts", "_main", "main.main", "_ZN", "_Z3",
                           "___Z1fv", "_ZN3foo3barEv@GLIBC", "?f@@YAXXZ", "_R"}) {
    CAPTURE(name);
    CHECK(demangle(name) == name);
  }
}

TEST_CASE("demangle: a name that is too long is not tried") {
  const std::string deep = "_Z1f" + std::string(100'000, 'P') + "v";
  CHECK(demangle(deep) == deep);
  // Deep, and short enough to be tried: the demangler has a limit of its own.
  const std::string nested = "_Z1f" + std::string(4000, 'P') + "v";
  CHECK_FALSE(demangle(nested).empty());
}
