// Flags of #cgo lines that go refuses, and the pattern that allows one of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tenon {

// A regular expression for CGO_CFLAGS_ALLOW and its kin that fits this flag and no other. None for
// a flag that may load code, run programs or read and write files, and for one of a kind not known
// to be harmless: go's list guards against code from the network, and nobody should open it unread.
[[nodiscard]] std::optional<std::string> allow_pattern(std::string_view flag);

}  // namespace tenon
