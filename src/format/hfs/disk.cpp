#include "format/hfs/disk.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::hfs {

Result<Disk> Disk::of(std::vector<Piece> pieces) {
  std::erase_if(pieces, [](const Piece& piece) { return piece.size == 0; });
  std::ranges::sort(pieces, {}, &Piece::at);
  Disk out;
  for (const Piece& piece : pieces) {
    const bool whole = piece.bytes.empty() || piece.bytes.size() == piece.size;
    if (piece.at < out.size_ || piece.size > UINT64_MAX - piece.at || !whole) {
      return fail(Errc::malformed, "parts of the image overlap", piece.at);
    }
    out.size_ = piece.at + piece.size;
    out.stored_ += piece.bytes.size();
  }
  out.pieces_ = std::move(pieces);
  return out;
}

// The first piece that ends behind `at`.
std::size_t Disk::piece_of(std::uint64_t at) const {
  const auto found = std::ranges::upper_bound(
      pieces_, at, {}, [](const Piece& piece) { return piece.at + piece.size; });
  return static_cast<std::size_t>(found - pieces_.begin());
}

Result<void> Disk::read(std::uint64_t at, std::span<std::byte> out) const {
  if (at > size_ || out.size() > size_ - at) {
    return fail(Errc::truncated, "the volume ends early", at);
  }
  std::ranges::fill(out, std::byte{0});
  const std::uint64_t from = from_ + at, end = from + out.size();
  for (std::size_t i = piece_of(from); i < pieces_.size() && pieces_[i].at < end; ++i) {
    const Piece& piece = pieces_[i];
    if (piece.bytes.empty()) continue;
    const std::uint64_t start = std::max(piece.at, from);
    const std::uint64_t stop = std::min(piece.at + piece.size, end);
    const auto part = piece.bytes.bytes().subspan(static_cast<std::size_t>(start - piece.at),
                                                  static_cast<std::size_t>(stop - start));
    std::ranges::copy(part, out.begin() + static_cast<std::ptrdiff_t>(start - from));
  }
  return {};
}

std::optional<ByteView> Disk::view(std::uint64_t at, std::uint64_t size) const {
  if (size == 0 || at > size_ || size > size_ - at) return std::nullopt;
  const std::uint64_t from = from_ + at;
  const std::size_t i = piece_of(from);
  if (i == pieces_.size() || pieces_[i].bytes.empty() || from < pieces_[i].at) return std::nullopt;
  const std::uint64_t inside = from - pieces_[i].at;
  if (size > pieces_[i].size - inside) return std::nullopt;
  auto part = pieces_[i].bytes.slice(inside, size);
  return part ? std::optional(*part) : std::nullopt;
}

Disk Disk::behind(std::uint64_t from) const {
  Disk out = *this;
  from = std::min(from, size_);
  out.from_ += from;
  out.size_ -= from;
  return out;
}

}  // namespace tenon::hfs
