// Writes the files of packages into a new sysroot that nobody uses yet.
//
// Files go through Replacement, one folder after the other by descriptor, so that no link is
// followed; and there is none: links are only noted while packages are read, and made by finish(),
// when everything else is in place. A link never replaces a file, and none is made below another.
// Devices, owners and set-id bits of packages are left out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "crossbuild/run/archive.h"
#include "host/replacement.h"

namespace tenon {

struct SysrootCounts {
  std::uint64_t files = 0, bytes = 0, links = 0;
  std::uint64_t left_out = 0;  // documentation, programs, devices
};

class SysrootWriter : public ArchiveVisitor {
 public:
  explicit SysrootWriter(std::string root) : root_(std::move(root)) {}

  [[nodiscard]] Result<bool> entry(const ArchiveEntry& entry) override;
  [[nodiscard]] Result<void> bytes(std::span<const std::byte> bytes) override;
  [[nodiscard]] Result<void> end() override;

  // Behind the last entry of a package.
  [[nodiscard]] Result<void> end_package();
  // Makes the links.
  [[nodiscard]] Result<void> finish();

  [[nodiscard]] const SysrootCounts& counts() const { return counts_; }

  // The path at which an error occurred, as the package has it.
  [[nodiscard]] const std::string& place() const { return place_; }

 private:
  struct HardLink {
    std::string place, target;
    bool executable = false;
  };

  [[nodiscard]] Result<void> open(const std::string& place, bool executable);
  [[nodiscard]] Result<void> copy(const HardLink& link);
  [[nodiscard]] Result<void> make(const std::string& place, const std::string& to);

  std::string root_, place_;
  std::optional<Replacement> file_;
  std::vector<HardLink> hard_links_;          // of the package that is read
  std::map<std::string, std::string> links_;  // place -> place that it leads to
  SysrootCounts counts_;
  std::uint64_t entries_ = 0;
};

}  // namespace tenon
