// Exports, debug directory, certificates.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "format/pe/layout.h"
#include "format/pe/pe.h"

namespace tenon::pe {

namespace {

template <class T>
Result<std::span<const T>> table_at(const File& file, std::uint64_t rva, std::uint64_t count) {
  if (count == 0) return std::span<const T>();
  const ByteView bytes = TENON_TRY(file.at_rva(rva, count * sizeof(T)));
  return bytes.array<T>(0, count);
}

}  // namespace

Result<std::optional<ExportTable>> File::exports() const {
  const Directory place = directory(IMAGE_DIRECTORY_ENTRY_EXPORT);
  if (place.rva == 0) return std::nullopt;
  const ByteView bytes = TENON_TRY(at_rva(place.rva, sizeof(ExportDirectory)));
  const ExportDirectory* raw = TENON_TRY(bytes.at<ExportDirectory>(0));
  ExportTable table;
  table.file_ = this;
  table.dll_ = raw->Name == 0 ? std::string_view() : name_at(raw->Name);
  table.ordinal_base_ = raw->Base;
  table.directory_ = place;
  table.functions_ =
      TENON_TRY(table_at<ul32>(*this, raw->AddressOfFunctions, raw->NumberOfFunctions));
  table.names_ = TENON_TRY(table_at<ul32>(*this, raw->AddressOfNames, raw->NumberOfNames));
  table.ordinals_ =
      TENON_TRY(table_at<ul16>(*this, raw->AddressOfNameOrdinals, raw->NumberOfNames));
  return table;
}

Export ExportTable::operator[](std::uint64_t index) const {
  if (index >= names_.size()) return {};
  const std::size_t at = static_cast<std::size_t>(index);
  const std::uint32_t function = ordinals_[at];
  Export out;
  out.name = file_->name_at(names_[at]);
  out.ordinal = ordinal_base_ + function;
  if (function >= functions_.size()) return out;
  out.rva = functions_[function];
  // What points into the export directory itself is no code but the name of a forwarder.
  const bool forwarded = out.rva >= directory_.rva && out.rva - directory_.rva < directory_.size;
  if (forwarded) out.forwarder = file_->name_at(out.rva);
  return out;
}

Result<std::span<const DebugDirectory>> File::debug_entries() const {
  const Directory place = directory(IMAGE_DIRECTORY_ENTRY_DEBUG);
  if (place.rva == 0) return std::span<const DebugDirectory>();
  return table_at<DebugDirectory>(*this, place.rva, place.size / sizeof(DebugDirectory));
}

Result<std::optional<CodeView>> File::code_view() const {
  for (const DebugDirectory& entry : TENON_TRY(debug_entries())) {
    if (entry.Type != IMAGE_DEBUG_TYPE_CODEVIEW) continue;
    const ByteView data =
        TENON_TRY(bytes_.slice(entry.PointerToRawData, entry.SizeOfData, "PE CodeView record"));
    const auto record = data.at<CodeViewRecord>(0);
    // "NB10" of older linkers has no GUID.
    if (!record || std::string_view((*record)->Signature.data(), 4) != "RSDS") continue;
    const std::string_view path = data.text().substr(sizeof(CodeViewRecord), longest_name);
    return CodeView{(*record)->Guid, (*record)->Age, path.substr(0, path.find('\0'))};
  }
  return std::nullopt;
}

Result<std::optional<ByteView>> File::certificates() const {
  // The only directory that holds a file offset instead of an RVA.
  const Directory place = directory(IMAGE_DIRECTORY_ENTRY_SECURITY);
  if (place.rva == 0 || place.size == 0) return std::nullopt;
  return TENON_TRY(bytes_.slice(place.rva, place.size, "PE certificate table"));
}

std::string guid_text(const std::array<std::byte, 16>& guid) {
  // A 32-bit and two 16-bit numbers, little-endian, then 8 bytes.
  static constexpr std::array<std::uint8_t, 16> order = {3, 2, 1,  0,  5,  4,  7,  6,
                                                         8, 9, 10, 11, 12, 13, 14, 15};
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    const auto byte = std::to_integer<std::size_t>(guid[order[i]]);
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

}  // namespace tenon::pe
