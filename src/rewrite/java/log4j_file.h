// One Java file of the pack "log4j-slf4j": what is changed in it, and what is left.
#pragma once

#include <string_view>

#include "rewrite/java/model.h"
#include "rewrite/java/typing.h"
#include "rewrite/plan.h"

namespace tenon::rewrite::java {

inline constexpr std::string_view log4j = "org.apache.log4j";
inline constexpr std::string_view log4j_dot = "org.apache.log4j.";

inline constexpr std::string_view rule_import = "log4j/import", rule_factory = "log4j/factory",
                                  rule_type = "log4j/type", rule_fatal = "log4j/fatal",
                                  rule_message = "log4j/message", rule_level = "log4j/level",
                                  rule_left = "log4j/left";

// A Logger or Category of Log4j.
[[nodiscard]] bool is_logger(const Type& type);

// Adds edits, sites and what is left to `out`. The text of a file with edits moves there.
void plan_file(World& world, Parsed& file, FilePlan& out);

}  // namespace tenon::rewrite::java
