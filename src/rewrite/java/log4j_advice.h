// Of what Log4j has and SLF4J has not: why, and what a person can do instead.
#pragma once

#include <string_view>

namespace tenon::rewrite::java {

struct Advice {
  std::string_view api, why, hint;
};

// By the simple name of a class or method; one that fits all where there is none.
[[nodiscard]] const Advice& advice_for(std::string_view api);

}  // namespace tenon::rewrite::java
