// What the forms of an answer have in common.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/shell_word.h"
#include "base/shown.h"
#include "diagnose/failures/failures.h"
#include "diagnose/log.h"

namespace tenon::explain {

// What to look at for this failure, on the system of the log.
[[nodiscard]] std::vector<ShellCommand> failure_checks(const Log& log, const Failure& failure);

// At most `most` bytes, never half of a character, and no control character: a log is somebody
// else's text on our terminal.
[[nodiscard]] Shown clipped(std::string_view text, std::size_t most);
// A line of the log: the tab between the columns of "FAIL<tab>package" is a blank to a reader.
[[nodiscard]] Shown clipped_line(std::string line, std::size_t most);

}  // namespace tenon::explain
