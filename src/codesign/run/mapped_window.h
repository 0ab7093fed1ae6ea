// Pages of a mapped file while they are hashed: brought in at one go, let go afterwards.
#pragma once

#include "codesign/blob/codesign.h"
#include "host/files.h"

namespace tenon {

class MappedWindow final : public codesign::PageWindow {
 public:
  void enter(std::span<const std::byte> bytes) override { expect_mapped(bytes); }
  void leave(std::span<const std::byte> bytes) override { release_mapped(bytes); }
};

}  // namespace tenon
