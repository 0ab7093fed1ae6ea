// The structures of PE images and COFF objects as they lie in a file, all little-endian. Names and
// values are those of Microsoft's "PE Format" and of <winnt.h>. Knows no meaning beyond layout.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace tenon::pe {

struct DosHeader {
  ul16 e_magic;  // "MZ"
  std::array<std::byte, 58> not_read;
  ul32 e_lfanew;  // file offset of the PE signature
};

struct FileHeader {
  ul16 Machine, NumberOfSections;
  ul32 TimeDateStamp, PointerToSymbolTable, NumberOfSymbols;
  ul16 SizeOfOptionalHeader, Characteristics;
};

struct OptionalHeader32 {
  ul16 Magic;
  std::uint8_t MajorLinkerVersion, MinorLinkerVersion;
  ul32 SizeOfCode, SizeOfInitializedData, SizeOfUninitializedData;
  ul32 AddressOfEntryPoint, BaseOfCode, BaseOfData, ImageBase;
  ul32 SectionAlignment, FileAlignment;
  ul16 MajorOperatingSystemVersion, MinorOperatingSystemVersion;
  ul16 MajorImageVersion, MinorImageVersion, MajorSubsystemVersion, MinorSubsystemVersion;
  ul32 Win32VersionValue, SizeOfImage, SizeOfHeaders, CheckSum;
  ul16 Subsystem, DllCharacteristics;
  ul32 SizeOfStackReserve, SizeOfStackCommit, SizeOfHeapReserve, SizeOfHeapCommit;
  ul32 LoaderFlags, NumberOfRvaAndSizes;
};

struct OptionalHeader64 {
  ul16 Magic;
  std::uint8_t MajorLinkerVersion, MinorLinkerVersion;
  ul32 SizeOfCode, SizeOfInitializedData, SizeOfUninitializedData;
  ul32 AddressOfEntryPoint, BaseOfCode;
  ul64 ImageBase;
  ul32 SectionAlignment, FileAlignment;
  ul16 MajorOperatingSystemVersion, MinorOperatingSystemVersion;
  ul16 MajorImageVersion, MinorImageVersion, MajorSubsystemVersion, MinorSubsystemVersion;
  ul32 Win32VersionValue, SizeOfImage, SizeOfHeaders, CheckSum;
  ul16 Subsystem, DllCharacteristics;
  ul64 SizeOfStackReserve, SizeOfStackCommit, SizeOfHeapReserve, SizeOfHeapCommit;
  ul32 LoaderFlags, NumberOfRvaAndSizes;
};

struct DataDirectory {
  ul32 VirtualAddress, Size;
};

struct SectionHeader {
  std::array<char, 8> Name;
  ul32 VirtualSize, VirtualAddress, SizeOfRawData, PointerToRawData;
  ul32 PointerToRelocations, PointerToLinenumbers;
  ul16 NumberOfRelocations, NumberOfLinenumbers;
  ul32 Characteristics;
};

struct ImportDescriptor {
  ul32 OriginalFirstThunk, TimeDateStamp, ForwarderChain, Name, FirstThunk;
};

struct DelayDescriptor {
  ul32 Attributes, DllNameRVA, ModuleHandleRVA, ImportAddressTableRVA, ImportNameTableRVA;
  ul32 BoundImportAddressTableRVA, UnloadInformationTableRVA, TimeDateStamp;
};

struct ExportDirectory {
  ul32 Characteristics, TimeDateStamp;
  ul16 MajorVersion, MinorVersion;
  ul32 Name, Base, NumberOfFunctions, NumberOfNames;
  ul32 AddressOfFunctions, AddressOfNames, AddressOfNameOrdinals;
};

// 18 bytes; in a /bigobj the section number has 32 bits. A name of four zeros and an offset stands
// in the string table.
struct SymbolRecord {
  std::array<char, 8> Name;
  ul32 Value;
  ul16 SectionNumber, Type;
  std::uint8_t StorageClass, NumberOfAuxSymbols;
};

struct BigSymbolRecord {
  std::array<char, 8> Name;
  ul32 Value, SectionNumber;
  ul16 Type;
  std::uint8_t StorageClass, NumberOfAuxSymbols;
};

struct DebugDirectory {
  ul32 Characteristics, TimeDateStamp;
  ul16 MajorVersion, MinorVersion;
  ul32 Type, SizeOfData, AddressOfRawData, PointerToRawData;
};

// CV_INFO_PDB70: behind it the path of the PDB file, NUL-terminated.
struct CodeViewRecord {
  std::array<char, 4> Signature;  // "RSDS"
  std::array<std::byte, 16> Guid;
  ul32 Age;
};

// Starts all "anonymous" objects: large ones, link-time code generation, entries of import
// libraries. Sig1 stands where an object has its machine and is 0.
struct AnonHeader {
  ul16 Sig1, Sig2, Version, Machine;
  ul32 TimeDateStamp;
};

// ANON_OBJECT_HEADER_BIGOBJ.
struct BigObjHeader {
  ul16 Sig1, Sig2, Version, Machine;
  ul32 TimeDateStamp;
  std::array<std::uint8_t, 16> ClassID;
  ul32 SizeOfData, Flags, MetaDataSize, MetaDataOffset;
  ul32 NumberOfSections, PointerToSymbolTable, NumberOfSymbols;
};

static_assert(sizeof(DosHeader) == 64 && sizeof(FileHeader) == 20);
static_assert(sizeof(OptionalHeader32) == 96 && sizeof(OptionalHeader64) == 112);
static_assert(sizeof(SectionHeader) == 40 && sizeof(ImportDescriptor) == 20);
static_assert(sizeof(DelayDescriptor) == 32 && sizeof(ExportDirectory) == 40);
static_assert(sizeof(DebugDirectory) == 28 && sizeof(CodeViewRecord) == 24);
static_assert(sizeof(AnonHeader) == 12 && sizeof(BigObjHeader) == 56);

inline constexpr std::uint16_t IMAGE_DOS_SIGNATURE = 0x5a4d;     // "MZ"
inline constexpr std::uint32_t IMAGE_NT_SIGNATURE = 0x00004550;  // "PE\0\0"
inline constexpr std::uint16_t IMAGE_NT_OPTIONAL_HDR32_MAGIC = 0x10b;
inline constexpr std::uint16_t IMAGE_NT_OPTIONAL_HDR64_MAGIC = 0x20b;
inline constexpr std::uint64_t symbol_size = 18, bigobj_symbol_size = 20;
static_assert(sizeof(SymbolRecord) == symbol_size && sizeof(BigSymbolRecord) == bigobj_symbol_size);

// Section numbers that are none.
inline constexpr std::int32_t IMAGE_SYM_UNDEFINED = 0, IMAGE_SYM_ABSOLUTE = -1,
                              IMAGE_SYM_DEBUG = -2;
inline constexpr std::uint8_t IMAGE_SYM_CLASS_EXTERNAL = 2, IMAGE_SYM_CLASS_STATIC = 3;
inline constexpr std::uint8_t IMAGE_SYM_CLASS_FILE = 103, IMAGE_SYM_CLASS_WEAK_EXTERNAL = 105;

inline constexpr std::uint16_t IMAGE_FILE_MACHINE_UNKNOWN = 0;
inline constexpr std::uint16_t IMAGE_FILE_MACHINE_I386 = 0x14c;
inline constexpr std::uint16_t IMAGE_FILE_MACHINE_ARM = 0x1c0;
inline constexpr std::uint16_t IMAGE_FILE_MACHINE_ARMNT = 0x1c4;
inline constexpr std::uint16_t IMAGE_FILE_MACHINE_IA64 = 0x200;
inline constexpr std::uint16_t IMAGE_FILE_MACHINE_EBC = 0xebc;
inline constexpr std::uint16_t IMAGE_FILE_MACHINE_RISCV64 = 0x5064;
inline constexpr std::uint16_t IMAGE_FILE_MACHINE_LOONGARCH64 = 0x6264;
inline constexpr std::uint16_t IMAGE_FILE_MACHINE_AMD64 = 0x8664;
inline constexpr std::uint16_t IMAGE_FILE_MACHINE_ARM64EC = 0xa641;
inline constexpr std::uint16_t IMAGE_FILE_MACHINE_ARM64X = 0xa64e;
inline constexpr std::uint16_t IMAGE_FILE_MACHINE_ARM64 = 0xaa64;

inline constexpr std::uint16_t IMAGE_FILE_RELOCS_STRIPPED = 0x0001;
inline constexpr std::uint16_t IMAGE_FILE_EXECUTABLE_IMAGE = 0x0002;
inline constexpr std::uint16_t IMAGE_FILE_LARGE_ADDRESS_AWARE = 0x0020;
inline constexpr std::uint16_t IMAGE_FILE_DLL = 0x2000;

inline constexpr std::uint16_t IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA = 0x0020;
inline constexpr std::uint16_t IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE = 0x0040;
inline constexpr std::uint16_t IMAGE_DLLCHARACTERISTICS_NX_COMPAT = 0x0100;
inline constexpr std::uint16_t IMAGE_DLLCHARACTERISTICS_NO_SEH = 0x0400;
inline constexpr std::uint16_t IMAGE_DLLCHARACTERISTICS_GUARD_CF = 0x4000;
inline constexpr std::uint16_t IMAGE_DLLCHARACTERISTICS_TERMINAL_SERVER_AWARE = 0x8000;

inline constexpr std::uint32_t IMAGE_SCN_CNT_CODE = 0x00000020;
inline constexpr std::uint32_t IMAGE_SCN_CNT_INITIALIZED_DATA = 0x00000040;
inline constexpr std::uint32_t IMAGE_SCN_CNT_UNINITIALIZED_DATA = 0x00000080;
inline constexpr std::uint32_t IMAGE_SCN_LNK_INFO = 0x00000200;
inline constexpr std::uint32_t IMAGE_SCN_MEM_DISCARDABLE = 0x02000000;
inline constexpr std::uint32_t IMAGE_SCN_MEM_EXECUTE = 0x20000000;
inline constexpr std::uint32_t IMAGE_SCN_MEM_READ = 0x40000000;
inline constexpr std::uint32_t IMAGE_SCN_MEM_WRITE = 0x80000000;

// Indexes of the data directories.
inline constexpr std::size_t IMAGE_DIRECTORY_ENTRY_EXPORT = 0;
inline constexpr std::size_t IMAGE_DIRECTORY_ENTRY_IMPORT = 1;
inline constexpr std::size_t IMAGE_DIRECTORY_ENTRY_RESOURCE = 2;
inline constexpr std::size_t IMAGE_DIRECTORY_ENTRY_SECURITY = 4;
inline constexpr std::size_t IMAGE_DIRECTORY_ENTRY_BASERELOC = 5;
inline constexpr std::size_t IMAGE_DIRECTORY_ENTRY_DEBUG = 6;
inline constexpr std::size_t IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT = 13;
inline constexpr std::size_t IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR = 14;
inline constexpr std::size_t IMAGE_NUMBEROF_DIRECTORY_ENTRIES = 16;

inline constexpr std::uint32_t IMAGE_DEBUG_TYPE_CODEVIEW = 2;
inline constexpr std::uint32_t IMAGE_DEBUG_TYPE_REPRO = 16;

}  // namespace tenon::pe
