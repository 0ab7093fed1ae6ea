#include "link/pc/version.h"

#include <doctest/doctest.h>

using namespace tenon::pc;

TEST_CASE("versions compare as RPM does it") {
  CHECK(compare_versions("1.2.3", "1.2.3") == 0);
  CHECK(compare_versions("1.2", "1.10") < 0);
  CHECK(compare_versions("1.02", "1.2") == 0);
  CHECK(compare_versions("1.2", "1.2.0") < 0);
  CHECK(compare_versions("1.2a", "1.2") > 0);
  CHECK(compare_versions("1.2~rc1", "1.2") < 0);
  CHECK(compare_versions("1.2~rc1", "1.2~rc2") < 0);
  CHECK(compare_versions("1.a", "1.1") < 0);
  CHECK(compare_versions("1-2", "1.2") == 0);
  CHECK(compare_versions("1.0B", "1.0b") == 0);
  CHECK(compare_versions("99999999999999999999999", "100000000000000000000000") < 0);
  CHECK(compare_versions("", "1") < 0);
  CHECK(compare_versions("", "") == 0);
}

TEST_CASE("operators") {
  CHECK(satisfies("1.2", comparator_of(">="), "1.2"));
  CHECK_FALSE(satisfies("1.2", comparator_of(">"), "1.2"));
  CHECK(satisfies("1.2", comparator_of("!="), "1.3"));
  CHECK(satisfies("1.2", comparator_of("=>"), "9"));  // no operator: any version
  CHECK(comparator_text(Comparator::less_equal) == "<=");
}

TEST_CASE("what a module provides satisfies what is required of it") {
  const auto check = [](const char* has, const char* has_version, const char* wants,
                        const char* wants_version) {
    return provides_satisfies({comparator_of(has), has_version},
                              {comparator_of(wants), wants_version});
  };
  CHECK(check("=", "2.5", ">=", "2.0"));
  CHECK_FALSE(check("=", "1.5", ">=", "2.0"));
  CHECK(check("=", "2.0", "=", "2.0"));
  CHECK(check("=", "2.0", "!=", "2.1"));
  CHECK_FALSE(check("=", "2.0", "!=", "2.0"));
  CHECK(check(">=", "1.0", ">=", "2.0"));
  CHECK_FALSE(check(">=", "3.0", ">=", "2.0"));
  CHECK(check("<", "3.0", "=", "2.0"));
  CHECK_FALSE(provides_satisfies({Comparator::any, ""}, {Comparator::any, ""}));
}
