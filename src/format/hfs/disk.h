// The bytes of a volume, as pieces of files: what a disk image unpacks to need not be laid out in
// one place, and its empty parts need not be anywhere.
//
// Ownership: pieces borrow their bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::hfs {

// `size` bytes of the volume from `at` on. Without bytes they are zeros.
struct Piece {
  std::uint64_t at = 0, size = 0;
  ByteView bytes;
};

class Disk {
 public:
  Disk() = default;
  // In any order; zeros between them. malformed when two overlap.
  [[nodiscard]] static Result<Disk> of(std::vector<Piece> pieces);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  // How much of it is somewhere, and not mere zeros.
  [[nodiscard]] std::uint64_t stored() const { return stored_; }
  // truncated for what lies behind the end.
  [[nodiscard]] Result<void> read(std::uint64_t at, std::span<std::byte> out) const;
  // The range where it lies, if that is in one place; nullopt for zeros and for pieces that do not
  // follow each other.
  [[nodiscard]] std::optional<ByteView> view(std::uint64_t at, std::uint64_t size) const;
  // The part that begins at `from`.
  [[nodiscard]] Disk behind(std::uint64_t from) const;

 private:
  [[nodiscard]] std::size_t piece_of(std::uint64_t at) const;

  std::vector<Piece> pieces_;  // by place, without those that are empty
  std::uint64_t size_ = 0, from_ = 0, stored_ = 0;
};

}  // namespace tenon::hfs
