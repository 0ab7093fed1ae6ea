// Bytes that a reader of files can be given in place of a file.
#pragma once

#include <string>

#include "base/result.h"
#include "host/mapping.h"

namespace tenon {

// As map_file(); but "-" is standard input, and a FIFO ("<(command)", "/dev/stdin" behind a pipe)
// is read to its end into a file without a name, of at most 4 GiB: errc::limit. A terminal is
// invalid_argument.
[[nodiscard]] Result<Mapping> map_input(const std::string& path);

// Whether standard input is a pipe or a file, which somebody meant to be read.
[[nodiscard]] bool input_is_piped();

}  // namespace tenon
