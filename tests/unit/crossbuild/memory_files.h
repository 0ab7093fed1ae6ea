// Files that lie in memory, for the pure parts of a build.
#pragma once

#include <map>
#include <string>

#include "base/file_source.h"

namespace tenon::test {

class MemoryFiles final : public FileSource {
 public:
  explicit MemoryFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  Result<ByteView> open(const std::string& path) override {
    const auto found = files_.find(path);
    if (found == files_.end()) return fail(Errc::not_found, "no such file");
    return view_of(found->second);
  }

  bool exists(const std::string& path) override { return files_.contains(path); }

 private:
  std::map<std::string, std::string> files_;
};

}  // namespace tenon::test
