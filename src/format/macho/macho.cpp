// The header and the load commands.
#include "format/macho/macho.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/macho/load_commands.h"

namespace tenon::macho {
namespace {

std::string_view fixed_name(const std::array<char, 16>& name) {
  const std::string_view all(name.data(), name.size());
  return all.substr(0, all.find('\0'));
}

// lc_str: an offset from the start of the command to a NUL-terminated string inside it.
Result<std::string_view> command_string(ByteView command, std::uint32_t offset,
                                        std::size_t fixed_part) {
  if (offset < fixed_part) {
    return fail(Errc::malformed, "string of a load command", command.base());
  }
  return command.cstr(offset, "string of a load command");
}

DylibKind dylib_kind(std::uint32_t cmd) {
  switch (cmd) {
    case LC_ID_DYLIB: return DylibKind::id;
    case LC_LOAD_WEAK_DYLIB: return DylibKind::weak;
    case LC_REEXPORT_DYLIB: return DylibKind::reexport;
    case LC_LOAD_UPWARD_DYLIB: return DylibKind::upward;
    case LC_LAZY_LOAD_DYLIB: return DylibKind::lazy;
    default: return DylibKind::load;
  }
}

std::uint32_t version_min_platform(std::uint32_t cmd) {
  switch (cmd) {
    case LC_VERSION_MIN_IPHONEOS: return PLATFORM_IOS;
    case LC_VERSION_MIN_TVOS: return PLATFORM_TVOS;
    case LC_VERSION_MIN_WATCHOS: return PLATFORM_WATCHOS;
    default: return PLATFORM_MACOS;
  }
}

template <class Raw>
Section widen(const Raw& raw) {
  return {
      fixed_name(raw.sectname), fixed_name(raw.segname), raw.addr, raw.size, raw.offset, raw.flags};
}

template <class Layout>
Result<Segment> read_segment(ByteView command) {
  using Raw = typename Layout::Segment;
  const Raw* raw = TENON_TRY(command.at<Raw>(0, "segment command"));
  Segment segment{fixed_name(raw->segname),
                  raw->vmaddr,
                  raw->vmsize,
                  raw->fileoff,
                  raw->filesize,
                  raw->initprot,
                  raw->maxprot,
                  raw->flags,
                  {}};
  const auto sections = TENON_TRY(
      command.array<typename Layout::Section>(sizeof(Raw), raw->nsects, "section headers"));
  segment.sections.reserve(sections.size());
  for (const auto& section : sections) segment.sections.push_back(widen(section));
  return segment;
}

Result<Dylib> read_dylib(std::uint32_t cmd, ByteView command) {
  const auto* raw = TENON_TRY(command.at<DylibCommand>(0, "dylib command"));
  Dylib dylib;
  dylib.name = TENON_TRY(command_string(command, raw->name, sizeof(DylibCommand)));
  dylib.current_version = unpack_version(raw->current_version);
  dylib.compatibility_version = unpack_version(raw->compatibility_version);
  dylib.kind = dylib_kind(cmd);
  return dylib;
}

Result<std::string_view> read_string(ByteView command) {
  const auto* raw = TENON_TRY(command.at<StringCommand>(0, "load command"));
  return command_string(command, raw->offset, sizeof(StringCommand));
}

Result<Range> read_range(ByteView command) {
  const auto* raw = TENON_TRY(command.at<LinkeditDataCommand>(0, "linkedit data command"));
  return Range{raw->dataoff, raw->datasize};
}

Result<BuildVersion> read_build(ByteView command) {
  const auto* raw = TENON_TRY(command.at<BuildVersionCommand>(0, "build version command"));
  BuildVersion build{raw->platform, unpack_version(raw->minos), unpack_version(raw->sdk), {}};
  build.tools = TENON_TRY(
      command.array<BuildToolVersion>(sizeof(BuildVersionCommand), raw->ntools, "build tools"));
  return build;
}

Result<BuildVersion> read_version_min(std::uint32_t cmd, ByteView command) {
  const auto* raw = TENON_TRY(command.at<VersionMinCommand>(0, "minimum version command"));
  return BuildVersion{
      version_min_platform(cmd), unpack_version(raw->version), unpack_version(raw->sdk), {}};
}

Result<SymbolTable> read_symtab(ByteView command) {
  const auto* raw = TENON_TRY(command.at<SymtabCommand>(0, "symtab command"));
  return SymbolTable{raw->symoff, raw->nsyms, raw->stroff, raw->strsize};
}

Result<SymbolGroups> read_symbol_groups(ByteView command) {
  const auto* raw = TENON_TRY(command.at<DysymtabCommand>(0, "dysymtab command"));
  return SymbolGroups{raw->ilocalsym,  raw->nlocalsym, raw->iextdefsym,
                      raw->nextdefsym, raw->iundefsym, raw->nundefsym};
}

Result<DyldInfo> read_dyld_info(ByteView command) {
  const auto* raw = TENON_TRY(command.at<DyldInfoCommand>(0, "dyld info command"));
  return DyldInfo{{raw->rebase_off, raw->rebase_size},
                  {raw->bind_off, raw->bind_size},
                  {raw->weak_bind_off, raw->weak_bind_size},
                  {raw->lazy_bind_off, raw->lazy_bind_size}};
}

Result<SourceVersion> read_source_version(ByteView command) {
  const std::uint64_t packed =
      TENON_TRY(command.at<SourceVersionCommand>(0, "source version command"))->version;
  const auto ten_bits = [&](unsigned shift) {
    return static_cast<std::uint16_t>(packed >> shift & 0x3ff);
  };
  return SourceVersion{static_cast<std::uint32_t>(packed >> 40), ten_bits(30), ten_bits(20),
                       ten_bits(10), ten_bits(0)};
}

Result<std::uint32_t> read_cryptid(ByteView command) {
  return std::uint32_t{
      TENON_TRY(command.at<EncryptionInfoCommand>(0, "encryption info command"))->cryptid};
}

Result<std::array<std::byte, 16>> read_uuid(ByteView command) {
  return TENON_TRY(command.at<UuidCommand>(0, "uuid command"))->uuid;
}

Result<std::uint64_t> read_entry(ByteView command) {
  return std::uint64_t{
      TENON_TRY(command.at<EntryPointCommand>(0, "entry point command"))->entryoff};
}

template <class Layout>
Header read_header(const typename Layout::Header& raw) {
  return {raw.magic == MH_MAGIC_64, raw.cputype, raw.cpusubtype, raw.filetype, raw.ncmds,
          raw.sizeofcmds,           raw.flags};
}

}  // namespace

Result<Header> read_header(ByteView slice) {
  const std::uint32_t magic = *TENON_TRY(slice.at<ul32>(0, "Mach-O header"));
  switch (magic) {
    case MH_MAGIC:
      return read_header<Layout32>(*TENON_TRY(slice.at<MachHeader>(0, "Mach-O header")));
    case MH_MAGIC_64:
      return read_header<Layout64>(*TENON_TRY(slice.at<MachHeader64>(0, "Mach-O header")));
    case MH_CIGAM:
    case MH_CIGAM_64: return fail(Errc::unsupported, "big-endian Mach-O file", slice.base());
    default: break;
  }
  if (is_universal(slice)) {
    return fail(Errc::invalid_argument, "universal file: pick a slice", slice.base());
  }
  return fail(Errc::malformed, "not a Mach-O file", slice.base());
}

// Fills a File from its load commands: Reader::rows says which command is read by what. Lists are
// counted before they are filled: growth by doubling would allocate several times the size of a
// file that is nothing but small commands.
struct Reader {
  struct Counts {
    std::size_t segments = 0, dylibs = 0, rpaths = 0, builds = 0, environment = 0;
  };

  // One kind of load command. Without `take` it has a name and nothing of it is kept.
  struct Row {
    std::uint32_t cmd = 0;
    std::string_view name;
    Result<void> (Reader::*take)(std::uint32_t cmd, ByteView command) = nullptr;
    std::size_t Counts::* list = nullptr;  // what it is counted as, when it fills a list
  };

  static const Row rows[];  // in order of `cmd`

  static const Row* find(std::uint32_t cmd);

  File& file;

  Result<void> read() {
    if (auto counted = count(); !counted) return counted;
    std::optional<Error> error;
    file.for_each_command([&](std::uint32_t cmd, ByteView command) {
      const Row* row = error ? nullptr : find(cmd);
      if (row == nullptr || row->take == nullptr) return;
      if (auto taken = (this->*row->take)(cmd, command); !taken) error = taken.error();
    });
    if (error) return std::unexpected(*error);
    return {};
  }

  // Walks all commands once: afterwards each of them is known to lie within sizeofcmds.
  Result<void> count() {
    const Header& header = file.header_;
    const ByteView area = TENON_TRY(
        file.bytes_.slice(header.size(), header.sizeofcmds, "load commands of the Mach-O header"));
    Counts counts;
    std::uint64_t at = 0;
    for (std::uint32_t i = 0; i < header.ncmds; ++i) {
      const LoadCommand* command = TENON_TRY(area.at<LoadCommand>(at, "load command"));
      if (auto checked = check(*command, area, at); !checked) return checked;
      at += command->cmdsize;
      const Row* row = find(command->cmd);
      if (row != nullptr && row->list != nullptr) ++(counts.*row->list);
    }
    file.segments_.reserve(counts.segments);
    file.dylibs_.reserve(counts.dylibs);
    file.rpaths_.reserve(counts.rpaths);
    file.builds_.reserve(counts.builds);
    file.dyld_environment_.reserve(counts.environment);
    return {};
  }

  Result<void> check(const LoadCommand& command, ByteView area, std::uint64_t at) const {
    const std::uint32_t align =
        file.header_.is_64 ? Layout64::command_align : Layout32::command_align;
    const std::uint32_t size = command.cmdsize;
    if (size < sizeof(LoadCommand) || size % align != 0) {
      return fail(Errc::malformed, "size of a load command", area.base() + at);
    }
    if (!area.contains(at, size)) return fail(Errc::truncated, "load command", area.base() + at);
    return {};
  }

  template <class T>
  static Result<void> put(std::vector<T>& list, Result<T> value, ByteView) {
    if (!value) return std::unexpected(value.error());
    list.push_back(std::move(*value));
    return {};
  }

  template <class T>
  static Result<void> put(std::optional<T>& slot, Result<T> value, ByteView command) {
    if (!value) return std::unexpected(value.error());
    if (slot) return fail(Errc::malformed, "load command that may exist once", command.base());
    slot = std::move(*value);
    return {};
  }

  // What `Read` makes of the command goes to `Member`: a list, or a place for one.
  template <auto Member, auto Read>
  Result<void> take(std::uint32_t cmd, ByteView command) {
    if constexpr (requires { Read(cmd, command); }) {
      return put(file.*Member, Read(cmd, command), command);
    } else {
      return put(file.*Member, Read(command), command);
    }
  }

  // The command says all by being there.
  template <bool File::* Flag>
  Result<void> note(std::uint32_t, ByteView) {
    file.*Flag = true;
    return {};
  }

  Result<void> take_segment(std::uint32_t cmd, ByteView command) {
    const bool is_64 = cmd == LC_SEGMENT_64;
    // xnu refuses the command of the other class.
    if (is_64 != file.header_.is_64) {
      return fail(Errc::malformed, "segment command of the other class", command.base());
    }
    return put(file.segments_,
               is_64 ? read_segment<Layout64>(command) : read_segment<Layout32>(command), command);
  }

  // A second one is kept out, not refused: whoever judges signatures has to say so.
  Result<void> take_signature(std::uint32_t, ByteView command) {
    if (++file.signature_commands_ > 1) return {};
    return put(file.signature_, read_range(command), command);
  }

  Result<void> take_dyld_info(std::uint32_t, ByteView command) {
    const auto* raw = TENON_TRY(command.at<DyldInfoCommand>(0, "dyld info command"));
    if (auto taken = put(file.dyld_info_, read_dyld_info(command), command); !taken) return taken;
    if (raw->export_size == 0) return {};
    return put(file.exports_trie_, Result<Range>(Range{raw->export_off, raw->export_size}),
               command);
  }
};

constinit const Reader::Row Reader::rows[] = {
    {LC_SEGMENT, "LC_SEGMENT", &Reader::take_segment, &Counts::segments},
    {LC_SYMTAB, "LC_SYMTAB", &Reader::take<&File::symtab_, read_symtab>},
    {LC_SYMSEG, "LC_SYMSEG"},
    {LC_THREAD, "LC_THREAD"},
    {LC_UNIXTHREAD, "LC_UNIXTHREAD", &Reader::note<&File::has_unix_thread_>},
    {LC_LOADFVMLIB, "LC_LOADFVMLIB"},
    {LC_IDFVMLIB, "LC_IDFVMLIB"},
    {LC_IDENT, "LC_IDENT"},
    {LC_FVMFILE, "LC_FVMFILE"},
    {LC_PREPAGE, "LC_PREPAGE"},
    {LC_DYSYMTAB, "LC_DYSYMTAB", &Reader::take<&File::symbol_groups_, read_symbol_groups>},
    {LC_LOAD_DYLIB, "LC_LOAD_DYLIB", &Reader::take<&File::dylibs_, read_dylib>, &Counts::dylibs},
    {LC_ID_DYLIB, "LC_ID_DYLIB", &Reader::take<&File::id_, read_dylib>},
    {LC_LOAD_DYLINKER, "LC_LOAD_DYLINKER", &Reader::take<&File::dylinker_, read_string>},
    {LC_ID_DYLINKER, "LC_ID_DYLINKER"},
    {LC_PREBOUND_DYLIB, "LC_PREBOUND_DYLIB"},
    {LC_ROUTINES, "LC_ROUTINES"},
    {LC_SUB_FRAMEWORK, "LC_SUB_FRAMEWORK", &Reader::take<&File::umbrella_, read_string>},
    {LC_SUB_UMBRELLA, "LC_SUB_UMBRELLA"},
    {LC_SUB_CLIENT, "LC_SUB_CLIENT"},
    {LC_SUB_LIBRARY, "LC_SUB_LIBRARY"},
    {LC_TWOLEVEL_HINTS, "LC_TWOLEVEL_HINTS"},
    {LC_PREBIND_CKSUM, "LC_PREBIND_CKSUM"},
    {LC_SEGMENT_64, "LC_SEGMENT_64", &Reader::take_segment, &Counts::segments},
    {LC_ROUTINES_64, "LC_ROUTINES_64"},
    {LC_UUID, "LC_UUID", &Reader::take<&File::uuid_, read_uuid>},
    {LC_CODE_SIGNATURE, "LC_CODE_SIGNATURE", &Reader::take_signature},
    {LC_SEGMENT_SPLIT_INFO, "LC_SEGMENT_SPLIT_INFO"},
    {LC_LAZY_LOAD_DYLIB, "LC_LAZY_LOAD_DYLIB", &Reader::take<&File::dylibs_, read_dylib>,
     &Counts::dylibs},
    {LC_ENCRYPTION_INFO, "LC_ENCRYPTION_INFO", &Reader::take<&File::cryptid_, read_cryptid>},
    {LC_DYLD_INFO, "LC_DYLD_INFO", &Reader::take_dyld_info},
    {LC_VERSION_MIN_MACOSX, "LC_VERSION_MIN_MACOSX",
     &Reader::take<&File::builds_, read_version_min>, &Counts::builds},
    {LC_VERSION_MIN_IPHONEOS, "LC_VERSION_MIN_IPHONEOS",
     &Reader::take<&File::builds_, read_version_min>, &Counts::builds},
    {LC_FUNCTION_STARTS, "LC_FUNCTION_STARTS",
     &Reader::take<&File::function_starts_data_, read_range>},
    {LC_DYLD_ENVIRONMENT, "LC_DYLD_ENVIRONMENT",
     &Reader::take<&File::dyld_environment_, read_string>, &Counts::environment},
    {LC_DATA_IN_CODE, "LC_DATA_IN_CODE", &Reader::note<&File::has_data_in_code_>},
    {LC_SOURCE_VERSION, "LC_SOURCE_VERSION",
     &Reader::take<&File::source_version_, read_source_version>},
    {LC_DYLIB_CODE_SIGN_DRS, "LC_DYLIB_CODE_SIGN_DRS"},
    {LC_ENCRYPTION_INFO_64, "LC_ENCRYPTION_INFO_64", &Reader::take<&File::cryptid_, read_cryptid>},
    {LC_LINKER_OPTION, "LC_LINKER_OPTION"},  // symbols.cpp reads it when it is asked for
    {LC_LINKER_OPTIMIZATION_HINT, "LC_LINKER_OPTIMIZATION_HINT"},
    {LC_VERSION_MIN_TVOS, "LC_VERSION_MIN_TVOS", &Reader::take<&File::builds_, read_version_min>,
     &Counts::builds},
    {LC_VERSION_MIN_WATCHOS, "LC_VERSION_MIN_WATCHOS",
     &Reader::take<&File::builds_, read_version_min>, &Counts::builds},
    {LC_NOTE, "LC_NOTE"},
    {LC_BUILD_VERSION, "LC_BUILD_VERSION", &Reader::take<&File::builds_, read_build>,
     &Counts::builds},
    {LC_ATOM_INFO, "LC_ATOM_INFO"},
    {LC_FUNCTION_VARIANTS, "LC_FUNCTION_VARIANTS"},
    {LC_FUNCTION_VARIANT_FIXUPS, "LC_FUNCTION_VARIANT_FIXUPS"},
    {LC_TARGET_TRIPLE, "LC_TARGET_TRIPLE"},
    // With LC_REQ_DYLD.
    {LC_LOAD_WEAK_DYLIB, "LC_LOAD_WEAK_DYLIB", &Reader::take<&File::dylibs_, read_dylib>,
     &Counts::dylibs},
    {LC_RPATH, "LC_RPATH", &Reader::take<&File::rpaths_, read_string>, &Counts::rpaths},
    {LC_REEXPORT_DYLIB, "LC_REEXPORT_DYLIB", &Reader::take<&File::dylibs_, read_dylib>,
     &Counts::dylibs},
    {LC_DYLD_INFO_ONLY, "LC_DYLD_INFO_ONLY", &Reader::take_dyld_info},
    {LC_LOAD_UPWARD_DYLIB, "LC_LOAD_UPWARD_DYLIB", &Reader::take<&File::dylibs_, read_dylib>,
     &Counts::dylibs},
    {LC_MAIN, "LC_MAIN", &Reader::take<&File::entry_point_, read_entry>},
    {LC_DYLD_EXPORTS_TRIE, "LC_DYLD_EXPORTS_TRIE", &Reader::take<&File::exports_trie_, read_range>},
    {LC_DYLD_CHAINED_FIXUPS, "LC_DYLD_CHAINED_FIXUPS",
     &Reader::take<&File::chained_fixups_, read_range>},
    {LC_FILESET_ENTRY, "LC_FILESET_ENTRY"}};

const Reader::Row* Reader::find(std::uint32_t cmd) {
  const Row* found = std::ranges::lower_bound(rows, cmd, {}, &Row::cmd);
  return found != std::end(rows) && found->cmd == cmd ? found : nullptr;
}

std::string_view load_command_name(std::uint32_t cmd) {
  const Reader::Row* row = Reader::find(cmd);
  return row == nullptr ? std::string_view() : row->name;
}

Result<std::vector<std::string_view>> File::strings(std::uint32_t wanted) const {
  std::vector<std::string_view> out;
  std::optional<Error> error;
  for_each_command([&](std::uint32_t cmd, ByteView command) {
    if (cmd != wanted || error) return;
    if (auto text = read_string(command)) {
      out.push_back(*text);
    } else {
      error = text.error();
    }
  });
  if (error) return std::unexpected(*error);
  return out;
}

Version unpack_version(std::uint32_t packed) {
  return {static_cast<std::uint16_t>(packed >> 16), static_cast<std::uint8_t>(packed >> 8),
          static_cast<std::uint8_t>(packed)};
}

std::uint32_t pack_version(Version version) {
  return std::uint32_t{version.major} << 16 | std::uint32_t{version.minor} << 8 | version.patch;
}

bool Section::in_file() const {
  const std::uint32_t type = flags & SECTION_TYPE;
  return size != 0 && type != S_ZEROFILL && type != S_GB_ZEROFILL &&
         type != S_THREAD_LOCAL_ZEROFILL;
}

Result<File> File::parse(ByteView slice) {
  File file;
  file.bytes_ = slice;
  file.header_ = TENON_TRY(read_header(slice));
  if (auto read = Reader{file}.read(); !read) return std::unexpected(read.error());
  return file;
}

const Segment* File::segment(std::string_view segname) const {
  const auto found = std::ranges::find(segments_, segname, &Segment::segname);
  return found == segments_.end() ? nullptr : &*found;
}

std::uint64_t File::base_address() const {
  const auto maps_header = [](const Segment& s) { return s.fileoff == 0 && s.filesize != 0; };
  const auto found = std::ranges::find_if(segments_, maps_header);
  return found == segments_.end() ? 0 : found->vmaddr;
}

// An object has one segment without a name, whose sections name theirs.
const Section* File::section(std::string_view segname, std::string_view sectname) const {
  for (const Segment& segment : segments_) {
    for (const Section& section : segment.sections) {
      if (section.segname == segname && section.sectname == sectname) return &section;
    }
  }
  return nullptr;
}

Result<ByteView> File::contents(const Range& range) const {
  return bytes_.slice(range.offset, range.size, "link-edit data");
}

Result<ByteView> File::contents(const Section& section) const {
  if (!section.in_file()) return ByteView();
  return bytes_.slice(section.offset, section.size, "section contents");
}

}  // namespace tenon::macho
