// Symbol tables of COFF, in images and in objects.
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "format/pe/layout.h"
#include "format/pe/names.h"
#include "format/pe/pe.h"

namespace tenon::pe {

namespace {

std::string_view until_nul(std::string_view text) { return text.substr(0, text.find('\0')); }

// "//AAAAAA": an offset in digits of base 64, for string tables above 10 MB (LLVM's
// decodeBase64StringEntry).
std::optional<std::uint64_t> base64_offset(std::string_view digits) {
  static constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::uint64_t value = 0;
  for (const char digit : digits) {
    const std::size_t place = alphabet.find(digit);
    if (place == std::string_view::npos) return std::nullopt;
    value = value * 64 + place;
  }
  return value;
}

}  // namespace

std::string_view section_name(const SectionHeader& raw, ByteView strings) {
  const std::string_view name = until_nul({raw.Name.data(), raw.Name.size()});
  if (strings.empty() || !name.starts_with('/')) return name;
  const auto offset =
      name.starts_with("//") ? base64_offset(name.substr(2)) : parse_number(name.substr(1));
  if (!offset || *offset >= strings.size()) return name;
  return until_nul(strings.text().substr(static_cast<std::size_t>(*offset), longest_name));
}

namespace {

template <class Record>
std::string_view symbol_name(const Record& raw, ByteView strings) {
  std::uint32_t zeros = 0;
  std::memcpy(&zeros, raw.Name.data(), sizeof(zeros));
  if (zeros != 0) return until_nul({raw.Name.data(), raw.Name.size()});
  ul32 offset;
  std::memcpy(&offset, raw.Name.data() + sizeof(zeros), sizeof(offset));
  if (offset >= strings.size()) return {};
  return until_nul(strings.text().substr(offset, longest_name));
}

template <class Record>
std::int32_t section_number(const Record& raw) {
  const std::uint32_t value = raw.SectionNumber;
  if constexpr (sizeof(Record) == symbol_size) {
    // The highest three of 16 bits stand for no section.
    return value >= 0xfffd ? static_cast<std::int32_t>(value) - 0x10000
                           : static_cast<std::int32_t>(value);
  } else {
    return static_cast<std::int32_t>(value);
  }
}

template <class Record>
Result<void> read_records(ByteView bytes, std::uint64_t offset, std::uint64_t count,
                          const std::function<void(const Symbol&)>& sink) {
  const auto records = TENON_TRY(bytes.array<Record>(offset, count, "COFF symbol table"));
  const ByteView strings = bytes.from(offset + count * sizeof(Record)).value_or(ByteView());
  for (std::size_t i = 0; i < records.size(); i += 1U + records[i].NumberOfAuxSymbols) {
    const Record& raw = records[i];
    Symbol out;
    out.name = symbol_name(raw, strings);
    out.value = raw.Value;
    out.section = section_number(raw);
    out.storage_class = raw.StorageClass;
    const bool definition =
        raw.NumberOfAuxSymbols != 0 && raw.StorageClass == IMAGE_SYM_CLASS_STATIC;
    out.auxiliary = definition || raw.StorageClass == IMAGE_SYM_CLASS_FILE;
    sink(out);
  }
  return {};
}

}  // namespace

Result<void> read_symbols(ByteView bytes, std::uint64_t offset, std::uint64_t count, bool big,
                          const std::function<void(const Symbol&)>& sink) {
  return big ? read_records<BigSymbolRecord>(bytes, offset, count, sink)
             : read_records<SymbolRecord>(bytes, offset, count, sink);
}

Result<void> File::for_each_symbol(const std::function<void(const Symbol&)>& sink) const {
  if (symbol_count_ == 0) return {};
  return read_symbols(bytes_, symbols_at_, symbol_count_, false, sink);
}

bool File::has_rich_header() const {
  const auto dos = bytes_.at<DosHeader>(0);
  if (!dos) return false;
  const std::string_view stub = bytes_.text().substr(0, (*dos)->e_lfanew);
  return stub.size() > sizeof(DosHeader) && stub.find("Rich", sizeof(DosHeader)) != stub.npos;
}

}  // namespace tenon::pe
