// What is known of the build that gave a log, beside the log: who asks knows it, the words may not
// tell it. Every member may be unknown.
#pragma once

#include <string>

#include "platform/contents.h"

namespace tenon {

struct BuildContext {
  std::string goos = {}, goarch = {};            // of the target
  std::string host_goos = {}, host_goarch = {};  // of the machine that builds
  // Whose packages a sysroot can have, "debian:12": that of the build's sysroot, else of the
  // machine.
  std::string distribution = {};
  // The distribution of the machine that builds, in the same form: its packages install there.
  std::string machine = {};
  // A build of tenon: cgo is on, and nothing of this machine's headers and libraries is taken.
  bool tenon = false;
  // What the machine's index of packages has of the files that the log misses.
  PackageLookup packages = {};

  [[nodiscard]] bool cross() const {
    if (goos.empty() || host_goos.empty()) return false;
    return goos != host_goos || (!goarch.empty() && !host_goarch.empty() && goarch != host_goarch);
  }
};

}  // namespace tenon
