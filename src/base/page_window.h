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

// What a walk from front to back no longer needs, told in large steps.
class PagesBehind {
 public:
  // `window`: null where nobody wants to know.
  PagesBehind(PageWindow* window, std::span<const std::byte> bytes)
      : window_(window), bytes_(bytes) {}

  void reached(std::size_t offset) {
    constexpr std::size_t step = std::size_t{8} << 20U;
    if (window_ == nullptr || offset > bytes_.size() || offset < left_ + step) return;
    window_->leave(bytes_.subspan(left_, offset - left_));
    left_ = offset;
  }

 private:
  PageWindow* window_;
  std::span<const std::byte> bytes_;
  std::size_t left_ = 0;
};

}  // namespace tenon
