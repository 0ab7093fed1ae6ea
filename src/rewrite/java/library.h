// Names of classes outside of the sources that decide what a simple name stands for.
#pragma once

#include <string_view>

namespace tenon::rewrite::java {

// Whether the package org.apache.log4j (1.2.17) has a class of this simple name.
[[nodiscard]] bool is_class_of_log4j(std::string_view simple_name);
// Of that package, java.lang, java.util.logging, org.slf4j and org.apache.commons.logging, by the
// full name.
[[nodiscard]] bool is_known_class(std::string_view full_name);
// Whether values of the class are thrown, as far as the Java platform's own names tell.
[[nodiscard]] bool is_throwable(std::string_view full_name);

}  // namespace tenon::rewrite::java
