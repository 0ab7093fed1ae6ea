// Where a value stands in a JSON text, for messages with a line. Pure; RFC 8259.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::fleet {

// The offset at which the text stops being JSON, or nothing.
[[nodiscard]] std::optional<std::size_t> json_error(std::string_view text);

// The line of a value, from 1; of the nearest value above it that exists. A step of `path` is a
// key, or "[2]" for an element.
[[nodiscard]] std::size_t json_line(std::string_view text, const std::vector<std::string>& path);

[[nodiscard]] std::size_t line_at(std::string_view text, std::size_t offset);

}  // namespace tenon::fleet
