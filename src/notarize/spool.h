// Where the contents of archives go while they are looked at: memory for small ones, files without
// a name for others. And how much may be unpacked: a small archive can hold petabytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/file_tree.h"
#include "base/result.h"

namespace tenon::notarize {

// One piece of contents as it comes.
class SpoolFile {
 public:
  SpoolFile() = default;
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;
  virtual ~SpoolFile() = default;
  [[nodiscard]] virtual Result<void> write(std::span<const std::byte> bytes) = 0;
  // Over what was written.
  [[nodiscard]] virtual Result<void> write_at(std::uint64_t offset,
                                              std::span<const std::byte> bytes) = 0;
  // All that was written; valid as long as its owner.
  [[nodiscard]] virtual Result<FileTree::Content> finish() = 0;
};

class Spool {
 public:
  Spool() = default;
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  virtual ~Spool() = default;
  [[nodiscard]] virtual Result<std::unique_ptr<SpoolFile>> make(std::uint64_t size) = 0;
};

// Keeps everything in memory: for tests, and for what is small.
class MemorySpool final : public Spool {
 public:
  [[nodiscard]] Result<std::unique_ptr<SpoolFile>> make(std::uint64_t size) override;
};

// What one run may unpack. Shared by all archives of a path, nested ones too.
class Budget {
 public:
  static constexpr std::uint64_t most_bytes = std::uint64_t{32} << 30U;
  static constexpr std::uint64_t most_members = 2'000'000;
  static constexpr unsigned most_depth = 8;
  // Compilers' output shrinks to a third; runs of zeros to a thousandth. Programs with large empty
  // tables reach 50.
  static constexpr std::uint64_t most_ratio = 200;
  // Below this, a ratio says nothing.
  static constexpr std::uint64_t free_bytes = std::uint64_t{64} << 20U;

  // Whether `unpacked` bytes of a stream of `packed` bytes are too much for one release.
  [[nodiscard]] static bool is_bomb(std::uint64_t packed, std::uint64_t unpacked) {
    return unpacked > free_bytes && unpacked / most_ratio > packed;
  }
  [[nodiscard]] Result<void> take_bytes(std::uint64_t bytes);
  [[nodiscard]] Result<void> take_members(std::uint64_t members);

 private:
  std::uint64_t bytes_ = most_bytes;
  std::uint64_t members_ = most_members;
};

}  // namespace tenon::notarize
