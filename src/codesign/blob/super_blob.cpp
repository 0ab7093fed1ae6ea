#include "codesign/blob/super_blob.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "codesign/blob/layout.h"

namespace tenon::codesign {
namespace {

template <class T>
void put(std::vector<std::byte>& out, std::size_t at, const T& value) {
  std::memcpy(out.data() + at, &value, sizeof value);
}

}  // namespace

std::vector<std::byte> blob_of(std::uint32_t magic, std::span<const std::byte> payload) {
  std::vector<std::byte> out(sizeof(GenericBlob));
  put(out, 0, GenericBlob{magic, static_cast<std::uint32_t>(out.size() + payload.size())});
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

std::vector<std::byte> super_blob_of(std::span<const BlobPart> parts) {
  std::vector<std::byte> out(sizeof(SuperBlobHeader) + parts.size() * sizeof(BlobIndex));
  std::size_t entry = sizeof(SuperBlobHeader);
  for (const BlobPart& part : parts) {
    put(out, entry, BlobIndex{part.slot, static_cast<std::uint32_t>(out.size())});
    entry += sizeof(BlobIndex);
    out.insert(out.end(), part.bytes.begin(), part.bytes.end());
  }
  put(out, 0,
      SuperBlobHeader{CSMAGIC_EMBEDDED_SIGNATURE, static_cast<std::uint32_t>(out.size()),
                      static_cast<std::uint32_t>(parts.size())});
  return out;
}

}  // namespace tenon::codesign
