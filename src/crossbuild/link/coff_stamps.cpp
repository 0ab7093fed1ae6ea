#include "crossbuild/link/coff_stamps.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "format/pe/layout.h"
#include "format/pe/pe.h"

namespace tenon {
namespace {

// Bytes that get the beginning of the hash.
struct Place {
  std::uint64_t offset = 0, size = 0;
};

struct Places {
  std::vector<Place> stamps;
  std::uint64_t checksum = 0;
};

constexpr std::uint64_t stamp_in_file_header = 4;
constexpr std::uint64_t stamp_in_table = 4;       // of the debug directory and of the exports
constexpr std::uint64_t checksum_in_header = 64;  // of both kinds of optional headers
constexpr std::uint64_t guid_in_code_view = 4, guid_size = 16;

std::uint64_t offset_in(ByteView image, const void* place) {
  return static_cast<std::uint64_t>(static_cast<const std::byte*>(place) - image.data());
}

Result<void> add_debug(const pe::File& file, bool keeps_pdb, Places& out) {
  for (const pe::DebugDirectory& entry : TENON_TRY(file.debug_entries())) {
    out.stamps.push_back({offset_in(file.bytes(), &entry) + stamp_in_table, 4});
    if (keeps_pdb || entry.Type != pe::IMAGE_DEBUG_TYPE_CODEVIEW) continue;
    const auto record = file.bytes().slice(entry.PointerToRawData, entry.SizeOfData);
    if (!record || !record->text().starts_with("RSDS")) continue;
    if (!record->contains(guid_in_code_view, guid_size)) continue;
    out.stamps.push_back({entry.PointerToRawData + guid_in_code_view, guid_size});
  }
  return {};
}

Result<Places> find_places(ByteView image, bool keeps_pdb) {
  const pe::File file = TENON_TRY(pe::File::parse(image));
  const auto* dos = TENON_TRY(image.at<pe::DosHeader>(0));
  const std::uint64_t header = std::uint64_t{dos->e_lfanew} + 4;
  Places out;
  out.stamps.push_back({header + stamp_in_file_header, 4});
  out.checksum = header + sizeof(pe::FileHeader) + checksum_in_header;
  TENON_TRY(add_debug(file, keeps_pdb, out));
  const pe::Directory exports = file.directory(pe::IMAGE_DIRECTORY_ENTRY_EXPORT);
  if (exports.rva == 0) return out;
  const ByteView table = TENON_TRY(file.at_rva(exports.rva, sizeof(pe::ExportDirectory)));
  out.stamps.push_back({offset_in(image, table.data()) + stamp_in_table, 4});
  return out;
}

}  // namespace

std::uint32_t pe_checksum(ByteView image, std::uint64_t field) {
  std::uint64_t sum = 0;
  for (std::uint64_t at = 0; at < image.size(); at += 2) {
    if (at == field || at == field + 2) continue;
    const auto byte = [&](std::uint64_t i) {
      return i < image.size() ? std::to_integer<std::uint64_t>(image.bytes()[i]) : 0;
    };
    sum += byte(at) | byte(at + 1) << 8U;
    sum = (sum & 0xffffU) + (sum >> 16U);
  }
  return static_cast<std::uint32_t>(sum + image.size());
}

Result<void> settle_stamps(std::span<std::byte> image, bool keeps_pdb) {
  const ByteView view{std::span<const std::byte>(image)};
  const Places places = TENON_TRY(find_places(view, keeps_pdb));
  ul32 checksum;
  std::memcpy(&checksum, image.data() + places.checksum, sizeof(checksum));
  const bool has_checksum = checksum != 0;
  const auto put = [&](std::uint64_t offset, std::span<const std::byte> bytes) {
    std::ranges::copy(bytes, image.begin() + static_cast<std::ptrdiff_t>(offset));
  };
  constexpr std::array<std::byte, guid_size> zeros{};
  for (const Place& place : places.stamps) put(place.offset, std::span(zeros).first(place.size));
  put(places.checksum, std::span(zeros).first(sizeof(checksum)));
  const Sha256 digest = sha256(image);
  for (const Place& place : places.stamps) put(place.offset, std::span(digest).first(place.size));
  if (!has_checksum) return {};
  checksum = pe_checksum(view, places.checksum);
  std::memcpy(image.data() + places.checksum, &checksum, sizeof(checksum));
  return {};
}

}  // namespace tenon
