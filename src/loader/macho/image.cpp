#include "loader/macho/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "codesign/blob/layout.h"
#include "codesign/mapping/mapping.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/verify.h"
#include "format/macho/load_commands.h"
#include "format/macho/macho.h"
#include "format/plist/value.h"
#include "loader/macho/mac.h"
#include "loader/macho/settings.h"
#include "loader/macho/wording.h"

namespace tenon::dyld {
namespace {

constexpr std::uint32_t sg_read_only = 0x10;  // <mach-o/loader.h>
constexpr std::uint32_t subtype_mask = 0x00ffffff;
constexpr std::uint32_t arm64e_subtype = 2;

std::unexpected<Refusal> refuse(Fault fault, std::string text, bool exact = true) {
  return std::unexpected(Refusal{fault, std::move(text), exact});
}

bool is_arm64(const Process& process) { return process.cputype == macho::CPU_TYPE_ARM64; }

// A program of the system; it takes nothing else.
bool is_arm64e(const Process& process) {
  return is_arm64(process) && (process.cpusubtype & subtype_mask) == arm64e_subtype;
}

// How well an architecture suits: the lower the better, nullopt: not at all. dyld of an arm64
// program is arm64e and, since macOS 14, takes such files of third parties too.
std::optional<int> grade(const Process& process, std::uint32_t cputype, std::uint32_t cpusubtype) {
  if (cputype != process.cputype) return std::nullopt;
  const std::uint32_t subtype = cpusubtype & subtype_mask;
  if (!is_arm64(process)) return subtype == 8 ? 0 : 1;  // CPU_SUBTYPE_X86_64_H
  if (is_arm64e(process)) return subtype == arm64e_subtype ? std::optional(0) : std::nullopt;
  if (subtype == arm64e_subtype) return process.macos.major >= 14 ? std::optional(0) : std::nullopt;
  return subtype <= 1 ? std::optional(1) : std::nullopt;
}

std::string names_of(const std::vector<macho::SliceRow>& rows) {
  std::vector<std::string> names;
  for (const macho::SliceRow& row : rows)
    names.push_back(macho::arch_name(row.cputype, row.cpusubtype));
  return join(names, ",");
}

struct Chosen {
  ByteView slice;
  std::uint64_t offset = 0;
};

std::expected<Chosen, Refusal> choose_slice(ByteView file, const Process& process) {
  if (!macho::is_universal(file)) return Chosen{file, 0};
  const auto table = macho::slice_table(file);
  if (!table) return refuse(Fault::structure, table.error().what, false);
  std::optional<Chosen> best;
  int best_grade = 0;
  for (const macho::Slice& slice : macho::readable_slices(file, *table)) {
    const auto mark = grade(process, slice.cputype, slice.cpusubtype);
    if (!mark || (best && *mark >= best_grade)) continue;
    best = Chosen{slice.bytes, slice.offset};
    best_grade = *mark;
  }
  if (best) return *best;
  return refuse(Fault::architecture,
                fmt::format("fat file, but missing compatible architecture ({})",
                            have_need_text(process.macos, names_of(table->rows),
                                           needed_architectures(process))),
                process.macos.major >= 13);
}

std::string_view platform_name(std::uint32_t platform) {
  constexpr std::array<std::string_view, 13> names{"unknown",
                                                   "macOS",
                                                   "iOS",
                                                   "tvOS",
                                                   "watchOS",
                                                   "bridgeOS",
                                                   "macCatalyst",
                                                   "iOS-simulator",
                                                   "tvOS-simulator",
                                                   "watchOS-simulator",
                                                   "driverKit",
                                                   "visionOS",
                                                   "visionOS-simulator"};
  return platform < names.size() ? names[platform] : "unknown";
}

// A file without a platform is so old that it is for macOS.
bool is_for_macos(const macho::File& file) {
  return file.builds().empty() || std::ranges::any_of(file.builds(), [](const auto& build) {
           return build.platform == macho::PLATFORM_MACOS;
         });
}

macho::Version sdk_of(const macho::File& file) {
  return file.build() == nullptr ? macho::Version{} : file.build()->sdk;
}

std::optional<Refusal> refuse_type(const macho::File& file, const std::string& path, Role role) {
  const std::uint32_t type = file.header().filetype;
  if (role == Role::program) {
    const bool image =
        type == macho::MH_EXECUTE || type == macho::MH_DYLIB || type == macho::MH_BUNDLE;
    if (image) return std::nullopt;
    return Refusal{Fault::file_type,
                   fmt::format("unloadable mach-o file type {} '{}'", type, path)};
  }
  if (type == macho::MH_DYLIB) return std::nullopt;
  std::string text = fmt::format("unloadable mach-o file type {} '{}'", type, path);
  if (type == macho::MH_BUNDLE) text = fmt::format("cannot link against bundle '{}'", path);
  if (type == macho::MH_EXECUTE)
    text = fmt::format("cannot link against a main executable '{}'", path);
  return Refusal{Fault::file_type, std::move(text)};
}

// The first text that stands twice in the list.
template <class List>
std::optional<std::string_view> twice(const List& list) {
  constexpr std::size_t most = 256;  // as many as dyld compares
  for (std::size_t i = 1; i < list.size() && i < most; ++i) {
    const auto end = list.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(list.begin(), end, *end) != end) return *end;
  }
  return std::nullopt;
}

// The SDK since which no name may stand twice: that of macOS 26, and before it of 15.4 for
// LC_RPATH and of 15.0 for libraries (dyld-1284 to 1286).
bool forbids_twice(macho::Version macos, macho::Version sdk, macho::Version before_26) {
  return macos.major >= 26 ? sdk.major >= 26 : sdk >= before_26;
}

// What the header must have by the SDK that it names (mach_o/Policy.cpp, in the order of
// UnsafeHeader::valid). dyld asks it of libraries since macOS 15.4, of a program since macOS 26.
std::optional<Refusal> refuse_header(const macho::File& file, Role role, const Process& process) {
  const bool program = role == Role::program && file.header().filetype == macho::MH_EXECUTE;
  if (process.macos < macho::Version{15, 4, 0} || (program && process.macos.major < 26))
    return std::nullopt;
  const macho::Version sdk = sdk_of(file);
  if (!file.uuid() && sdk.major >= (program ? 26 : 12))
    return Refusal{Fault::no_uuid, "missing LC_UUID load command"};
  std::vector<std::string_view> names;
  for (const macho::Dylib& one : file.dylibs()) {
    if (one.kind != macho::DylibKind::lazy) names.push_back(one.name);
  }
  if (const auto name = twice(names); name && forbids_twice(process.macos, sdk, {15, 0, 0}))
    return Refusal{Fault::structure, fmt::format("duplicate linked dylib '{}'", *name)};
  if (names.empty() && sdk >= macho::Version{15, 4, 0} &&
      !(file.id() && file.id()->name.starts_with("/usr/lib/system/")))
    return Refusal{Fault::structure,
                   "missing LC_LOAD_DYLIB (must link with at least libSystem.dylib)"};
  if (const auto rpath = twice(file.rpaths());
      rpath && forbids_twice(process.macos, sdk, {15, 4, 0}))
    return Refusal{Fault::structure, fmt::format("duplicate LC_RPATH '{}'", *rpath)};
  const macho::Segment* data = file.segment("__DATA_CONST");
  const bool split =
      file.command<macho::LinkeditDataCommand>(macho::LC_SEGMENT_SPLIT_INFO) != nullptr;
  if (data != nullptr && process.macos.major >= 26 && sdk.major >= 26 &&
      (data->flags & sg_read_only) == 0 && (program || !split)) {
    return Refusal{Fault::data_const, "__DATA_CONST segment missing SG_READ_ONLY flag"};
  }
  return std::nullopt;
}

std::optional<Refusal> refuse_mapping(const macho::File& file) {
  for (const codesign::MapProblem& problem : codesign::slice_problems(file)) {
    if (problem.fault == codesign::MapFault::writable_code) continue;
    const bool seal = problem.fault == codesign::MapFault::segment_unsealed ||
                      problem.fault == codesign::MapFault::data_unsealed;
    if (seal) continue;  // the kernel's question, see refuse_signature()
    std::string about = problem.first.empty() ? "the header" : problem.first;
    return Refusal{Fault::structure, fmt::format("malformed mach-o image: {}", about), false};
  }
  return std::nullopt;
}

bool has_true(const std::optional<plist::Value>& entitlements, std::string_view key) {
  return entitlements && entitlements->is_true(key);
}

}  // namespace

std::string needed_architectures(const Process& process) {
  if (!is_arm64(process)) return "x86_64";
  if (process.macos.major <= 12) return "arm64e";
  // dyld of macOS 13 leaves out what is for the system only.
  if (is_arm64e(process)) return process.macos.major == 13 ? "" : "arm64e";
  if (process.macos.major == 13) return "arm64";
  return "arm64e' or 'arm64";
}

std::string uuid_of(const macho::File& file) {
  if (!file.uuid()) return "no uuid";
  std::string hex = to_hex(file.uuid()->data(), file.uuid()->size());
  std::ranges::transform(hex, hex.begin(), [](char c) {
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  for (const std::size_t at : {20U, 16U, 12U, 8U}) hex.insert(at, "-");
  return hex;
}

std::expected<ImageFile, Refusal> open_image(const Found& found, const std::string& path, Role role,
                                             const Process& process) {
  // dyld says nothing of an empty file: such a file stands for a library that is gone.
  if (found.bytes.size() == 0) return refuse(Fault::empty_file, "");
  const Chosen chosen = TENON_TRY(choose_slice(found.bytes, process));
  const auto header = macho::read_header(chosen.slice);
  if (!header) return refuse(Fault::not_macho, "slice is not valid mach-o file");
  if (!grade(process, header->cputype, header->cpusubtype)) {
    return refuse(Fault::architecture,
                  fmt::format("mach-o file, but is an incompatible architecture ({})",
                              have_need_text(process.macos,
                                             macho::arch_name(header->cputype, header->cpusubtype),
                                             needed_architectures(process))),
                  process.macos.major >= 13);
  }
  auto file = macho::File::parse(chosen.slice);
  if (!file) return refuse(Fault::structure, file.error().what, false);
  if (!is_for_macos(*file)) {
    return refuse(Fault::platform,
                  fmt::format("mach-o file ({}), but incompatible platform ({})", path,
                              have_need_text(process.macos, platform_name(file->build()->platform),
                                             "macOS")));
  }
  if (auto why = refuse_type(*file, path, role)) return std::unexpected(*std::move(why));
  if (auto why = refuse_header(*file, role, process)) return std::unexpected(*std::move(why));
  if (auto why = refuse_mapping(*file)) return std::unexpected(*std::move(why));
  ImageFile out{found.owner, chosen.slice, *std::move(file), chosen.offset, std::nullopt};
  auto verdict = codesign::verify_file(chosen.slice, {});
  if (verdict && !verdict->slices.empty()) out.signature = std::move(verdict->slices.front());
  return out;
}

Policy policy_of(const macho::File& program, const std::optional<codesign::SliceVerdict>& signature,
                 bool set_user_id) {
  Policy out;
  const std::uint32_t flags = signature ? signature->flags : 0;
  out.hardened = (flags & codesign::CS_RUNTIME) != 0;
  out.restricted = set_user_id || (flags & codesign::CS_RESTRICT) != 0 ||
                   program.segment("__RESTRICT") != nullptr;
  if (!signature) return out;
  out.allows_environment =
      has_true(signature->entitlements, "com.apple.security.cs.allow-dyld-environment-variables");
  const bool disabled =
      has_true(signature->entitlements, "com.apple.security.cs.disable-library-validation");
  out.validates_libraries = (flags & codesign::CS_REQUIRE_LV) != 0 || (out.hardened && !disabled);
  return out;
}

std::optional<Refusal> refuse_signature(const ImageFile& image, const std::string& path,
                                        const Process& process) {
  const std::string uuid = uuid_of(image.file);
  const auto not_valid = [&](Fault fault, std::string_view message) {
    return Refusal{fault,
                   fmt::format("code signature in <{}> '{}' not valid for use in process: {}", uuid,
                               path, message),
                   false};
  };
  const bool has_signature = image.signature && image.signature->is_signed();
  if (!has_signature) {
    if (!is_arm64(process) && !process.policy.validates_libraries) return std::nullopt;
    return not_valid(Fault::signature,
                     "mapped file has no cdhash, completely unsigned? Code has to be at least "
                     "ad-hoc signed.");
  }
  const codesign::SliceVerdict& signature = *image.signature;
  if (signature.integrity.state == codesign::State::invalid) {
    const auto range = image.file.signature().value_or(macho::Range{});
    return Refusal{
        Fault::signature,
        fmt::format("code signature invalid in <{}> '{}' (errno=1) "
                    "sliceOffset=0x{:08X}, codeBlobOffset=0x{:08X}, codeBlobSize=0x{:08X}",
                    uuid, path, image.slice_offset, range.offset, range.size),
        false};
  }
  if (!process.policy.validates_libraries || signature.platform != 0) return std::nullopt;
  if (signature.team.empty() && !process.team.empty()) {
    return not_valid(Fault::team,
                     "mapped file has no Team ID and is not a platform binary (signed with custom "
                     "identity or adhoc?)");
  }
  if (signature.team != process.team || process.team.empty()) {
    return not_valid(Fault::team,
                     "mapping process and mapped file (non-platform) have different Team IDs");
  }
  return std::nullopt;
}

}  // namespace tenon::dyld
