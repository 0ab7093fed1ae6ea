// COFF objects, as far as their headers go.
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

}  // namespace

Result<Object> parse_object(ByteView bytes) {
  const FileHeader* raw = TENON_TRY(bytes.at<FileHeader>(0, "COFF header"));
  if (raw->Machine == IMAGE_FILE_MACHINE_UNKNOWN) return parse_anonymous(bytes);
  const bool image = (raw->Characteristics & IMAGE_FILE_EXECUTABLE_IMAGE) != 0;
  if (!known(raw->Machine) || raw->SizeOfOptionalHeader != 0 || image) return no_object(bytes);
  if (raw->NumberOfSections == 0 && raw->NumberOfSymbols == 0) return no_object(bytes);
  TENON_TRY(
      bytes.array<SectionHeader>(sizeof(FileHeader), raw->NumberOfSections, "COFF section table"));
  TENON_TRY(bytes.slice(raw->PointerToSymbolTable, raw->NumberOfSymbols * symbol_size,
                        "COFF symbol table"));
  return Object{ObjectKind::object, raw->Machine, raw->TimeDateStamp, raw->NumberOfSections,
                raw->NumberOfSymbols};
}

}  // namespace tenon::pe
