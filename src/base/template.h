// Text templates: literal text with {captures}. The product matches the messages of other programs
// with these and never with regular expressions; a match costs time linear in line times captures.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/lifetime.h"

namespace tenon {

using Captures = std::vector<std::pair<std::string, std::string>>;

// `text` against `pattern`. `{name}` captures the shortest text up to the next literal; the pattern
// may begin anywhere in the text and end anywhere, unless it starts with '^' or ends with '$'.
// A capture is never empty. nullopt when it does not match.
[[nodiscard]] std::optional<Captures> match(std::string_view pattern, std::string_view text);

// `pattern` with each {name} replaced by its capture; unknown names stay as they are.
[[nodiscard]] std::string fill(std::string_view pattern, const Captures& captures);

[[nodiscard]] std::string_view capture(const Captures& captures TENON_LIFETIMEBOUND,
                                       std::string_view name);

}  // namespace tenon
