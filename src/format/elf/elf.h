// Reads ELF files: executables, shared libraries and relocatable objects of both classes and both
// byte orders. Everything that a loader uses is found through program headers, so that a file whose
// section headers were stripped reads the same.
// Rules: System V gABI; glibc <elf.h> and "Symbol Versioning" of the LSB for versions; glibc's
// manual for what a GLIBC_ version means; cmd/link/internal/ld/elf.go of Go for its build id note.
//
// Ownership: File, SymbolTable and every string_view and ByteView that they return borrow the bytes
// given to parse(). Offsets in errors are file offsets. Allocation stays below twice the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/lifetime.h"
#include "base/result.h"

namespace tenon::elf {

// The ELF header, widened to 64 bits. Values are those of elf/layout.h.
struct Header {
  std::uint8_t ei_class = 0;  // ELFCLASS32 or ELFCLASS64
  std::uint8_t ei_data = 0;   // ELFDATA2LSB or ELFDATA2MSB
  std::uint8_t ei_osabi = 0;
  std::uint16_t e_type = 0;
  std::uint16_t e_machine = 0;
  std::uint32_t e_flags = 0;
  std::uint64_t e_entry = 0;
  std::uint64_t e_phoff = 0;
  std::uint64_t e_shoff = 0;
};

struct Segment {
  std::uint32_t p_type = 0;
  std::uint32_t p_flags = 0;
  std::uint64_t p_offset = 0;
  std::uint64_t p_vaddr = 0;
  std::uint64_t p_filesz = 0;
  std::uint64_t p_memsz = 0;
  std::uint64_t p_align = 0;
};

struct Section {
  std::uint32_t sh_name = 0;
  std::uint32_t sh_type = 0;
  std::uint64_t sh_flags = 0;
  std::uint64_t sh_addr = 0;
  std::uint64_t sh_offset = 0;
  std::uint64_t sh_size = 0;
  std::uint32_t sh_link = 0;
  std::uint32_t sh_info = 0;
  std::uint64_t sh_addralign = 0;
  std::uint64_t sh_entsize = 0;
};

// The dynamic section. Addresses are virtual; 0 when the entry is missing.
struct Dynamic {
  bool present = false;
  std::vector<std::string_view> needed;  // DT_NEEDED in file order
  std::optional<std::string_view> soname;
  std::optional<std::string_view> rpath;    // DT_RPATH, unsplit
  std::optional<std::string_view> runpath;  // DT_RUNPATH, unsplit
  std::uint64_t flags = 0;                  // DT_FLAGS
  std::uint64_t flags_1 = 0;                // DT_FLAGS_1
  bool textrel = false;                     // DT_TEXTREL or DF_TEXTREL
  bool bind_now = false;                    // DT_BIND_NOW, DF_BIND_NOW or DF_1_NOW
  bool pie = false;                         // DF_1_PIE
  bool debug = false;                       // DT_DEBUG
  std::uint64_t hash = 0, gnu_hash = 0, strtab = 0, strsz = 0, symtab = 0;
  std::uint64_t versym = 0, verneed = 0, verneednum = 0, verdef = 0, verdefnum = 0;
  std::uint64_t mips_symtabno = 0;
  std::uint64_t rela = 0, relasz = 0, rel = 0, relsz = 0;
  std::uint64_t jmprel = 0, pltrelsz = 0, pltrel = 0;
  bool symbolic = false;  // DT_SYMBOLIC or DF_SYMBOLIC: looks into itself first
  bool filter = false;    // DT_FILTER or DT_AUXILIARY: another library answers for it
};

struct Version {
  std::string_view name;    // "GLIBC_2.34"
  std::uint16_t index = 0;  // the value that DT_VERSYM uses for it, without the hidden bit
  bool weak = false;        // VER_FLG_WEAK: its absence is no error
  bool base = false;        // VER_FLG_BASE: names the file itself
};

struct VersionNeed {
  std::string_view file;  // "libc.so.6"
  std::vector<Version> versions;
};

struct Symbol {
  std::string_view name;          // cut at 16 KiB, empty when its offset is out of range
  std::string_view version;       // of a dynamic symbol: needed or defined version; else empty
  std::string_view version_file;  // the library that is to provide `version`; else empty
  std::uint64_t st_value = 0;
  std::uint64_t st_size = 0;
  std::uint8_t st_info = 0;
  std::uint8_t st_other = 0;
  std::uint16_t st_shndx = 0;
  bool hidden_version = false;  // a definition for programs that were linked to it before

  [[nodiscard]] bool defined() const { return st_shndx != 0; }

  [[nodiscard]] std::uint8_t binding() const { return static_cast<std::uint8_t>(st_info >> 4); }

  [[nodiscard]] std::uint8_t type() const { return st_info & 0xf; }
};

// A symbol table read in place: nothing is copied until a symbol is asked for.
class SymbolTable {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = Symbol;
    using pointer = const Symbol*;
    using reference = Symbol;

    Iterator() = default;

    Iterator(const SymbolTable* table, std::uint64_t index) : table_(table), index_(index) {}

    Symbol operator*() const { return (*table_)[index_]; }

    Iterator& operator++() {
      ++index_;
      return *this;
    }

    Iterator operator++(int) { return {table_, index_++}; }

    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const SymbolTable* table_ = nullptr;
    std::uint64_t index_ = 0;
  };

  [[nodiscard]] std::uint64_t size() const { return count_; }

  // Entry 0 is the null symbol. `index` at or past size() gives an empty Symbol.
  [[nodiscard]] Symbol operator[](std::uint64_t index) const;
  // The same without versions: for readers that look at many.
  [[nodiscard]] Symbol plain(std::uint64_t index) const;

  [[nodiscard]] bool has_versions() const { return !versym_.empty(); }

  // The entry of DT_VERSYM with its hidden bit, 0x8000; 0 where there is none.
  [[nodiscard]] std::uint16_t stored_version(std::uint64_t index) const;

  [[nodiscard]] Iterator begin() const { return {this, 0}; }

  [[nodiscard]] Iterator end() const { return {this, count_}; }

 private:
  friend class File;

  struct NamedVersion {
    std::uint16_t index = 0;
    std::string_view name, file;
  };

  void name_version(Symbol& symbol, std::uint64_t index) const;

  Header header_;
  ByteView records_, names_, versym_;
  std::vector<NamedVersion> versions_;  // ordered by index
  std::uint64_t count_ = 0;
};

enum class StaticKind : std::uint8_t {
  static_exe,   // no interpreter, fixed address
  static_pie,   // no interpreter, relocates itself
  dynamic,      // interpreter and needed libraries
  interp_only,  // interpreter, nothing needed: still cannot start without that interpreter
  shared_object,
  relocatable,
  other,  // core files and types of the operating system or processor
};

enum class Relro : std::uint8_t { none, partial, full };

// A version of glibc. Ordered.
struct GlibcVersion {
  std::uint32_t major = 0, minor = 0, patch = 0;
  auto operator<=>(const GlibcVersion&) const = default;
};

// "GLIBC_2.34" or "GLIBC_2.2.5"; GLIBC_ABI_DT_RELR means 2.36, the first with that marker.
// nullopt for GLIBC_PRIVATE and all else.
[[nodiscard]] std::optional<GlibcVersion> parse_glibc_version(std::string_view name);
// Whether a needed file is a part of glibc. False for libgcc_s, which has GLIBC_2.0 of its own.
[[nodiscard]] bool is_glibc_library(std::string_view file);

// The oldest glibc that can load the file, and who says so.
struct GlibcFloor {
  struct Need {
    std::string_view symbol, file;
  };

  GlibcVersion version;
  std::string_view name;    // "GLIBC_2.34"
  std::vector<Need> needs;  // symbols that ask for exactly this version, in table order; may be cut
};

class File {
 public:
  // Fails when the ELF header or the program headers cannot be read; contents are checked when they
  // are asked for. malformed for bytes that are no ELF, unsupported for another class, byte order
  // or a program header table above the 64 KiB that Linux accepts.
  static Result<File> parse(ByteView bytes);
  // The same without a look at e_ident, as a loader does that does not check it.
  static Result<File> parse_as(ByteView bytes, std::uint8_t ei_class, std::uint8_t ei_data);

  [[nodiscard]] const Header& header() const TENON_LIFETIMEBOUND { return header_; }

  [[nodiscard]] ByteView bytes() const { return bytes_; }

  [[nodiscard]] std::span<const Segment> segments() const TENON_LIFETIMEBOUND { return segments_; }

  [[nodiscard]] const Segment* segment(std::uint32_t p_type) const TENON_LIFETIMEBOUND;

  // Empty when the file has no section headers, which is valid, or when they cannot be read.
  [[nodiscard]] std::span<const Section> sections() const TENON_LIFETIMEBOUND { return sections_; }

  // Why the section headers could not be read. No loader minds, so parse() does not fail for it.
  [[nodiscard]] const std::optional<Error>& section_error() const TENON_LIFETIMEBOUND {
    return section_error_;
  }

  // Cut at 16 KiB; empty when the name lies outside the string table.
  [[nodiscard]] std::string_view name(const Section& section) const;
  [[nodiscard]] const Section* section(std::string_view name) const TENON_LIFETIMEBOUND;
  // Bytes in the file; a SHT_NOBITS section has none.
  [[nodiscard]] Result<ByteView> contents(const Section& section) const;
  [[nodiscard]] Result<ByteView> contents(const Segment& segment) const;
  // `count` bytes at a virtual address, through PT_LOAD. not_found when no segment has them in the
  // file.
  [[nodiscard]] Result<ByteView> at_address(std::uint64_t vaddr, std::uint64_t count) const;

  // All bytes from a virtual address to the end of its segment in the file.
  [[nodiscard]] Result<ByteView> from_address(std::uint64_t vaddr) const;

  // PT_INTERP without its NUL.
  [[nodiscard]] Result<std::optional<std::string_view>> interpreter() const;
  [[nodiscard]] Result<Dynamic> dynamic() const;
  [[nodiscard]] Result<StaticKind> static_kind() const;
  // nullopt without PT_GNU_STACK: then the kernel's default for the machine decides.
  [[nodiscard]] std::optional<bool> executable_stack() const;
  [[nodiscard]] Result<Relro> relro() const;

  // Contents of the note with this name and type, from PT_NOTE or SHT_NOTE.
  [[nodiscard]] Result<std::optional<ByteView>> note(std::string_view name,
                                                     std::uint32_t type) const;
  // The raw bytes of NT_GNU_BUILD_ID.
  [[nodiscard]] Result<std::optional<ByteView>> build_id() const;
  // The build id that cmd/link writes; present in unstripped and stripped files alike.
  [[nodiscard]] Result<std::optional<std::string_view>> go_build_id() const;

  // One entry per needed file that has versions, in file order.
  [[nodiscard]] Result<std::vector<VersionNeed>> version_needs() const;
  // What the file defines, in file order; with the base definition.
  [[nodiscard]] Result<std::vector<Version>> version_definitions() const;
  // nullopt when no version of glibc is asked for.
  [[nodiscard]] Result<std::optional<GlibcFloor>> glibc_floor() const;
  // .dynsym, found through the dynamic section; empty when there is none.
  [[nodiscard]] Result<SymbolTable> dynamic_symbols() const;
  // .symtab, which needs section headers; empty when stripped.
  [[nodiscard]] Result<SymbolTable> symbols() const;

 private:
  static Result<File> parse_with(ByteView bytes, const Header& ident);
  Result<ByteView> dynamic_bytes() const;
  Result<ByteView> dynamic_strings(const Dynamic& dynamic) const;
  Result<std::uint64_t> dynamic_symbol_count(const Dynamic& dynamic) const;
  Result<std::vector<VersionNeed>> version_needs(const Dynamic& dynamic) const;
  Result<std::vector<Version>> version_definitions(const Dynamic& dynamic) const;
  // How many entries a list may have that the file describes but that this reader copies.
  [[nodiscard]] std::size_t list_limit() const;

  ByteView bytes_;
  Header header_;
  std::vector<Segment> segments_;
  std::vector<Section> sections_;
  ByteView section_names_;
  std::optional<Error> section_error_;
};

}  // namespace tenon::elf
