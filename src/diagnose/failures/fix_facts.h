// What a command of a fix needs and changes: what a script has to know before it runs one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"

namespace tenon {

enum class Changes : std::uint8_t {
  nothing,        // it only tells
  this_command,   // an environment or options, for one run
  user_settings,  // `go env -w`, `xcode-select --switch`
  packages,       // of the system or of Go
  files,
};

[[nodiscard]] std::string_view changes_name(Changes value);

struct FixFacts {
  std::vector<std::string> argv;                         // without what `env` sets
  std::vector<std::pair<std::string, std::string>> env;  // an empty value: unset
  std::vector<std::string> needs;  // "system:debian", "tool:apt-get", "rights:root"
  Changes changes = Changes::this_command;
  bool destructive = false;  // removes what it cannot bring back
};

// Whether a reader has to put something in before the command works: NAME, FILE, DIR.
[[nodiscard]] bool has_placeholder(std::string_view word);
[[nodiscard]] bool has_placeholder(const std::vector<std::string>& argv);

[[nodiscard]] FixFacts fix_facts(const ShellCommand& command);

}  // namespace tenon
