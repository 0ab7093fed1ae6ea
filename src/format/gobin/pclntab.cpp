#include "format/gobin/pclntab.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::gobin {

namespace {

struct PcHeader {
  ub32 magic;
  std::uint8_t pad1, pad2, minLC, ptrSize;
};

static_assert(sizeof(PcHeader) == 8);

std::optional<PclnLayout> layout_of(std::uint32_t magic) {
  switch (magic) {
    case 0xfffffffb: return PclnLayout::go12;
    case 0xfffffffa: return PclnLayout::go116;
    case 0xfffffff0: return PclnLayout::go118;
    case 0xfffffff1: return PclnLayout::go120;
    default: return std::nullopt;
  }
}

bool plausible(const PcHeader& header) {
  const bool quantum = header.minLC == 1 || header.minLC == 2 || header.minLC == 4;
  const bool pointer = header.ptrSize == 4 || header.ptrSize == 8;
  return header.pad1 == 0 && header.pad2 == 0 && quantum && pointer;
}

// Index of the word behind the header that holds the offset of a part of the table.
struct Parts {
  std::uint64_t names, units, files, pc_data, functions;
};

Parts parts_of(PclnLayout layout) {
  if (layout == PclnLayout::go116) return {2, 3, 4, 5, 6};
  return {3, 4, 5, 6, 7};
}

// The bytes of `part` in front of `next`; all of them when the order is another.
ByteView until(ByteView part, ByteView next) {
  if (next.base() < part.base()) return part;
  return part.slice(0, next.base() - part.base()).value_or(part);
}

}  // namespace

GoVersionRange version_range(PclnLayout layout) {
  switch (layout) {
    case PclnLayout::go12: return {"1.2", "1.15"};
    case PclnLayout::go116: return {"1.16", "1.17"};
    case PclnLayout::go118: return {"1.18", "1.19"};
    case PclnLayout::go120: break;
  }
  return {"1.20", ""};
}

Result<std::uint64_t> Pclntab::word(ByteView bytes, std::uint64_t offset,
                                    std::uint64_t size) const {
  if (size == 4 && big_endian_) return std::uint64_t{*TENON_TRY(bytes.at<ub32>(offset))};
  if (size == 4) return std::uint64_t{*TENON_TRY(bytes.at<ul32>(offset))};
  if (big_endian_) return std::uint64_t{*TENON_TRY(bytes.at<ub64>(offset))};
  return std::uint64_t{*TENON_TRY(bytes.at<ul64>(offset))};
}

Result<void> Pclntab::read_identity() {
  const PcHeader* header = TENON_TRY(bytes_.at<PcHeader>(0, "Go pclntab header"));
  const std::uint32_t magic = header->magic;
  auto layout = layout_of(magic);
  big_endian_ = layout.has_value();
  if (!layout) layout = layout_of(__builtin_bswap32(magic));
  if (!layout || !plausible(*header)) {
    return fail(Errc::malformed, "not a Go pclntab", bytes_.base());
  }
  layout_ = *layout;
  pointer_size_ = header->ptrSize;
  return {};
}

Result<ByteView> Pclntab::part(std::uint64_t index) const {
  const std::uint64_t at = sizeof(PcHeader) + index * pointer_size_;
  const std::uint64_t offset = TENON_TRY(word(bytes_, at, pointer_size_));
  return bytes_.from(offset, "Go pclntab part");
}

Result<void> Pclntab::read_tables() {
  count_ = TENON_TRY(word(bytes_, sizeof(PcHeader), pointer_size_));
  if (layout_ == PclnLayout::go12) {
    names_ = functions_ = bytes_;
    entries_ = TENON_TRY(bytes_.from(sizeof(PcHeader) + pointer_size_, "Go pclntab"));
  } else {
    const Parts parts = parts_of(layout_);
    names_ = until(TENON_TRY(part(parts.names)), TENON_TRY(part(parts.units)));
    files_ = until(TENON_TRY(part(parts.files)), TENON_TRY(part(parts.pc_data)));
    functions_ = entries_ = TENON_TRY(part(parts.functions));
  }
  const bool offsets = layout_ == PclnLayout::go118 || layout_ == PclnLayout::go120;
  entry_size_ = field_size_ = offsets ? 4 : pointer_size_;
  if (offsets) {
    const std::uint64_t at = sizeof(PcHeader) + std::uint64_t{2} * pointer_size_;
    text_start_ = TENON_TRY(word(bytes_, at, pointer_size_));
  }
  if (count_ > entries_.size() / (2 * field_size_)) {
    return fail(Errc::malformed, "Go pclntab function count", bytes_.base() + sizeof(PcHeader));
  }
  return {};
}

Result<Pclntab> Pclntab::parse(ByteView bytes) {
  Pclntab table;
  table.bytes_ = bytes;
  TENON_TRY(table.read_identity());
  TENON_TRY(table.read_tables());
  return table;
}

std::optional<Pclntab> Pclntab::find(ByteView bytes) {
  for (std::uint64_t at = 0; bytes.contains(at, sizeof(PcHeader)); at += 8) {
    const auto* first = bytes.data() + at;
    // Both byte orders have these two, and few other words do.
    if (first[1] != std::byte{0xff} || first[2] != std::byte{0xff}) continue;
    const auto rest = bytes.from(at);
    if (!rest) break;
    auto table = parse(*rest);
    if (table && table->size() != 0) return *table;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> Pclntab::entry(std::uint64_t index) const {
  if (index > count_) return std::nullopt;
  const auto value = word(entries_, 2 * index * field_size_, field_size_);
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::uint64_t> Pclntab::function_entry_address(std::uint64_t index) const {
  const auto value = entry(index);
  return value ? std::optional(text_start_ + *value) : std::nullopt;
}

std::uint64_t Pclntab::function_size(std::uint64_t index) const {
  const auto start = index < count_ ? entry(index) : std::nullopt;
  const auto end = start ? entry(index + 1) : std::nullopt;
  return end && *end > *start ? *end - *start : 0;
}

std::string_view Pclntab::function_name(std::uint64_t index) const {
  if (index >= count_) return {};
  const auto offset = word(entries_, (2 * index + 1) * field_size_, field_size_);
  if (!offset || *offset > functions_.size()) return {};
  const auto name = word(functions_, *offset + entry_size_, 4);
  if (!name || *name >= names_.size()) return {};
  const std::string_view rest = names_.text().substr(static_cast<std::size_t>(*name), 16384);
  return rest.substr(0, rest.find('\0'));
}

}  // namespace tenon::gobin
