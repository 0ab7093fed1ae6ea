// The machine's files behind the interface that pure code uses.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/file_source.h"
#include "base/unread.h"
#include "host/files.h"
#include "host/mapping.h"

namespace tenon {

// Maps files and keeps them mapped until destruction.
class DiskFiles final : public FileSource {
 public:
  [[nodiscard]] Result<ByteView> open(const std::string& path) override {
    if (const auto known = open_.find(path); known != open_.end()) return known->second.view();
    Mapping mapping = TENON_TRY(map_file(path));
    return open_.emplace(path, std::move(mapping)).first->second.view();
  }

  // The first file that is not the one that was mapped; a reader asks at its end.
  [[nodiscard]] std::optional<Unread> changed() const {
    for (const auto& [path, mapping] : open_) {
      if (const auto same = mapping.unchanged(); !same) return Unread{path, same.error()};
    }
    return std::nullopt;
  }

  [[nodiscard]] bool exists(const std::string& path) override { return is_file(path); }

 private:
  std::map<std::string, Mapping> open_;
};

}  // namespace tenon
