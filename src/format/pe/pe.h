// Reads PE images (programs and DLLs of Windows, PE32 and PE32+) and the headers of COFF objects.
// Rules: Microsoft's "PE Format" and <winnt.h>; delayimp.h for delay imports; the "Image" part of
// LLVM's COFFObjectFile.cpp where the specification is silent (no import lookup table, names of
// sections above 8 bytes).
//
// An RVA is an address relative to the image base; Go's tables hold virtual addresses, that is
// image base + RVA.
//
// Ownership: File, ExportTable and every string_view, span and ByteView that they return borrow the
// bytes given to parse(). Offsets in errors are file offsets. Allocation stays below twice the
// file.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/lifetime.h"
#include "base/result.h"
#include "format/gobin/buildinfo.h"
#include "format/pe/layout.h"

namespace tenon::pe {

// Names are cut here; link.exe allows no longer ones.
inline constexpr std::size_t longest_name = 4096;

// The name that Go has for a machine ("amd64", "386", "arm64") or the usual one where Go has none
// ("arm64ec"). Empty for an unknown value.
[[nodiscard]] std::string_view machine_name(std::uint16_t machine);

// "windows" (a program with windows), "console", "native", "efi-application" ... Empty for an
// unknown value.
[[nodiscard]] std::string_view subsystem_name(std::uint16_t subsystem);

struct Version {
  std::uint16_t major = 0, minor = 0;
};

// File header and optional header. Values are those of pe/layout.h; sizes are bytes.
struct Header {
  bool is_64 = true;  // PE32+
  std::uint16_t machine = 0;
  std::uint16_t characteristics = 0;
  std::uint16_t subsystem = 0;
  std::uint16_t dll_characteristics = 0;
  std::uint32_t timestamp = 0;    // seconds since 1970, or a hash in a reproducible build
  std::uint32_t entry_point = 0;  // RVA; 0: none
  std::uint64_t image_base = 0;   // the address that the image prefers
  std::uint32_t image_size = 0, headers_size = 0;
  std::uint32_t section_alignment = 0, file_alignment = 0;
  std::uint32_t checksum = 0;
  Version linker, os, subsystem_version;

  [[nodiscard]] bool is_dll() const { return (characteristics & IMAGE_FILE_DLL) != 0; }

  // ASLR.
  [[nodiscard]] bool dynamic_base() const {
    return (dll_characteristics & IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE) != 0;
  }

  // DEP: no execution from data.
  [[nodiscard]] bool nx_compatible() const {
    return (dll_characteristics & IMAGE_DLLCHARACTERISTICS_NX_COMPAT) != 0;
  }

  // ASLR over 64 bits.
  [[nodiscard]] bool high_entropy() const {
    return (dll_characteristics & IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA) != 0;
  }
};

struct Section {
  std::string_view name;  // names above 8 bytes come from the string table
  std::uint32_t rva = 0, virtual_size = 0;
  std::uint32_t offset = 0, size = 0;  // in the file
  std::uint32_t characteristics = 0;   // IMAGE_SCN_*
};

struct Directory {
  std::uint32_t rva = 0, size = 0;
};

struct Import {
  std::string_view name;      // empty when imported by ordinal
  std::uint16_t ordinal = 0;  // of an import by name: the hint
  bool by_ordinal = false;
};

struct ImportedDll {
  std::string_view dll;  // as written, "KERNEL32.dll"; Windows ignores case
  bool delayed = false;  // loaded at the first call of one of its functions
  std::vector<Import> imports;
};

struct Export {
  std::string_view name;
  std::uint32_t ordinal = 0;
  std::uint32_t rva = 0;
  // "OTHER.Function": the export stands for one of another DLL. Empty for most.
  std::string_view forwarder;
};

struct Symbol {
  std::string_view name;
  std::uint32_t value = 0;   // offset in its section; size of a common symbol
  std::int32_t section = 0;  // from 1, or IMAGE_SYM_*
  std::uint8_t storage_class = 0;

  // Says only what a section is, or the source file's name.
  bool auxiliary = false;
};

// The names that a DLL exports, read in place.
class ExportTable {
 public:
  // The name that the linker gave the DLL; empty when it has none.
  [[nodiscard]] std::string_view dll() const { return dll_; }

  // Number of names. Functions without a name are not among them.
  [[nodiscard]] std::uint64_t size() const { return names_.size(); }

  // Number of functions, with or without a name; gaps between ordinals count.
  [[nodiscard]] std::uint64_t function_count() const { return functions_.size(); }

  // In the order of the table, which is that of the names. `index` at or past size() and an entry
  // that leads nowhere give an empty name or an RVA of 0.
  [[nodiscard]] Export operator[](std::uint64_t index) const;

 private:
  friend class File;

  const class File* file_ = nullptr;
  std::string_view dll_;
  std::uint32_t ordinal_base_ = 0;
  Directory directory_;
  std::span<const ul32> functions_, names_;
  std::span<const ul16> ordinals_;
};

// Which PDB file belongs to the image.
struct CodeView {
  std::array<std::byte, 16> guid{};  // as stored
  std::uint32_t age = 0;
  std::string_view pdb;  // path on the machine that linked
};

// "{AABBCCDD-EEFF-...}" without braces, upper case, as debuggers print it.
[[nodiscard]] std::string guid_text(const std::array<std::byte, 16>& guid);

class File {
 public:
  // Reads headers and section table; all else is checked when it is asked for. malformed for bytes
  // that are no PE image, unsupported for programs of DOS, OS/2 and Windows 3 ("MZ" without "PE")
  // and for images without an optional header, truncated when the tables do not fit.
  static Result<File> parse(ByteView bytes);

  [[nodiscard]] const Header& header() const TENON_LIFETIMEBOUND { return header_; }

  [[nodiscard]] ByteView bytes() const { return bytes_; }

  [[nodiscard]] std::span<const Section> sections() const TENON_LIFETIMEBOUND { return sections_; }

  // The first with that name, or nullptr.
  [[nodiscard]] const Section* section(std::string_view name) const TENON_LIFETIMEBOUND;

  // All zero when the image has fewer directories.
  [[nodiscard]] Directory directory(std::size_t index) const;

  // The bytes that a section has in the file; truncated when they are not all there.
  [[nodiscard]] Result<ByteView> contents(const Section& section) const;

  // `count` bytes at an RVA. not_found when no section has them in the file.
  [[nodiscard]] Result<ByteView> at_rva(std::uint64_t rva, std::uint64_t count) const;

  // All bytes from an RVA to the end of its section in the file.
  [[nodiscard]] Result<ByteView> from_rva(std::uint64_t rva) const;

  // What is loaded at which virtual address, for gobin::read_build_info: writable data first, where
  // Go keeps its build information, then the rest in file order. Sections without bytes in the file
  // are left out.
  [[nodiscard]] std::vector<gobin::Region> regions() const;

  // DLLs in file order, plain before delayed ones. malformed or not_found when a table leads
  // outside, or for more entries than a file of this size can mean.
  [[nodiscard]] Result<std::vector<ImportedDll>> imports() const;

  // nullopt without an export directory. The table borrows this File as well.
  [[nodiscard]] Result<std::optional<ExportTable>> exports() const;

  // The symbol table of COFF, which linkers of Microsoft leave out of images and Go's and MinGW's
  // keep. Calls `sink` for each, 0 times without a table; truncated when it is not all there.
  Result<void> for_each_symbol(const std::function<void(const Symbol&)>& sink) const;

  // Whether the header of Microsoft's linker is there ("Rich").
  [[nodiscard]] bool has_rich_header() const;

  // The entries of the debug directory, in place; empty without one.
  [[nodiscard]] Result<std::span<const DebugDirectory>> debug_entries() const;

  // The first CodeView entry with a GUID; nullopt when there is none.
  [[nodiscard]] Result<std::optional<CodeView>> code_view() const;

  // The certificate table (Authenticode), which lies behind what is loaded. nullopt without one,
  // truncated when it ends behind the file.
  [[nodiscard]] Result<std::optional<ByteView>> certificates() const;

  // Whether it holds code of .NET.
  [[nodiscard]] bool is_dotnet() const {
    return directory(IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR).rva != 0;
  }

 private:
  friend class ExportTable;
  struct Budget;

  Result<void> read_optional_header(std::uint64_t offset, std::uint64_t size);
  template <class Optional>
  Result<void> take_optional_header(ByteView bytes);
  Result<void> read_sections(std::uint64_t offset, const FileHeader& header);
  [[nodiscard]] std::string_view name_at(std::uint64_t rva) const;
  Result<ImportedDll> read_dll(std::uint64_t name, std::uint64_t lookup, Budget& budget) const;
  template <class Thunk>
  Result<std::vector<Import>> read_thunks(std::uint64_t rva, Budget& budget) const;
  Result<void> read_imports(std::vector<ImportedDll>& out, Budget& budget) const;
  Result<void> read_delay_imports(std::vector<ImportedDll>& out, Budget& budget) const;

  ByteView bytes_;
  std::uint64_t symbols_at_ = 0, symbol_count_ = 0;
  Header header_;
  std::array<Directory, IMAGE_NUMBEROF_DIRECTORY_ENTRIES> directories_{};
  std::vector<Section> sections_;
  std::vector<std::uint16_t> by_rva_;  // indexes of sections_, ordered by RVA
};

enum class ObjectKind : std::uint8_t {
  object,     // .obj, .o
  big,        // /bigobj: more than 65,279 sections
  import,     // an entry of an import library: one name of one DLL
  anonymous,  // link-time code generation of Microsoft's compiler: no common layout
};

// A COFF object, which has no magic number: it counts as one when its machine is known and its
// tables lie in the file.
struct Object {
  ObjectKind kind = ObjectKind::object;
  std::uint16_t machine = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t section_count = 0;  // 0 for import and anonymous
  std::uint32_t symbol_count = 0;   // likewise
};

[[nodiscard]] Result<Object> parse_object(ByteView bytes);

// Sections and symbols of an object of the kinds `object` and `big`; none of the others. Symbol
// names are cut at longest_name.
[[nodiscard]] Result<std::vector<Section>> object_sections(ByteView bytes);
Result<void> for_each_object_symbol(ByteView bytes, const std::function<void(const Symbol&)>& sink);

}  // namespace tenon::pe
