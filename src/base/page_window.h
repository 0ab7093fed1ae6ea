// How a walk over a large mapped file tells its owner what it needs. Called from several threads.
#pragma once

#include <cstddef>
#include <span>

namespace tenon {

// Told what is about to be read and what is no longer needed, so that a mapped file of any size is
// read in little memory.
class PageWindow {
 public:
  PageWindow() = default;
  PageWindow(const PageWindow&) = delete;
  PageWindow& operator=(const PageWindow&) = delete;
  virtual ~PageWindow() = default;
  virtual void enter(std::span<const std::byte> bytes) = 0;
  virtual void leave(std::span<const std::byte> bytes) = 0;
};

}  // namespace tenon
