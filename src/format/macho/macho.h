// Reads Mach-O files: thin and universal, 32- and 64-bit, little-endian: programs, libraries,
// bundles and objects.
// Rules: Apple's <mach-o/loader.h>, <mach-o/nlist.h>, <mach-o/fat.h>; the checks are those of xnu
// (bsd/kern/mach_loader.c, mach_fat.c) and dyld (mach_o/Header.cpp, UnsafeHeader.cpp).
//
// Ownership: Slice, File and every string_view, span and ByteView that they return borrow the bytes
// given to slices() or parse(). Offsets and sizes are bytes from the start of the slice, addresses
// are virtual; offsets in errors are file offsets. Allocation stays below twice the slice.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/lifetime.h"
#include "base/result.h"
#include "format/macho/layout.h"

namespace tenon::macho {

// The X.Y.Z that <mach-o/loader.h> packs into 32 bits as xxxx.yy.zz.
struct Version {
  std::uint16_t major = 0;
  std::uint8_t minor = 0, patch = 0;
  auto operator<=>(const Version&) const = default;
};

[[nodiscard]] Version unpack_version(std::uint32_t packed);
[[nodiscard]] std::uint32_t pack_version(Version version);

// One architecture of a file. A slice of a universal file may also be a static library.
struct Slice {
  std::uint32_t cputype = 0, cpusubtype = 0;
  std::uint64_t offset = 0, size = 0;  // in the file
  std::uint64_t align = 1;  // in bytes, as the universal header has it; 1 for a thin file
  ByteView bytes;
  bool hidden = false;  // see SliceTable
};

// One row of the table of a universal file, as it stands there: nothing of it is checked.
struct SliceRow {
  std::uint32_t cputype = 0, cpusubtype = 0;
  std::uint64_t offset = 0, size = 0;
  std::uint32_t align = 0;  // exponent of 2
  bool hidden = false;
};

// The table of a universal file. An arm64 row that follows the counted ones belongs to it: so
// `lipo -hideARM64` kept slices from old systems, and kernel, dyld and codesign read it. Tables of
// 64-bit offsets have none.
struct SliceTable {
  bool is_64 = false;          // FAT_MAGIC_64
  std::uint64_t size = 0;      // bytes of header and rows
  std::vector<SliceRow> rows;  // in their order
};

// malformed for bytes that are no universal header (the test of slices() for a Java class);
// truncated for a table that is longer than the file.
[[nodiscard]] Result<SliceTable> slice_table(ByteView file);

// The slices of a table that lie in the file, in file order, whatever else is wrong with them.
[[nodiscard]] std::vector<Slice> readable_slices(ByteView file, const SliceTable& table);

// The slices of a thin or universal file, in file order; never empty. malformed for bytes that are
// no Mach-O, for a universal header without slices, with one architecture twice, with slices that
// overlap or lie off their alignment; truncated for a slice that ends after the file; unsupported
// for big-endian machines. 0xcafebabe is a Java class as well: its version reads as a slice count
// above 42, which is the test of file(1) and LLVM.
[[nodiscard]] Result<std::vector<Slice>> slices(ByteView file);

[[nodiscard]] bool is_universal(ByteView file);

// "arm64e": the name that lipo and codesign give an architecture; "cpu 0x..." for others.
[[nodiscard]] std::string arch_name(std::uint32_t cputype, std::uint32_t cpusubtype);

// "LC_MAIN", as <mach-o/loader.h> names a load command; empty for numbers that have no name.
[[nodiscard]] std::string_view load_command_name(std::uint32_t cmd);

struct Header {
  bool is_64 = true;
  std::uint32_t cputype = 0, cpusubtype = 0, filetype = 0, ncmds = 0, sizeofcmds = 0, flags = 0;

  // Bytes of the header itself: where the load commands begin.
  [[nodiscard]] std::uint64_t size() const {
    return is_64 ? sizeof(MachHeader64) : sizeof(MachHeader);
  }
};

// The header alone, whatever follows it. The errors of File::parse().
[[nodiscard]] Result<Header> read_header(ByteView slice);

struct Section {
  std::string_view sectname, segname;
  std::uint64_t addr = 0, size = 0;
  std::uint32_t offset = 0, flags = 0;

  // Whether it has bytes in the file.
  [[nodiscard]] bool in_file() const;
};

struct Segment {
  std::string_view segname;  // empty for the only segment of an object
  std::uint64_t vmaddr = 0, vmsize = 0, fileoff = 0, filesize = 0;
  std::uint32_t initprot = 0, maxprot = 0, flags = 0;
  std::vector<Section> sections;
};

enum class DylibKind : std::uint8_t { load, weak, reexport, upward, lazy, id };

struct Dylib {
  std::string_view name;
  Version current_version, compatibility_version;
  DylibKind kind = DylibKind::load;
};

// LC_BUILD_VERSION, or LC_VERSION_MIN_* which has no tools. A library for both macOS and Catalyst
// has two.
struct BuildVersion {
  std::uint32_t platform = 0;  // PLATFORM_MACOS ...
  Version minos, sdk;          // sdk 0.0.0: not recorded
  std::span<const BuildToolVersion> tools;
};

struct Range {
  std::uint64_t offset = 0, size = 0;
};

struct SymbolTable {
  std::uint64_t symoff = 0, nsyms = 0, stroff = 0, strsize = 0;
};

// LC_DYSYMTAB: the three runs of the symbol table, as index of the first and count. Not checked
// against the table.
struct SymbolGroups {
  std::uint32_t ilocalsym = 0, nlocalsym = 0;
  std::uint32_t iextdefsym = 0, nextdefsym = 0;
  std::uint32_t iundefsym = 0, nundefsym = 0;
};

// LC_DYLD_INFO: the opcode streams of dyld, the export trie apart. Size 0: none.
struct DyldInfo {
  Range rebase, bind, weak_bind, lazy_bind;
};

// LC_SOURCE_VERSION, "A.B.C.D.E".
struct SourceVersion {
  std::uint32_t a = 0;
  std::uint16_t b = 0, c = 0, d = 0, e = 0;
  auto operator<=>(const SourceVersion&) const = default;
};

struct Symbol {
  std::string_view name;  // cut at 16 KiB, empty when its offset is out of range
  std::uint8_t n_type = 0, n_sect = 0;
  std::uint16_t n_desc = 0;
  std::uint64_t n_value = 0;
};

// A debugging entry: no other question about it has a meaning.
[[nodiscard]] constexpr bool is_stab(const Symbol& s) { return (s.n_type & N_STAB) != 0; }

// Visible outside of its file; private externs only until the final link.
[[nodiscard]] constexpr bool is_external(const Symbol& s) {
  return !is_stab(s) && (s.n_type & N_EXT) != 0;
}

[[nodiscard]] constexpr bool is_private_extern(const Symbol& s) {
  return !is_stab(s) && (s.n_type & N_PEXT) != 0;
}

// A tentative definition of C: n_value is its size.
[[nodiscard]] constexpr bool is_common(const Symbol& s) {
  return is_external(s) && (s.n_type & N_TYPE) == N_UNDF && s.n_value != 0;
}

[[nodiscard]] constexpr bool is_undefined(const Symbol& s) {
  const int type = s.n_type & N_TYPE;
  return !is_stab(s) && (type == N_PBUD || (type == N_UNDF && s.n_value == 0));
}

// Has an address, in a section or absolute, or refers to another symbol. Commons are not counted.
[[nodiscard]] constexpr bool is_defined(const Symbol& s) {
  return !is_stab(s) && !is_undefined(s) && !is_common(s);
}

[[nodiscard]] constexpr bool is_weak_ref(const Symbol& s) {
  return is_undefined(s) && (s.n_desc & N_WEAK_REF) != 0;
}

// The bit means something else in an undefined symbol (N_REF_TO_WEAK).
[[nodiscard]] constexpr bool is_weak_def(const Symbol& s) {
  return is_defined(s) && (s.n_desc & N_WEAK_DEF) != 0;
}

// An undefined symbol and where it is to come from (GET_LIBRARY_ORDINAL of <mach-o/nlist.h>).
struct Import {
  static constexpr std::uint8_t self_ordinal = 0;
  static constexpr std::uint8_t dynamic_lookup_ordinal = 254;
  static constexpr std::uint8_t executable_ordinal = 255;

  std::string_view name;
  // n: File::dylibs()[n - 1], or one of the above. Means nothing without MH_TWOLEVEL.
  std::uint8_t ordinal = 0;
  bool weak = false;  // its absence is no error
};

class File {
 public:
  // Reads the header and all load commands. malformed for bytes that are no Mach-O, commands that
  // contradict themselves, or a command twice that may exist once; truncated when they do not fit;
  // unsupported for big-endian files. A universal file is invalid_argument: take slices() first.
  // What the commands point to is checked when it is asked for.
  static Result<File> parse(ByteView slice);

  [[nodiscard]] ByteView bytes() const { return bytes_; }

  [[nodiscard]] const Header& header() const TENON_LIFETIMEBOUND { return header_; }

  [[nodiscard]] std::span<const Segment> segments() const TENON_LIFETIMEBOUND { return segments_; }

  [[nodiscard]] const Segment* segment(std::string_view segname) const TENON_LIFETIMEBOUND;
  [[nodiscard]] const Section* section(std::string_view segname,
                                       std::string_view sectname) const TENON_LIFETIMEBOUND;

  // The libraries to load in ordinal order, without LC_ID_DYLIB.
  [[nodiscard]] std::span<const Dylib> dylibs() const TENON_LIFETIMEBOUND { return dylibs_; }

  // LC_ID_DYLIB: the install name of a library.
  [[nodiscard]] const std::optional<Dylib>& id() const TENON_LIFETIMEBOUND { return id_; }

  [[nodiscard]] std::span<const std::string_view> rpaths() const TENON_LIFETIMEBOUND {
    return rpaths_;
  }

  [[nodiscard]] std::span<const BuildVersion> builds() const TENON_LIFETIMEBOUND { return builds_; }

  // The first of builds(), or nullptr.
  [[nodiscard]] const BuildVersion* build() const TENON_LIFETIMEBOUND {
    return builds_.empty() ? nullptr : builds_.data();
  }

  [[nodiscard]] const std::optional<std::array<std::byte, 16>>& uuid() const { return uuid_; }

  [[nodiscard]] const std::optional<SymbolTable>& symtab() const TENON_LIFETIMEBOUND {
    return symtab_;
  }

  [[nodiscard]] const std::optional<SymbolGroups>& symbol_groups() const TENON_LIFETIMEBOUND {
    return symbol_groups_;
  }

  // LC_CODE_SIGNATURE: the first, of which there should be one.
  [[nodiscard]] const std::optional<Range>& signature() const TENON_LIFETIMEBOUND {
    return signature_;
  }

  [[nodiscard]] std::size_t signature_commands() const { return signature_commands_; }

  // The export trie, from LC_DYLD_EXPORTS_TRIE or LC_DYLD_INFO.
  [[nodiscard]] const std::optional<Range>& exports_trie() const TENON_LIFETIMEBOUND {
    return exports_trie_;
  }

  // LC_DYLD_INFO or LC_DYLD_INFO_ONLY. fixups.h reads what it points to.
  [[nodiscard]] const std::optional<DyldInfo>& dyld_info() const TENON_LIFETIMEBOUND {
    return dyld_info_;
  }

  [[nodiscard]] bool has_dyld_info() const { return dyld_info_.has_value(); }

  // LC_DYLD_CHAINED_FIXUPS. fixups.h reads what it points to.
  [[nodiscard]] const std::optional<Range>& chained_fixups() const TENON_LIFETIMEBOUND {
    return chained_fixups_;
  }

  [[nodiscard]] bool has_chained_fixups() const { return chained_fixups_.has_value(); }

  // LC_FUNCTION_STARTS. exports.h reads what it points to.
  [[nodiscard]] const std::optional<Range>& function_starts_data() const TENON_LIFETIMEBOUND {
    return function_starts_data_;
  }

  [[nodiscard]] bool has_function_starts() const { return function_starts_data_.has_value(); }

  [[nodiscard]] bool has_data_in_code() const { return has_data_in_code_; }

  [[nodiscard]] const std::optional<SourceVersion>& source_version() const TENON_LIFETIMEBOUND {
    return source_version_;
  }

  // LC_ENCRYPTION_INFO: 0 for a file that could be encrypted but is not.
  [[nodiscard]] const std::optional<std::uint32_t>& cryptid() const { return cryptid_; }

  // LC_DYLD_ENVIRONMENT, "DYLD_FRAMEWORK_PATH=..." each.
  [[nodiscard]] std::span<const std::string_view> dyld_environment() const TENON_LIFETIMEBOUND {
    return dyld_environment_;
  }

  // LC_SUB_FRAMEWORK: the umbrella framework that a library is part of.
  [[nodiscard]] const std::optional<std::string_view>& umbrella() const TENON_LIFETIMEBOUND {
    return umbrella_;
  }

  // Where the header is to be mapped, from which export trie and function starts count: the address
  // of the segment that begins the file, 0 without one.
  [[nodiscard]] std::uint64_t base_address() const;

  // File offset of the first instruction (LC_MAIN).
  [[nodiscard]] const std::optional<std::uint64_t>& entry_point() const { return entry_point_; }

  // LC_UNIXTHREAD: an entry point without dyld, or of a very old program.
  [[nodiscard]] bool has_unix_thread() const { return has_unix_thread_; }

  // LC_LOAD_DYLINKER, "/usr/lib/dyld".
  [[nodiscard]] const std::optional<std::string_view>& dylinker() const TENON_LIFETIMEBOUND {
    return dylinker_;
  }

  // truncated when the range is not in the file.
  [[nodiscard]] Result<ByteView> contents(const Range& range) const;
  // Empty for a section without bytes in the file.
  [[nodiscard]] Result<ByteView> contents(const Section& section) const;

  // Load commands that no question above is about. The first `cmd` as a structure of
  // load_commands.h, or nullptr when there is none as long as it.
  template <tenon::Layout T>
  [[nodiscard]] const T* command(std::uint32_t cmd) const;

  // The texts of all commands `cmd`, which consist of one (struct StringCommand), in file order.
  // malformed or truncated for a text that does not lie in its command.
  [[nodiscard]] Result<std::vector<std::string_view>> strings(std::uint32_t cmd) const;

  // Calls `fn(std::uint32_t cmd, ByteView command)` for every load command in file order.
  template <class Fn>
  void for_each_command(Fn fn) const;

  // Calls `fn(const Symbol&)` for every entry of LC_SYMTAB in file order, which copies nothing.
  // Nothing is called when the tables do not lie in the file.
  template <class Fn>
  [[nodiscard]] Result<void> for_each_symbol(Fn fn) const;

  // The undefined symbols, commons excluded, in file order.
  [[nodiscard]] Result<std::vector<Import>> imports() const;

  // The names of the export trie in the order of the trie; empty without one. malformed for a trie
  // with a loop, a name above 16 KiB or one that unfolds to more than the file. exports.h tells
  // more of each.
  [[nodiscard]] Result<std::vector<std::string>> exports() const;

  // LC_LINKER_OPTION of an object, one list a command: {"-framework", "Foundation"}, {"-lz"}.
  [[nodiscard]] Result<std::vector<std::vector<std::string_view>>> auto_link_options() const;

 private:
  friend struct Reader;

  template <class Entry, class Fn>
  Result<void> visit_symbols(Fn& fn) const;

  ByteView bytes_;
  Header header_;
  std::vector<Segment> segments_;
  std::vector<Dylib> dylibs_;
  std::optional<Dylib> id_;
  std::vector<std::string_view> rpaths_;
  std::vector<BuildVersion> builds_;
  std::optional<std::array<std::byte, 16>> uuid_;
  std::optional<SymbolTable> symtab_;
  std::optional<SymbolGroups> symbol_groups_;
  std::optional<Range> signature_;
  std::size_t signature_commands_ = 0;
  std::optional<Range> exports_trie_;
  std::optional<DyldInfo> dyld_info_;
  std::optional<Range> chained_fixups_;
  std::optional<Range> function_starts_data_;
  bool has_data_in_code_ = false;
  std::optional<SourceVersion> source_version_;
  std::optional<std::uint32_t> cryptid_;
  std::vector<std::string_view> dyld_environment_;
  std::optional<std::string_view> umbrella_;
  std::optional<std::uint64_t> entry_point_;
  bool has_unix_thread_ = false;
  std::optional<std::string_view> dylinker_;
};

// Names are cut here: without a limit a table of a million symbols that share one string of many
// megabytes costs hours.
inline constexpr std::size_t longest_name = 16384;

// The text at `offset` up to its NUL, the end of the table or longest_name.
[[nodiscard]] inline std::string_view bounded_name(std::string_view strings, std::uint64_t offset) {
  if (offset >= strings.size()) return {};
  const std::string_view room = strings.substr(static_cast<std::size_t>(offset), longest_name);
  return room.substr(0, room.find('\0'));
}

template <class Fn>
void File::for_each_command(Fn fn) const {
  std::uint64_t at = header_.size();
  for (std::uint32_t i = 0; i < header_.ncmds; ++i) {
    const auto command = bytes_.at<LoadCommand>(at);
    if (!command) return;  // cannot be: parse() walked the same way
    const std::uint32_t cmd = (*command)->cmd;
    const auto bytes = bytes_.slice(at, (*command)->cmdsize);
    if (!bytes) return;
    at += bytes->size();
    fn(cmd, *bytes);
  }
}

template <tenon::Layout T>
const T* File::command(std::uint32_t cmd) const {
  const T* found = nullptr;
  for_each_command([&](std::uint32_t other, ByteView bytes) {
    if (found != nullptr || other != cmd) return;
    if (const auto at = bytes.at<T>(0)) found = *at;
  });
  return found;
}

template <class Entry, class Fn>
Result<void> File::visit_symbols(Fn& fn) const {
  const auto table = TENON_TRY(bytes_.array<Entry>(symtab_->symoff, symtab_->nsyms, "symbols"));
  const std::string_view strings =
      TENON_TRY(bytes_.slice(symtab_->stroff, symtab_->strsize, "symbol names")).text();
  for (const auto& entry : table) {
    fn(Symbol{bounded_name(strings, entry.n_strx), entry.n_type, entry.n_sect, entry.n_desc,
              entry.n_value});
  }
  return {};
}

template <class Fn>
Result<void> File::for_each_symbol(Fn fn) const {
  if (!symtab_) return {};
  return header_.is_64 ? visit_symbols<Nlist64>(fn) : visit_symbols<Nlist>(fn);
}

}  // namespace tenon::macho
