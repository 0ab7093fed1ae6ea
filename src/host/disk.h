// The machine's files behind the interface that pure code uses.
#pragma once

#include <map>

#include "base/file_source.h"
#include "host/files.h"

namespace tenon {

// Maps files and keeps them mapped until destruction.
class DiskFiles final : public FileSource {
 public:
  [[nodiscard]] Result<ByteView> open(const std::string& path) override {
    if (const auto known = open_.find(path); known != open_.end()) return known->second.view();
    Mapping mapping = TENON_TRY(map_file(path));
    return open_.emplace(path, std::move(mapping)).first->second.view();
  }

  [[nodiscard]] bool exists(const std::string& path) override { return is_file(path); }

 private:
  std::map<std::string, Mapping> open_;
};

}  // namespace tenon
