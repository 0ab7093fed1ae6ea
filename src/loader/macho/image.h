// One file as dyld takes it: the slice for the process, and whether it may be loaded into it.
//
// Rules: dyld-1378 common/MachOFile.cpp (compatibleSlice), dyld/JustInTimeLoader.cpp
// (makeJustInTimeLoaderDisk), mach_o/Policy.cpp for what is asked of new files only; the kernel's
// and AMFI's answers (library validation) are closed, and their texts are those of public reports.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "codesign/verify/file_verdict.h"
#include "format/macho/macho.h"
#include "loader/macho/mac.h"
#include "loader/macho/settings.h"

namespace tenon::dyld {

enum class Fault : std::uint8_t {
  empty_file,
  not_macho,
  architecture,
  platform,
  file_type,   // a program or a bundle where a library is needed
  structure,   // a header that dyld refuses
  no_uuid,     // LC_UUID is missing and the SDK asks for it
  data_const,  // __DATA_CONST without SG_READ_ONLY
  signature,   // not signed where that is needed, or a signature that the kernel refuses
  team,        // library validation
};

struct Refusal {
  Fault fault = Fault::structure;
  std::string text;   // dyld's own words
  bool exact = true;  // false: the words are the kernel's or depend on the release
};

// What the process accepts.
struct Process {
  std::uint32_t cputype = 0, cpusubtype = 0;
  macho::Version macos{26, 0, 0};
  Policy policy;
  std::string team;  // of the program
  bool program_signed = false;
};

// A file in a process; owns its bytes.
struct ImageFile {
  std::shared_ptr<const void> owner;
  ByteView slice;
  macho::File file;
  std::uint64_t slice_offset = 0;
  std::optional<codesign::SliceVerdict> signature;
};

enum class Role : std::uint8_t {
  program,  // or a library or bundle by itself, as dlopen() takes it
  library,  // that an image names
};

// The slice that dyld would choose, or why it takes none. `path`: as dyld calls the file.
[[nodiscard]] std::expected<ImageFile, Refusal> open_image(const Found& found,
                                                           const std::string& path, Role role,
                                                           const Process& process);

// Whether the kernel lets the file into the process. Needs the signature, so it comes second.
[[nodiscard]] std::optional<Refusal> refuse_signature(const ImageFile& image,
                                                      const std::string& path,
                                                      const Process& process);

// "0D1DEADA-90CF-3E86-D15E-3A513AC21411", or "no uuid".
[[nodiscard]] std::string uuid_of(const macho::File& file);

// The policy that follows from a program's signature.
[[nodiscard]] Policy policy_of(const macho::File& program,
                               const std::optional<codesign::SliceVerdict>& signature,
                               bool set_user_id);

// "arm64e' or 'arm64": what dyld of this release names where it needs an architecture.
[[nodiscard]] std::string needed_architectures(const Process& process);

}  // namespace tenon::dyld
