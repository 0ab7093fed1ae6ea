// A file that a program writes for as long as it runs, such as a record.
//
// From beginning to end: open() takes the place of nothing, or of a file that begins with a mark of
// its own kind, and of no other: not of a link, a device or what another program keeps there. The
// first text comes into place whole, by a Replacement; what follows is appended through one
// descriptor of that very file, whatever becomes of its name. A process that is killed leaves the
// lines that it has written.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "host/descriptor.h"

namespace tenon {

class StreamFile {
 public:
  // errc::link for a link, errc::invalid_argument for what is no file and for a file that is not
  // empty and does not begin with `mark`.
  [[nodiscard]] static Result<StreamFile> open(const std::string& path, std::string_view mark,
                                               std::string_view first);
  [[nodiscard]] Result<void> append(std::string_view text);

 private:
  explicit StreamFile(Descriptor file) : file_(std::move(file)) {}

  Descriptor file_;
};

}  // namespace tenon
