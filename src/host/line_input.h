// Lines of a descriptor, as they come.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/result.h"

namespace tenon {

class LineInput {
 public:
  explicit LineInput(int descriptor) : descriptor_(descriptor) {}

  // The next line without its end; nothing at the end of the input, where a line without an end
  // counts as one. limit: the line is longer than `most` bytes.
  [[nodiscard]] Result<std::optional<std::string>> next(std::size_t most);

 private:
  int descriptor_;
  std::string buffer_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

}  // namespace tenon
