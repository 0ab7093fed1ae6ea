// A directory that stands for the root of a Mac: its volumes are one, links are followed inside it.
#pragma once

#include <string>

#include "loader/files.h"
#include "loader/macho/mac.h"

namespace tenon::dyld {

class RootedMac final : public Mac {
 public:
  // Borrows the files.
  explicit RootedMac(loader::Files& files) : files_(files) {}

  [[nodiscard]] Found look(const std::string& path) override;

 private:
  loader::Files& files_;
};

}  // namespace tenon::dyld
