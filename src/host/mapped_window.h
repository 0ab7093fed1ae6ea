// Lets a walk over a mapped file of any size use little memory.
#pragma once

#include "base/page_window.h"
#include "host/files.h"

namespace tenon {

class MappedWindow final : public PageWindow {
 public:
  void enter(std::span<const std::byte> bytes) override { expect_mapped(bytes); }
  void leave(std::span<const std::byte> bytes) override { release_mapped(bytes); }
};

}  // namespace tenon
