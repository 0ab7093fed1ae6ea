// Writing signatures: blobs, and many of them as one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tenon::codesign {

// What goes into one slot: a whole blob.
struct BlobPart {
  std::uint32_t slot = 0;
  std::vector<std::byte> bytes;
};

// A payload with its head.
[[nodiscard]] std::vector<std::byte> blob_of(std::uint32_t magic,
                                             std::span<const std::byte> payload);

// The parts one after the other, behind an index.
[[nodiscard]] std::vector<std::byte> super_blob_of(std::span<const BlobPart> parts);

}  // namespace tenon::codesign
