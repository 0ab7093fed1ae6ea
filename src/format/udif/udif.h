// The trailer of a disk image (UDIF, .dmg): where its parts and its signature are. What the image
// holds is read by partitions.h.
// Rules: Security diskimagerep.cpp (UDIFFileHeader), hdiutil(1).
//
// Ownership: views borrow the bytes given to parse(). Offsets in errors are file offsets.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::udif {

inline constexpr std::uint64_t trailer_size = 512;

struct Image {
  std::uint64_t trailer_at = 0;
  std::uint64_t signature_at = 0, signature_size = 0;  // size 0: not signed
  std::uint64_t data_end = 0;                          // where the last part but the signature ends
  std::uint64_t data_at = 0, data_size = 0;            // the chunks of all partitions
  std::uint64_t list_at = 0, list_size = 0;            // the property list; size 0: none

  [[nodiscard]] bool is_signed() const { return signature_size != 0; }
};

[[nodiscard]] bool is_image(ByteView file);

// malformed for a file without the trailer or with parts that lie outside of it.
[[nodiscard]] Result<Image> parse(ByteView file);

// The trailer with another place of the signature.
[[nodiscard]] Result<std::string> trailer_with(ByteView file, std::uint64_t signature_at,
                                               std::uint64_t signature_size);
// As it is hashed: with the size of the signature 0.
[[nodiscard]] Result<std::string> hashed_trailer(ByteView file);

}  // namespace tenon::udif
