// The structures of a code signature as they lie in a file, all big-endian. Field names and values
// are those of xnu (osfmk/kern/cs_blobs.h) and Security (libsecurity_codesigning,
// codedirectory.h). Knows no meaning beyond layout.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace tenon::codesign {

inline constexpr std::uint32_t CSMAGIC_REQUIREMENT = 0xfade0c00;
inline constexpr std::uint32_t CSMAGIC_REQUIREMENTS = 0xfade0c01;
inline constexpr std::uint32_t CSMAGIC_CODEDIRECTORY = 0xfade0c02;
inline constexpr std::uint32_t CSMAGIC_EMBEDDED_SIGNATURE = 0xfade0cc0;
inline constexpr std::uint32_t CSMAGIC_BLOBWRAPPER = 0xfade0b01;  // around a CMS
inline constexpr std::uint32_t CSMAGIC_EMBEDDED_ENTITLEMENTS = 0xfade7171;
inline constexpr std::uint32_t CSMAGIC_EMBEDDED_DER_ENTITLEMENTS = 0xfade7172;
inline constexpr std::uint32_t CSMAGIC_EMBEDDED_LAUNCH_CONSTRAINT = 0xfade8181;

inline constexpr std::uint32_t CSSLOT_CODEDIRECTORY = 0;
inline constexpr std::uint32_t CSSLOT_INFOSLOT = 1;
inline constexpr std::uint32_t CSSLOT_REQUIREMENTS = 2;
inline constexpr std::uint32_t CSSLOT_RESOURCEDIR = 3;
inline constexpr std::uint32_t CSSLOT_APPLICATION = 4;
inline constexpr std::uint32_t CSSLOT_ENTITLEMENTS = 5;
inline constexpr std::uint32_t CSSLOT_REP_SPECIFIC = 6;
inline constexpr std::uint32_t CSSLOT_DER_ENTITLEMENTS = 7;
inline constexpr std::uint32_t CSSLOT_LAUNCH_CONSTRAINT_SELF = 8;
inline constexpr std::uint32_t CSSLOT_LIBRARY_CONSTRAINT = 11;
inline constexpr std::uint32_t CSSLOT_ALTERNATE_CODEDIRECTORIES = 0x1000;
inline constexpr std::uint32_t CSSLOT_ALTERNATE_CODEDIRECTORY_MAX = 5;  // how many
inline constexpr std::uint32_t CSSLOT_SIGNATURESLOT = 0x10000;
inline constexpr std::uint32_t CSSLOT_IDENTIFICATIONSLOT = 0x10001;
inline constexpr std::uint32_t CSSLOT_TICKETSLOT = 0x10002;

inline constexpr std::uint32_t CS_ADHOC = 0x2;
inline constexpr std::uint32_t CS_HARD = 0x100;
inline constexpr std::uint32_t CS_KILL = 0x200;
inline constexpr std::uint32_t CS_CHECK_EXPIRATION = 0x400;
inline constexpr std::uint32_t CS_RESTRICT = 0x800;
inline constexpr std::uint32_t CS_ENFORCEMENT = 0x1000;
inline constexpr std::uint32_t CS_REQUIRE_LV = 0x2000;
inline constexpr std::uint32_t CS_RUNTIME = 0x10000;
inline constexpr std::uint32_t CS_LINKER_SIGNED = 0x20000;

inline constexpr std::uint64_t CS_EXECSEG_MAIN_BINARY = 0x1;

inline constexpr std::uint8_t CS_HASHTYPE_SHA1 = 1;
inline constexpr std::uint8_t CS_HASHTYPE_SHA256 = 2;
inline constexpr std::uint8_t CS_HASHTYPE_SHA256_TRUNCATED = 3;
inline constexpr std::uint8_t CS_HASHTYPE_SHA384 = 4;

inline constexpr std::uint32_t CS_EARLIEST_VERSION = 0x20001;
inline constexpr std::uint32_t CS_SUPPORTSSCATTER = 0x20100;
inline constexpr std::uint32_t CS_SUPPORTSTEAMID = 0x20200;
inline constexpr std::uint32_t CS_SUPPORTSCODELIMIT64 = 0x20300;
inline constexpr std::uint32_t CS_SUPPORTSEXECSEG = 0x20400;
inline constexpr std::uint32_t CS_SUPPORTSRUNTIME = 0x20500;
inline constexpr std::uint32_t CS_SUPPORTSLINKAGE = 0x20600;
inline constexpr std::uint32_t CS_COMPATIBILITY_LIMIT = 0x2f000;

struct GenericBlob {
  ub32 magic, length;
};

static_assert(sizeof(GenericBlob) == 8);

struct SuperBlobHeader {
  ub32 magic, length, count;
};

static_assert(sizeof(SuperBlobHeader) == 12);

struct BlobIndex {
  ub32 type, offset;
};

static_assert(sizeof(BlobIndex) == 8);

struct CodeDirectoryHeader {
  ub32 magic, length, version, flags, hashOffset, identOffset, nSpecialSlots, nCodeSlots, codeLimit;
  std::uint8_t hashSize, hashType, platform, pageSize;  // pageSize is log2 of bytes
  ub32 spare2;
};

static_assert(sizeof(CodeDirectoryHeader) == 44);

struct CodeDirectoryScatter {
  ub32 scatterOffset;
};

struct CodeDirectoryTeam {
  ub32 teamOffset;
};

struct CodeDirectoryLimit64 {
  ub32 spare3;
  ub64 codeLimit64;
};

struct CodeDirectoryExecSeg {
  ub64 execSegBase, execSegLimit, execSegFlags;
};

struct CodeDirectoryRuntime {
  ub32 runtime, preEncryptOffset;
};

static_assert(sizeof(CodeDirectoryLimit64) == 12);
static_assert(sizeof(CodeDirectoryExecSeg) == 24);
static_assert(sizeof(CodeDirectoryRuntime) == 8);

// Where the parts of later versions begin.
inline constexpr std::uint64_t scatter_at = sizeof(CodeDirectoryHeader);
inline constexpr std::uint64_t team_at = scatter_at + sizeof(CodeDirectoryScatter);
inline constexpr std::uint64_t limit64_at = team_at + sizeof(CodeDirectoryTeam);
inline constexpr std::uint64_t exec_seg_at = limit64_at + sizeof(CodeDirectoryLimit64);
inline constexpr std::uint64_t runtime_at = exec_seg_at + sizeof(CodeDirectoryExecSeg);

static_assert(runtime_at == 88);

}  // namespace tenon::codesign
