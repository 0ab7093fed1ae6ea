// COFF objects, as far as their headers go.
#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/pe/layout.h"
#include "format/pe/names.h"
#include "format/pe/pe.h"

namespace tenon::pe {

namespace {

// <winnt.h> has it only in its comments; the value is that of LLVM's COFF.h (BigObjMagic).
constexpr std::array<std::uint8_t, 16> big_class = {0xc7, 0xa1, 0xba, 0xd1, 0xee, 0xba, 0xa9, 0x4b,
                                                    0xaf, 0x20, 0xfa, 0xf6, 0x6a, 0xa4, 0xdc, 0xb8};

bool known(std::uint16_t machine) { return !machine_name(machine).empty(); }

std::unexpected<Error> no_object(ByteView bytes) {
  return fail(Errc::malformed, "not a COFF object", bytes.base());
}

Result<Object> parse_big(ByteView bytes) {
  const BigObjHeader* raw = TENON_TRY(bytes.at<BigObjHeader>(0, "COFF header"));
  TENON_TRY(bytes.array<SectionHeader>(sizeof(BigObjHeader), raw->NumberOfSections,
                                       "COFF section table"));
  TENON_TRY(bytes.slice(raw->PointerToSymbolTable, raw->NumberOfSymbols * bigobj_symbol_size,
                        "COFF symbol table"));
  return Object{ObjectKind::big, raw->Machine, raw->TimeDateStamp, raw->NumberOfSections,
                raw->NumberOfSymbols};
}

Result<Object> parse_anonymous(ByteView bytes) {
  const AnonHeader* raw = TENON_TRY(bytes.at<AnonHeader>(0, "COFF header"));
  if (raw->Sig2 != 0xffff || !known(raw->Machine)) return no_object(bytes);
  if (raw->Version == 0) return Object{ObjectKind::import, raw->Machine, raw->TimeDateStamp};
  const auto big = bytes.at<BigObjHeader>(0);
  if (raw->Version >= 2 && big && (*big)->ClassID == big_class) return parse_big(bytes);
  return Object{ObjectKind::anonymous, raw->Machine, raw->TimeDateStamp};
}

// Objects have none, but for those that cmd/link makes for an external linker.
bool plausible_optional_header(ByteView bytes, const FileHeader& raw) {
  if (raw.SizeOfOptionalHeader == 0) return true;
  const auto magic = bytes.at<ul16>(sizeof(FileHeader));
  if (!magic) return false;
  const std::uint16_t value = **magic;
  return (value == IMAGE_NT_OPTIONAL_HDR64_MAGIC &&
          raw.SizeOfOptionalHeader >= sizeof(OptionalHeader64)) ||
         (value == IMAGE_NT_OPTIONAL_HDR32_MAGIC &&
          raw.SizeOfOptionalHeader >= sizeof(OptionalHeader32));
}

std::uint64_t sections_at(const FileHeader& raw) {
  return sizeof(FileHeader) + raw.SizeOfOptionalHeader;
}

}  // namespace

Result<Object> parse_object(ByteView bytes) {
  const FileHeader* raw = TENON_TRY(bytes.at<FileHeader>(0, "COFF header"));
  if (raw->Machine == IMAGE_FILE_MACHINE_UNKNOWN) return parse_anonymous(bytes);
  const bool image = (raw->Characteristics & IMAGE_FILE_EXECUTABLE_IMAGE) != 0;
  if (!known(raw->Machine) || image || !plausible_optional_header(bytes, *raw)) {
    return no_object(bytes);
  }
  if (raw->NumberOfSections == 0 && raw->NumberOfSymbols == 0) return no_object(bytes);
  TENON_TRY(
      bytes.array<SectionHeader>(sections_at(*raw), raw->NumberOfSections, "COFF section table"));
  TENON_TRY(bytes.slice(raw->PointerToSymbolTable, raw->NumberOfSymbols * symbol_size,
                        "COFF symbol table"));
  return Object{ObjectKind::object, raw->Machine, raw->TimeDateStamp, raw->NumberOfSections,
                raw->NumberOfSymbols};
}

namespace {

struct Tables {
  std::uint64_t sections_at = 0, section_count = 0;
  std::uint64_t symbols_at = 0, symbol_count = 0;
  bool big = false;

  [[nodiscard]] std::uint64_t strings_at() const {
    return symbols_at + symbol_count * (big ? bigobj_symbol_size : symbol_size);
  }
};

// Nothing for objects without tables of this kind.
Result<Tables> tables_of(ByteView bytes) {
  const Object object = TENON_TRY(parse_object(bytes));
  if (object.kind == ObjectKind::object) {
    const FileHeader* raw = TENON_TRY(bytes.at<FileHeader>(0));
    return Tables{sections_at(*raw), raw->NumberOfSections, raw->PointerToSymbolTable,
                  raw->NumberOfSymbols, false};
  }
  if (object.kind == ObjectKind::big) {
    const BigObjHeader* raw = TENON_TRY(bytes.at<BigObjHeader>(0));
    return Tables{sizeof(BigObjHeader), raw->NumberOfSections, raw->PointerToSymbolTable,
                  raw->NumberOfSymbols, true};
  }
  return Tables{};
}

}  // namespace

Result<std::vector<Section>> object_sections(ByteView bytes) {
  const Tables tables = TENON_TRY(tables_of(bytes));
  const auto headers = TENON_TRY(
      bytes.array<SectionHeader>(tables.sections_at, tables.section_count, "COFF section table"));
  const ByteView strings =
      tables.symbols_at == 0 ? ByteView() : bytes.from(tables.strings_at()).value_or(ByteView());
  std::vector<Section> out;
  out.reserve(headers.size());
  for (const SectionHeader& raw : headers) {
    out.push_back({section_name(raw, strings), raw.VirtualAddress, raw.VirtualSize,
                   raw.PointerToRawData, raw.SizeOfRawData, raw.Characteristics});
  }
  return out;
}

Result<void> for_each_object_symbol(ByteView bytes,
                                    const std::function<void(const Symbol&)>& sink) {
  const Tables tables = TENON_TRY(tables_of(bytes));
  return read_symbols(bytes, tables.symbols_at, tables.symbol_count, tables.big, sink);
}

}  // namespace tenon::pe
