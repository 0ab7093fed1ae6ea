#include "crossbuild/compat/undefined.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tenon;

namespace {

UndefinedVerdict judged(std::string_view target, const std::vector<std::string>& names) {
  return judge_undefined(names, *parse_target(target));
}

}  // namespace

// Undefined names of confluent-kafka-go, v8go and wasmtime-go as ld.lld printed them.
TEST_CASE("undefined: names of glibc in a musl link") {
  for (const char* name : {"getcontext", "makecontext", "open64", "__memcpy_chk",
                           "gnu_get_libc_version", "tmpfile64", "__isoc23_strtol"}) {
    CAPTURE(name);
    CHECK(judged("linux/arm64", {"mine", name}).cause == UndefinedCause::glibc_only);
    CHECK(judged("linux/arm64", {"mine", name}).name == name);
  }
}

// Names that only look like those of glibc.
TEST_CASE("undefined: a name that ends in 64 proves nothing") {
  for (const char* target : {"linux/arm64", "linux/arm64:gnu2.17", "darwin/arm64"}) {
    CAPTURE(target);
    CHECK(judged(target, {"my_hash64", "XXH64", "crc64", "check_chk"}).cause ==
          UndefinedCause::other);
  }
}

// glibc's stdlib/Versions, nptl/Versions and release notes of 2.25, 2.28, 2.32, 2.38.
TEST_CASE("undefined: names that glibc got later than was asked for") {
  CHECK(glibc_since("mtx_init") == Version{2, 28, 0});
  CHECK(glibc_since("__libc_single_threaded") == Version{2, 32, 0});
  CHECK(glibc_since("getentropy") == Version{2, 25, 0});
  CHECK(glibc_since("strlcpy") == Version{2, 38, 0});
  CHECK(glibc_since("printf").empty());
  const auto both = judged("linux/arm64:gnu2.17", {"mtx_init", "__libc_single_threaded"});
  CHECK(both.cause == UndefinedCause::newer_glibc);
  CHECK(both.name == "mtx_init");
  CHECK(both.glibc == Version{2, 32, 0});
  CHECK(judged("linux/arm64:gnu2.28", {"mtx_init"}).cause == UndefinedCause::other);
}

// GNU's dual ABI; libc++ has its classes in std::__1.
TEST_CASE("undefined: names of libstdc++ decide before all others") {
  for (const char* name :
       {"std::__cxx11::basic_string<char, std::char_traits<char>>::_M_create(unsigned long&)",
        "std::ios_base::Init::Init()", "std::__throw_length_error(char const*)"}) {
    CAPTURE(name);
    CHECK(judged("linux/arm64", {"open64", name}).cause == UndefinedCause::libstdcxx);
    CHECK(judged("linux/arm64:gnu2.17", {"mtx_init", name}).cause == UndefinedCause::libstdcxx);
  }
  CHECK(judged("linux/arm64", {"std::__1::__throw_length_error()"}).cause == UndefinedCause::other);
}
