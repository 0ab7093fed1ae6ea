// A Go test that waits: which wait is one, and which is probably a deadlock. Internal.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "watch/block.h"

namespace tenon::watch {

// nullopt: one of its threads runs.
[[nodiscard]] std::optional<Block> test_waits(const ProcessSample& process);

// "10m0s" as package time of Go prints it, in milliseconds.
[[nodiscard]] std::optional<std::uint64_t> go_duration(std::string_view text);

// "TestName" of the line "=== RUN   TestName"; empty for another line.
[[nodiscard]] std::string_view test_of_line(std::string_view line);

}  // namespace tenon::watch
