// How pure code sees files: by asking. The machine, a folder that stands for another machine, and
// the tests' table of strings implement it.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon {

class FileSource {
 public:
  FileSource() = default;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  virtual ~FileSource() = default;

  // The bytes of a file, valid as long as the source.
  [[nodiscard]] virtual Result<ByteView> open(const std::string& path) = 0;
  [[nodiscard]] virtual bool exists(const std::string& path) = 0;
};

}  // namespace tenon
