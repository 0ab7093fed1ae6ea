// Reads tar archives, plain or compressed with gzip, xz, zstd or bzip2. Nothing is written here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"

namespace tenon {

struct ArchiveEntry {
  enum class Kind : std::uint8_t { file, folder, link, hard_link, other };
  Kind kind = Kind::other;
  std::string path;
  std::string target;  // of a link: its text; of a hard link: another path of the archive
  std::uint64_t size = 0;
  bool executable = false;
};

class ArchiveVisitor {
 public:
  ArchiveVisitor() = default;
  ArchiveVisitor(const ArchiveVisitor&) = delete;
  ArchiveVisitor& operator=(const ArchiveVisitor&) = delete;
  virtual ~ArchiveVisitor() = default;

  // Whether the bytes of a file are wanted. An error ends the reading.
  [[nodiscard]] virtual Result<bool> entry(const ArchiveEntry& entry) = 0;
  [[nodiscard]] virtual Result<void> bytes(std::span<const std::byte> bytes) = 0;
  // Behind the last bytes of a file that was wanted.
  [[nodiscard]] virtual Result<void> end() = 0;
};

// Whether this tenon was built with libarchive. Without it read_archive() is unsupported.
[[nodiscard]] bool reads_archives();

[[nodiscard]] Result<void> read_archive(std::span<const std::byte> archive,
                                        ArchiveVisitor& visitor);

}  // namespace tenon
