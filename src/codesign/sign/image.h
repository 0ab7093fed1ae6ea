// Rewriting of a thin Mach-O file in memory: taking a signature out and making room for a new one.
// Knows load commands and __LINKEDIT; nothing of hashes. Not for other folders.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/macho/macho.h"

namespace tenon::sign {

// Where a signature begins: cmd/link, ld64 and codesign agree on 16.
inline constexpr std::uint64_t signature_align = 16;

[[nodiscard]] constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t to) {
  return (value + to - 1) / to * to;
}

// Writes `value` at `offset`, which the caller knows to be inside.
template <Layout T>
void put(std::vector<std::byte>& bytes, std::uint64_t offset, const T& value) {
  std::memcpy(bytes.data() + offset, &value, sizeof(T));
}

// Parses what a signature can be put into: a linked thin file that ends with its only __LINKEDIT.
// invalid_argument for universal files, static libraries and objects, with what to do instead.
[[nodiscard]] Result<macho::File> parse_signable(ByteView slice);

// A file that is being rewritten: its head is changed, the rest is that of the source up to `size`,
// and what a signature adds comes behind. The source may be larger than memory.
struct Image {
  std::vector<std::byte> head;  // header, load commands, and the room behind them
  std::uint64_t size = 0;       // bytes before the signature; head.size() at least

  // The head as a file: commands can be read, contents cannot.
  [[nodiscard]] Result<macho::File> parse() const { return macho::File::parse(ByteView(head)); }
};

// The file without its signature: no load command, no bytes, __LINKEDIT as long as its contents and
// its vmsize rounded to pages. Zeros after the contents go as well, since a signature puts them
// there.
[[nodiscard]] Result<Image> without_signature(const macho::File& file);

// Adds LC_CODE_SIGNATURE for `signature`, which ends the file, and lets __LINKEDIT end with it.
// invalid_argument when the header has no room left.
[[nodiscard]] Result<void> add_signature_command(Image& image, const macho::Range& signature);

}  // namespace tenon::sign
