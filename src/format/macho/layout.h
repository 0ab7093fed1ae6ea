// The structures of Mach-O as they lie in a file, little-endian, for 32- and 64-bit files. Field
// names and values are those of Apple's <mach-o/loader.h>, <mach-o/nlist.h>, <mach-o/fat.h> and
// <mach/machine.h>. Knows no meaning beyond layout. Load commands are in load_commands.h, so that a
// new one does not compile every reader of Mach-O again.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace tenon::macho {

inline constexpr std::uint32_t MH_MAGIC = 0xfeedface;
inline constexpr std::uint32_t MH_MAGIC_64 = 0xfeedfacf;
inline constexpr std::uint32_t MH_CIGAM = 0xcefaedfe;
inline constexpr std::uint32_t MH_CIGAM_64 = 0xcffaedfe;
inline constexpr std::uint32_t FAT_MAGIC = 0xcafebabe;  // big-endian
inline constexpr std::uint32_t FAT_MAGIC_64 = 0xcafebabf;

inline constexpr std::uint32_t CPU_ARCH_ABI64 = 0x01000000;
inline constexpr std::uint32_t CPU_ARCH_ABI64_32 = 0x02000000;
inline constexpr std::uint32_t CPU_TYPE_I386 = 7;
inline constexpr std::uint32_t CPU_TYPE_X86_64 = CPU_TYPE_I386 | CPU_ARCH_ABI64;
inline constexpr std::uint32_t CPU_TYPE_ARM = 12;
inline constexpr std::uint32_t CPU_TYPE_ARM64 = CPU_TYPE_ARM | CPU_ARCH_ABI64;
inline constexpr std::uint32_t CPU_TYPE_ARM64_32 = CPU_TYPE_ARM | CPU_ARCH_ABI64_32;
inline constexpr std::uint32_t CPU_SUBTYPE_MASK = 0xff000000;  // capability bits

inline constexpr std::uint32_t MH_OBJECT = 1;
inline constexpr std::uint32_t MH_EXECUTE = 2;
inline constexpr std::uint32_t MH_CORE = 4;
inline constexpr std::uint32_t MH_DYLIB = 6;
inline constexpr std::uint32_t MH_DYLINKER = 7;
inline constexpr std::uint32_t MH_BUNDLE = 8;
inline constexpr std::uint32_t MH_DYLIB_STUB = 9;
inline constexpr std::uint32_t MH_DSYM = 10;
inline constexpr std::uint32_t MH_KEXT_BUNDLE = 11;

inline constexpr std::uint32_t MH_NOUNDEFS = 0x1;
inline constexpr std::uint32_t MH_DYLDLINK = 0x4;
inline constexpr std::uint32_t MH_TWOLEVEL = 0x80;
inline constexpr std::uint32_t MH_WEAK_DEFINES = 0x8000;
inline constexpr std::uint32_t MH_BINDS_TO_WEAK = 0x10000;
inline constexpr std::uint32_t MH_PIE = 0x200000;

inline constexpr std::uint32_t SG_NORELOC = 0x4;

inline constexpr std::uint32_t VM_PROT_READ = 1;
inline constexpr std::uint32_t VM_PROT_WRITE = 2;
inline constexpr std::uint32_t VM_PROT_EXECUTE = 4;

inline constexpr std::uint32_t SECTION_TYPE = 0xff;
inline constexpr std::uint32_t S_ZEROFILL = 0x1;
inline constexpr std::uint32_t S_GB_ZEROFILL = 0xc;
inline constexpr std::uint32_t S_THREAD_LOCAL_ZEROFILL = 0x12;

inline constexpr std::uint8_t N_STAB = 0xe0;
inline constexpr std::uint8_t N_PEXT = 0x10;
inline constexpr std::uint8_t N_TYPE = 0x0e;
inline constexpr std::uint8_t N_EXT = 0x01;
inline constexpr std::uint8_t N_UNDF = 0x0;
inline constexpr std::uint8_t N_PBUD = 0xc;
inline constexpr std::uint16_t N_WEAK_REF = 0x40;
inline constexpr std::uint16_t N_WEAK_DEF = 0x80;

struct MachHeader {
  ul32 magic, cputype, cpusubtype, filetype, ncmds, sizeofcmds, flags;
};

static_assert(sizeof(MachHeader) == 28);

struct MachHeader64 {
  ul32 magic, cputype, cpusubtype, filetype, ncmds, sizeofcmds, flags, reserved;
};

static_assert(sizeof(MachHeader64) == 32);

struct LoadCommand {
  ul32 cmd, cmdsize;
};

static_assert(sizeof(LoadCommand) == 8);

struct RawSection {
  std::array<char, 16> sectname, segname;
  ul32 addr, size, offset, align, reloff, nreloc, flags, reserved1, reserved2;
};

static_assert(sizeof(RawSection) == 68);

struct RawSection64 {
  std::array<char, 16> sectname, segname;
  ul64 addr, size;
  ul32 offset, align, reloff, nreloc, flags, reserved1, reserved2, reserved3;
};

static_assert(sizeof(RawSection64) == 80);

struct BuildToolVersion {
  ul32 tool, version;  // 1 clang, 2 swift, 3 ld, 4 lld; version as of unpack_version()
};

static_assert(sizeof(BuildToolVersion) == 8);

struct Nlist {
  ul32 n_strx;
  std::uint8_t n_type, n_sect;
  ul16 n_desc;
  ul32 n_value;
};

static_assert(sizeof(Nlist) == 12);

struct Nlist64 {
  ul32 n_strx;
  std::uint8_t n_type, n_sect;
  ul16 n_desc;
  ul64 n_value;
};

static_assert(sizeof(Nlist64) == 16);

struct FatHeader {
  ub32 magic, nfat_arch;
};

static_assert(sizeof(FatHeader) == 8);

struct FatArch {
  ub32 cputype, cpusubtype, offset, size, align;
};

static_assert(sizeof(FatArch) == 20);

struct FatArch64 {
  ub32 cputype, cpusubtype;
  ub64 offset, size;
  ub32 align, reserved;
};

static_assert(sizeof(FatArch64) == 32);

}  // namespace tenon::macho
