// Headers, sections and addresses. Imports lie in imports.cpp, exports and debug information in
// tables.cpp, symbols in symbols.cpp, objects in object.cpp.
#include "format/pe/pe.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/gobin/buildinfo.h"
#include "format/pe/layout.h"
#include "format/pe/names.h"

namespace tenon::pe {

namespace {

struct Named {
  std::uint16_t value;
  std::string_view name;
};

std::string_view name_of(std::span<const Named> table, std::uint16_t value) {
  const auto found = std::ranges::find(table, value, &Named::value);
  return found == table.end() ? std::string_view() : found->name;
}

// The names of sections above 8 bytes, behind the symbol table. Empty in most images.
ByteView string_table(ByteView bytes, const FileHeader& header) {
  if (header.PointerToSymbolTable == 0) return {};
  const std::uint64_t at = header.PointerToSymbolTable + header.NumberOfSymbols * symbol_size;
  return bytes.from(at).value_or(ByteView());
}

Result<std::uint64_t> file_header_offset(ByteView bytes) {
  const DosHeader* dos = TENON_TRY(bytes.at<DosHeader>(0, "DOS header"));
  if (dos->e_magic != IMAGE_DOS_SIGNATURE) {
    return fail(Errc::malformed, "not a PE image", bytes.base());
  }
  const std::uint64_t at = dos->e_lfanew;
  const auto signature = bytes.at<ul32>(at);
  if (!signature || **signature != IMAGE_NT_SIGNATURE) {
    return fail(Errc::unsupported, "DOS program without a PE image", bytes.base());
  }
  return at + sizeof(ul32);
}

}  // namespace

std::string_view machine_name(std::uint16_t machine) {
  static constexpr std::array<Named, 11> table = {{
      {IMAGE_FILE_MACHINE_I386, "386"},
      {IMAGE_FILE_MACHINE_ARM, "arm"},
      {IMAGE_FILE_MACHINE_ARMNT, "arm"},
      {IMAGE_FILE_MACHINE_IA64, "ia64"},
      {IMAGE_FILE_MACHINE_EBC, "ebc"},
      {IMAGE_FILE_MACHINE_RISCV64, "riscv64"},
      {IMAGE_FILE_MACHINE_LOONGARCH64, "loong64"},
      {IMAGE_FILE_MACHINE_AMD64, "amd64"},
      {IMAGE_FILE_MACHINE_ARM64EC, "arm64ec"},
      {IMAGE_FILE_MACHINE_ARM64X, "arm64x"},
      {IMAGE_FILE_MACHINE_ARM64, "arm64"},
  }};
  return name_of(table, machine);
}

std::string_view subsystem_name(std::uint16_t subsystem) {
  static constexpr std::array<Named, 13> table = {{
      {1, "native"},
      {2, "windows"},
      {3, "console"},
      {5, "os2"},
      {7, "posix"},
      {8, "native-windows-9x"},
      {9, "windows-ce"},
      {10, "efi-application"},
      {11, "efi-boot-driver"},
      {12, "efi-runtime-driver"},
      {13, "efi-rom"},
      {14, "xbox"},
      {16, "boot-application"},
  }};
  return name_of(table, subsystem);
}

Result<File> File::parse(ByteView bytes) {
  File file;
  file.bytes_ = bytes;
  const std::uint64_t at = TENON_TRY(file_header_offset(bytes));
  const FileHeader* raw = TENON_TRY(bytes.at<FileHeader>(at, "PE file header"));
  file.header_.machine = raw->Machine;
  file.header_.characteristics = raw->Characteristics;
  file.header_.timestamp = raw->TimeDateStamp;
  const std::uint64_t optional_at = at + sizeof(FileHeader);
  file.symbols_at_ = raw->PointerToSymbolTable;
  if (file.symbols_at_ != 0) file.symbol_count_ = raw->NumberOfSymbols;
  TENON_TRY(file.read_optional_header(optional_at, raw->SizeOfOptionalHeader));
  TENON_TRY(file.read_sections(optional_at + raw->SizeOfOptionalHeader, *raw));
  return file;
}

Result<void> File::read_optional_header(std::uint64_t offset, std::uint64_t size) {
  const ByteView bytes = TENON_TRY(bytes_.slice(offset, size, "PE optional header"));
  const auto magic = bytes.at<ul16>(0);
  const std::uint16_t value = magic ? std::uint16_t{**magic} : std::uint16_t{0};
  header_.is_64 = value == IMAGE_NT_OPTIONAL_HDR64_MAGIC;
  if (header_.is_64) return take_optional_header<OptionalHeader64>(bytes);
  if (value == IMAGE_NT_OPTIONAL_HDR32_MAGIC) return take_optional_header<OptionalHeader32>(bytes);
  return fail(Errc::unsupported, "PE optional header", bytes.base());
}

template <class Optional>
Result<void> File::take_optional_header(ByteView bytes) {
  const Optional* raw = TENON_TRY(bytes.at<Optional>(0, "PE optional header"));
  header_.subsystem = raw->Subsystem;
  header_.dll_characteristics = raw->DllCharacteristics;
  header_.entry_point = raw->AddressOfEntryPoint;
  header_.image_base = raw->ImageBase;
  header_.image_size = raw->SizeOfImage;
  header_.headers_size = raw->SizeOfHeaders;
  header_.section_alignment = raw->SectionAlignment;
  header_.file_alignment = raw->FileAlignment;
  header_.checksum = raw->CheckSum;
  header_.linker = {raw->MajorLinkerVersion, raw->MinorLinkerVersion};
  header_.os = {raw->MajorOperatingSystemVersion, raw->MinorOperatingSystemVersion};
  header_.subsystem_version = {raw->MajorSubsystemVersion, raw->MinorSubsystemVersion};
  // The loader reads no more than there are places for, whatever the count says.
  const std::uint64_t count =
      std::min<std::uint64_t>({raw->NumberOfRvaAndSizes, directories_.size(),
                               (bytes.size() - sizeof(Optional)) / sizeof(DataDirectory)});
  const auto places = TENON_TRY(bytes.array<DataDirectory>(sizeof(Optional), count));
  std::ranges::transform(places, directories_.begin(), [](const DataDirectory& place) {
    return Directory{place.VirtualAddress, place.Size};
  });
  return {};
}

Result<void> File::read_sections(std::uint64_t offset, const FileHeader& header) {
  const auto table =
      TENON_TRY(bytes_.array<SectionHeader>(offset, header.NumberOfSections, "PE section table"));
  const ByteView strings = string_table(bytes_, header);
  sections_.reserve(table.size());
  for (const SectionHeader& raw : table) {
    sections_.push_back({section_name(raw, strings), raw.VirtualAddress, raw.VirtualSize,
                         raw.PointerToRawData, raw.SizeOfRawData, raw.Characteristics});
  }
  by_rva_.resize(sections_.size());
  std::iota(by_rva_.begin(), by_rva_.end(), std::uint16_t{0});
  std::ranges::sort(by_rva_, {}, [&](std::uint16_t index) { return sections_[index].rva; });
  return {};
}

const Section* File::section(std::string_view name) const {
  const auto found = std::ranges::find(sections_, name, &Section::name);
  return found == sections_.end() ? nullptr : &*found;
}

Directory File::directory(std::size_t index) const {
  return index < directories_.size() ? directories_[index] : Directory{};
}

Result<ByteView> File::contents(const Section& section) const {
  return bytes_.slice(section.offset, section.size, "PE section");
}

Result<ByteView> File::from_rva(std::uint64_t rva) const {
  const auto behind = std::ranges::upper_bound(
      by_rva_, rva, {}, [&](std::uint16_t index) -> std::uint64_t { return sections_[index].rva; });
  if (behind != by_rva_.begin()) {
    const Section& section = sections_[*std::prev(behind)];
    const std::uint64_t inside = rva - section.rva;
    if (inside < section.size) {
      return bytes_.slice(section.offset + inside, section.size - inside, "PE section");
    }
  } else if (rva < header_.headers_size && rva < bytes_.size()) {
    // The headers are mapped as they lie in the file.
    return bytes_.slice(rva, std::min<std::uint64_t>(header_.headers_size, bytes_.size()) - rva);
  }
  return fail(Errc::not_found, "address in a PE image", bytes_.base());
}

Result<ByteView> File::at_rva(std::uint64_t rva, std::uint64_t count) const {
  const ByteView rest = TENON_TRY(from_rva(rva));
  if (count > rest.size()) {
    return fail(Errc::not_found, "bytes at an address in a PE image", rest.base());
  }
  return rest.slice(0, count);
}

std::vector<gobin::Region> File::regions() const {
  static constexpr std::uint32_t writable = IMAGE_SCN_MEM_WRITE | IMAGE_SCN_CNT_INITIALIZED_DATA;
  const auto is_data = [](const Section& section) {
    return (section.characteristics & writable) == writable;
  };
  std::vector<gobin::Region> out;
  out.reserve(sections_.size());
  for (const bool data : {true, false}) {
    for (const Section& section : sections_) {
      if (is_data(section) != data || section.size == 0) continue;
      const auto bytes = contents(section);
      if (bytes) out.push_back({header_.image_base + section.rva, *bytes});
    }
  }
  return out;
}

}  // namespace tenon::pe
