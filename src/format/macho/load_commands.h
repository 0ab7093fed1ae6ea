// The load commands of Mach-O: numbers and structures as <mach-o/loader.h> has them,. Knows
// no meaning beyond layout. macho.cpp has the table of their names and says which of them File
// reads; File::command() and File::strings() give access to the others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "format/macho/layout.h"

namespace tenon::macho {

inline constexpr std::uint32_t LC_REQ_DYLD = 0x80000000;
inline constexpr std::uint32_t LC_SEGMENT = 0x1;
inline constexpr std::uint32_t LC_SYMTAB = 0x2;
inline constexpr std::uint32_t LC_SYMSEG = 0x3;
inline constexpr std::uint32_t LC_THREAD = 0x4;
inline constexpr std::uint32_t LC_UNIXTHREAD = 0x5;
inline constexpr std::uint32_t LC_LOADFVMLIB = 0x6;
inline constexpr std::uint32_t LC_IDFVMLIB = 0x7;
inline constexpr std::uint32_t LC_IDENT = 0x8;
inline constexpr std::uint32_t LC_FVMFILE = 0x9;
inline constexpr std::uint32_t LC_PREPAGE = 0xa;
inline constexpr std::uint32_t LC_DYSYMTAB = 0xb;
inline constexpr std::uint32_t LC_LOAD_DYLIB = 0xc;
inline constexpr std::uint32_t LC_ID_DYLIB = 0xd;
inline constexpr std::uint32_t LC_LOAD_DYLINKER = 0xe;
inline constexpr std::uint32_t LC_ID_DYLINKER = 0xf;
inline constexpr std::uint32_t LC_PREBOUND_DYLIB = 0x10;
inline constexpr std::uint32_t LC_ROUTINES = 0x11;
inline constexpr std::uint32_t LC_SUB_FRAMEWORK = 0x12;
inline constexpr std::uint32_t LC_SUB_UMBRELLA = 0x13;
inline constexpr std::uint32_t LC_SUB_CLIENT = 0x14;
inline constexpr std::uint32_t LC_SUB_LIBRARY = 0x15;
inline constexpr std::uint32_t LC_TWOLEVEL_HINTS = 0x16;
inline constexpr std::uint32_t LC_PREBIND_CKSUM = 0x17;
inline constexpr std::uint32_t LC_LOAD_WEAK_DYLIB = 0x18 | LC_REQ_DYLD;
inline constexpr std::uint32_t LC_SEGMENT_64 = 0x19;
inline constexpr std::uint32_t LC_ROUTINES_64 = 0x1a;
inline constexpr std::uint32_t LC_UUID = 0x1b;
inline constexpr std::uint32_t LC_RPATH = 0x1c | LC_REQ_DYLD;
inline constexpr std::uint32_t LC_CODE_SIGNATURE = 0x1d;
inline constexpr std::uint32_t LC_SEGMENT_SPLIT_INFO = 0x1e;
inline constexpr std::uint32_t LC_REEXPORT_DYLIB = 0x1f | LC_REQ_DYLD;
inline constexpr std::uint32_t LC_LAZY_LOAD_DYLIB = 0x20;
inline constexpr std::uint32_t LC_ENCRYPTION_INFO = 0x21;
inline constexpr std::uint32_t LC_DYLD_INFO = 0x22;
inline constexpr std::uint32_t LC_DYLD_INFO_ONLY = 0x22 | LC_REQ_DYLD;
inline constexpr std::uint32_t LC_LOAD_UPWARD_DYLIB = 0x23 | LC_REQ_DYLD;
inline constexpr std::uint32_t LC_VERSION_MIN_MACOSX = 0x24;
inline constexpr std::uint32_t LC_VERSION_MIN_IPHONEOS = 0x25;
inline constexpr std::uint32_t LC_FUNCTION_STARTS = 0x26;
inline constexpr std::uint32_t LC_DYLD_ENVIRONMENT = 0x27;
inline constexpr std::uint32_t LC_MAIN = 0x28 | LC_REQ_DYLD;
inline constexpr std::uint32_t LC_DATA_IN_CODE = 0x29;
inline constexpr std::uint32_t LC_SOURCE_VERSION = 0x2a;
inline constexpr std::uint32_t LC_DYLIB_CODE_SIGN_DRS = 0x2b;
inline constexpr std::uint32_t LC_ENCRYPTION_INFO_64 = 0x2c;
inline constexpr std::uint32_t LC_LINKER_OPTION = 0x2d;
inline constexpr std::uint32_t LC_LINKER_OPTIMIZATION_HINT = 0x2e;
inline constexpr std::uint32_t LC_VERSION_MIN_TVOS = 0x2f;
inline constexpr std::uint32_t LC_VERSION_MIN_WATCHOS = 0x30;
inline constexpr std::uint32_t LC_NOTE = 0x31;
inline constexpr std::uint32_t LC_BUILD_VERSION = 0x32;
inline constexpr std::uint32_t LC_DYLD_EXPORTS_TRIE = 0x33 | LC_REQ_DYLD;
inline constexpr std::uint32_t LC_DYLD_CHAINED_FIXUPS = 0x34 | LC_REQ_DYLD;
inline constexpr std::uint32_t LC_FILESET_ENTRY = 0x35 | LC_REQ_DYLD;
inline constexpr std::uint32_t LC_ATOM_INFO = 0x36;
inline constexpr std::uint32_t LC_FUNCTION_VARIANTS = 0x37;
inline constexpr std::uint32_t LC_FUNCTION_VARIANT_FIXUPS = 0x38;
inline constexpr std::uint32_t LC_TARGET_TRIPLE = 0x39;

inline constexpr std::uint32_t PLATFORM_MACOS = 1;
inline constexpr std::uint32_t PLATFORM_IOS = 2;
inline constexpr std::uint32_t PLATFORM_TVOS = 3;
inline constexpr std::uint32_t PLATFORM_WATCHOS = 4;
inline constexpr std::uint32_t PLATFORM_MACCATALYST = 6;

struct SegmentCommand {
  ul32 cmd, cmdsize;
  std::array<char, 16> segname;
  ul32 vmaddr, vmsize, fileoff, filesize, maxprot, initprot, nsects, flags;
};

static_assert(sizeof(SegmentCommand) == 56);

struct SegmentCommand64 {
  ul32 cmd, cmdsize;
  std::array<char, 16> segname;
  ul64 vmaddr, vmsize, fileoff, filesize;
  ul32 maxprot, initprot, nsects, flags;
};

static_assert(sizeof(SegmentCommand64) == 72);

struct SymtabCommand {
  ul32 cmd, cmdsize, symoff, nsyms, stroff, strsize;
};

static_assert(sizeof(SymtabCommand) == 24);

struct DysymtabCommand {
  ul32 cmd, cmdsize, ilocalsym, nlocalsym, iextdefsym, nextdefsym, iundefsym, nundefsym, tocoff,
      ntoc, modtaboff, nmodtab, extrefsymoff, nextrefsyms, indirectsymoff, nindirectsyms, extreloff,
      nextrel, locreloff, nlocrel;
};

static_assert(sizeof(DysymtabCommand) == 80);

// Sizes of the entries that DysymtabCommand counts.
inline constexpr std::uint64_t toc_entry_size = 8;
inline constexpr std::uint64_t module_size_32 = 52;
inline constexpr std::uint64_t module_size_64 = 56;
inline constexpr std::uint64_t reference_size = 4;
inline constexpr std::uint64_t relocation_size = 8;

struct DylibCommand {
  ul32 cmd, cmdsize, name, timestamp, current_version, compatibility_version;
};

static_assert(sizeof(DylibCommand) == 24);

// LC_RPATH, LC_LOAD_DYLINKER: a command that is one string.
struct StringCommand {
  ul32 cmd, cmdsize, offset;
};

static_assert(sizeof(StringCommand) == 12);

struct UuidCommand {
  ul32 cmd, cmdsize;
  std::array<std::byte, 16> uuid;
};

static_assert(sizeof(UuidCommand) == 24);

struct BuildVersionCommand {
  ul32 cmd, cmdsize, platform, minos, sdk, ntools;
};

static_assert(sizeof(BuildVersionCommand) == 24);

struct VersionMinCommand {
  ul32 cmd, cmdsize, version, sdk;
};

static_assert(sizeof(VersionMinCommand) == 16);

struct LinkeditDataCommand {
  ul32 cmd, cmdsize, dataoff, datasize;
};

static_assert(sizeof(LinkeditDataCommand) == 16);

struct EntryPointCommand {
  ul32 cmd, cmdsize;
  ul64 entryoff, stacksize;
};

static_assert(sizeof(EntryPointCommand) == 24);

struct DyldInfoCommand {
  ul32 cmd, cmdsize, rebase_off, rebase_size, bind_off, bind_size, weak_bind_off, weak_bind_size,
      lazy_bind_off, lazy_bind_size, export_off, export_size;
};

static_assert(sizeof(DyldInfoCommand) == 48);

struct SourceVersionCommand {
  ul32 cmd, cmdsize;
  ul64 version;  // A.B.C.D.E as a24.b10.c10.d10.e10
};

static_assert(sizeof(SourceVersionCommand) == 16);

// LC_ENCRYPTION_INFO_64 has a word of padding more.
struct EncryptionInfoCommand {
  ul32 cmd, cmdsize, cryptoff, cryptsize, cryptid;
};

static_assert(sizeof(EncryptionInfoCommand) == 20);

struct LinkerOptionCommand {
  ul32 cmd, cmdsize, count;
};

static_assert(sizeof(LinkerOptionCommand) == 12);

// What differs between the two classes, for code that is written once for both.
struct Layout32 {
  using Header = MachHeader;
  using Segment = SegmentCommand;
  using Section = RawSection;
  using Symbol = Nlist;
  using Native = std::uint32_t;
  static constexpr std::uint32_t segment_cmd = LC_SEGMENT;
  static constexpr std::uint32_t command_align = 4;
};

struct Layout64 {
  using Header = MachHeader64;
  using Segment = SegmentCommand64;
  using Section = RawSection64;
  using Symbol = Nlist64;
  using Native = std::uint64_t;
  static constexpr std::uint32_t segment_cmd = LC_SEGMENT_64;
  static constexpr std::uint32_t command_align = 8;
};

}  // namespace tenon::macho
