// The kinds that a failure can be of, whatever its cause: what a reader can check when no cause is
// known, and what cannot be told of two lines that are of different kinds.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/shell_word.h"
#include "base/template.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"

namespace tenon {

enum class FailureClass : std::uint8_t {
  resource_exhausted,
  program_missing,
  cgo_off,
  package_missing,
  module_unavailable,
  toolchain_wrong,
  sdk_missing,
  pkg_config,
  header_missing,
  c_error,
  go_error,
  option_unknown,
  file_refused,
  library_missing,
  symbol_undefined,
  symbol_duplicate,
  link_failed,
  permission_denied,
  start_refused,
  signature_refused,
  killed,
  crashed,
  test_failed,
  network,
  tool_failed,
  unknown,
};

inline constexpr std::size_t failure_classes = static_cast<std::size_t>(FailureClass::unknown) + 1;

// "header-missing", as scripts read it.
[[nodiscard]] std::string_view class_name(FailureClass value);
// "a header is missing", for people.
[[nodiscard]] std::string_view class_words(FailureClass value);

[[nodiscard]] FailureClass class_of(const LogEvent& event);
// Of a line that is no event.
[[nodiscard]] FailureClass class_of_line(std::string_view line, const Voice& voice);

// What can be asked on the machine where it happened, two or three commands that change nothing.
// A command whose names the log does not give is left out.
[[nodiscard]] std::vector<ShellCommand> checks_of(FailureClass value, const Log& log,
                                                  const Captures& names);

}  // namespace tenon
