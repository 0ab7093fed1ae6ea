// Which packages a build consists of, asked while go builds when that takes long: a build with
// nothing to do is over before and never asks.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "crossbuild/run/build.h"

namespace tenon {

class PackageList {
 public:
  // Asks in the background; does nothing when that was done before.
  void start(const BuildState& state, const std::vector<std::string>& environment);
  // TN0602 when none of the packages is a program or a library. Waits for the answer.
  [[nodiscard]] Outcome<void> check_mains(const BuildState& state, const Target& target,
                                          const std::vector<std::string>& environment);
  // The answer, or null before it is there.
  [[nodiscard]] const GoList* known() const { return ready_ ? &list_ : nullptr; }
  // Whether a package is among them, after check_mains().
  [[nodiscard]] bool has(std::string_view path) const;
  // All of them, after check_mains().
  [[nodiscard]] const GoList& list() const { return list_; }

 private:
  GoList list_;
  bool started_ = false;
  std::atomic<bool> ready_ = false;
  std::jthread thread_;  // last: it writes to the list
};

}  // namespace tenon
