// Which flags cmd/go takes from #cgo lines and from pkg-config, and what to do about the others.
//
// The rules are those of cmd/go/internal/work/security.go and of its reader of pkg-config's output
// (Go 1.26), written as a table of our own; a test compares them with the go command itself. The
// variables CGO_LDFLAGS and CGO_CFLAGS of the environment are not checked by cmd/go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {

enum class GoFlagSource : std::uint8_t {
  pkg_config_libs,
  pkg_config_cflags,
  cgo_ldflags,
  cgo_cflags
};

// As cmd/go prints it: "pkg-config --libs", "#cgo LDFLAGS".
[[nodiscard]] std::string_view go_source_name(GoFlagSource source);

struct RejectedFlag {
  std::size_t at = 0;              // the first of its words in the list
  std::vector<std::string> words;  // the flag, and its argument when cmd/go takes the two together
  std::string reason;              // why, as a clause: "a shared library must end in .so"
  // Allowed words that mean the same; empty when there are none.
  std::vector<std::string> instead;
  // The variable to set and its value, which matches these words and nothing else.
  std::string variable;  // "CGO_LDFLAGS_ALLOW"
  std::string pattern;   // "^-Wl,--whole-archive$"
};

// What cmd/go refuses of a list of flags. cmd/go stops at the first one; all are told here.
[[nodiscard]] std::vector<RejectedFlag> rejected_by_go(const std::vector<std::string>& words,
                                                       GoFlagSource source);
// One value for CGO_LDFLAGS_ALLOW or CGO_CFLAGS_ALLOW that allows all of `rejected`.
[[nodiscard]] std::string go_allow_pattern(const std::vector<RejectedFlag>& rejected);

// The words of what a pkg-config prints, as cmd/go reads it. The error is cmd/go's own sentence:
// "unexpected shell character '$' in pkgconf output".
[[nodiscard]] std::expected<std::vector<std::string>, std::string> go_words_of_output(
    std::string_view output);
// Whether cmd/go takes the name of a module in `#cgo pkg-config:`.
[[nodiscard]] bool is_go_module_name(std::string_view name);
// Whether cmd/go takes an option in `#cgo pkg-config:`, such as --static.
[[nodiscard]] bool is_go_pkg_config_option(std::string_view option);

}  // namespace tenon
