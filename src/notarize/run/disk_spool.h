// Unpacked contents on the disk of this machine, in files without a name: nothing is left of them
// when the process ends, however it ends.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/page_window.h"
#include "host/files.h"
#include "notarize/spool.h"

namespace tenon::notarize {

// Passes on what is about mapped files; contents in memory must not be let go of.
class MappedOnly final : public PageWindow {
 public:
  void add(std::span<const std::byte> bytes);
  void enter(std::span<const std::byte> bytes) override;
  void leave(std::span<const std::byte> bytes) override;

 private:
  [[nodiscard]] bool is_mapped(std::span<const std::byte> bytes);

  std::mutex lock_;
  std::vector<std::span<const std::byte>> mapped_;
};

class DiskSpool final : public Spool {
 public:
  explicit DiskSpool(MappedOnly& window) : window_(window) {}
  [[nodiscard]] Result<std::unique_ptr<SpoolFile>> make(std::uint64_t size) override;

 private:
  MappedOnly& window_;
  std::unique_ptr<TemporaryFolder> folder_;  // made when it is needed
};

}  // namespace tenon::notarize
