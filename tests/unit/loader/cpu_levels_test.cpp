#include "loader/elf/cpu_levels.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace tenon::loader {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("a level has those below it") {
  CHECK(hwcaps_of_level("x86-64-v4") == Names{"x86-64-v4", "x86-64-v3", "x86-64-v2"});
  CHECK(hwcaps_of_level("x86-64-v2") == Names{"x86-64-v2"});
  CHECK(hwcaps_of_level("x86-64") == Names{});
  CHECK(hwcaps_of_level("power10") == Names{"power10", "power9"});
  CHECK_FALSE(hwcaps_of_level("haswell"));
  CHECK_FALSE(hwcaps_of_level(""));
}

TEST_CASE("levels of /proc/cpuinfo") {
  const std::string v2 = "flags\t\t: fpu pni ssse3 cx16 sse4_1 sse4_2 popcnt lahf_lm";
  const std::string v3 = v2 + " avx avx2 bmi1 bmi2 f16c fma abm movbe xsave";
  CHECK(hwcaps_of_cpuinfo("processor : 0\n" + v2 + "\n") == Names{"x86-64-v2"});
  CHECK(hwcaps_of_cpuinfo(v3 + "\nflags : none\n") == Names{"x86-64-v3", "x86-64-v2"});
  CHECK(hwcaps_of_cpuinfo(v3 + " avx512f avx512bw avx512cd avx512dq avx512vl\n").size() == 3);
  // A gap below ends it: features of v4 without those of v3.
  CHECK(hwcaps_of_cpuinfo(v2 + " avx512f avx512bw avx512cd avx512dq avx512vl\n").size() == 1);
  CHECK(hwcaps_of_cpuinfo("flags").empty());
  CHECK(hwcaps_of_cpuinfo("").empty());
}

}  // namespace
}  // namespace tenon::loader
