// Symbol versions: what a file asks of its libraries and what it defines, and what this means for
// the glibc that is needed. Both chains may only run forward, so they end.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "format/elf/access.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"

namespace tenon::elf {

namespace {

constexpr std::uint16_t hidden_bit = 0x8000;

// A chain of records: `next` is relative to the record, 0 ends it.
Result<std::uint64_t> advance(ByteView bytes, std::uint64_t at, std::uint64_t next,
                              std::uint64_t record) {
  if (next < record || !bytes.contains(at, next)) {
    return fail(Errc::malformed, "ELF version chain", bytes.base() + at);
  }
  return at + next;
}

struct Source {
  ByteView records, strings;
  // Entries that may still be copied, over all chains: chains can share their records.
  std::size_t left = 0;
};

Result<void> spend(Source& source, std::uint64_t at) {
  if (source.left == 0) {
    return fail(Errc::malformed, "ELF version count", source.records.base() + at);
  }
  --source.left;
  return {};
}

template <class E>
Result<std::vector<Version>> read_aux(Source& source, std::uint64_t at, std::uint32_t count) {
  std::vector<Version> versions;
  for (std::uint32_t i = 0; i < count; ++i) {
    TENON_TRY(spend(source, at));
    const Vernaux<E>* aux = TENON_TRY(source.records.at<Vernaux<E>>(at, "ELF needed version"));
    const auto index = static_cast<std::uint16_t>(aux->vna_other & ~hidden_bit & 0xffff);
    versions.push_back({TENON_TRY(bounded_cstr(source.strings, aux->vna_name, "ELF version name")),
                        index, (aux->vna_flags & VER_FLG_WEAK) != 0, false});
    if (aux->vna_next == 0) break;
    at = TENON_TRY(advance(source.records, at, aux->vna_next, sizeof(Vernaux<E>)));
  }
  return versions;
}

template <class E>
Result<std::vector<VersionNeed>> read_needs(Source source, std::uint64_t count) {
  std::vector<VersionNeed> needs;
  std::uint64_t at = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    TENON_TRY(spend(source, at));
    const Verneed<E>* need = TENON_TRY(source.records.at<Verneed<E>>(at, "ELF DT_VERNEED"));
    VersionNeed read;
    read.file = TENON_TRY(bounded_cstr(source.strings, need->vn_file, "ELF version file"));
    read.versions = TENON_TRY(read_aux<E>(source, at + need->vn_aux, need->vn_cnt));
    needs.push_back(std::move(read));
    if (need->vn_next == 0) break;
    at = TENON_TRY(advance(source.records, at, need->vn_next, sizeof(Verneed<E>)));
  }
  return needs;
}

template <class E>
Result<std::vector<Version>> read_definitions(Source source, std::uint64_t count) {
  std::vector<Version> versions;
  std::uint64_t at = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    TENON_TRY(spend(source, at));
    const Verdef<E>* def = TENON_TRY(source.records.at<Verdef<E>>(at, "ELF DT_VERDEF"));
    const Verdaux<E>* aux =
        TENON_TRY(source.records.at<Verdaux<E>>(at + def->vd_aux, "ELF defined version"));
    const auto index = static_cast<std::uint16_t>(def->vd_ndx & ~hidden_bit & 0xffff);
    versions.push_back({TENON_TRY(bounded_cstr(source.strings, aux->vda_name, "ELF version name")),
                        index, (def->vd_flags & VER_FLG_WEAK) != 0,
                        (def->vd_flags & VER_FLG_BASE) != 0});
    if (def->vd_next == 0) break;
    at = TENON_TRY(advance(source.records, at, def->vd_next, sizeof(Verdef<E>)));
  }
  return versions;
}

constexpr std::array<std::string_view, 22> glibc_stems = {"libc",
                                                          "libm",
                                                          "libpthread",
                                                          "libdl",
                                                          "librt",
                                                          "libresolv",
                                                          "libutil",
                                                          "libnsl",
                                                          "libanl",
                                                          "libcrypt",
                                                          "libmvec",
                                                          "libthread_db",
                                                          "libnss_dns",
                                                          "libnss_files",
                                                          "libnss_compat",
                                                          "libnss_hesiod",
                                                          "libBrokenLocale",
                                                          "libmemusage",
                                                          "libpcprofile",
                                                          "libc_malloc_debug",
                                                          "ld64",
                                                          "ld"};

}  // namespace

Result<std::vector<VersionNeed>> File::version_needs(const Dynamic& dynamic) const {
  if (dynamic.verneed == 0) return std::vector<VersionNeed>();
  const Source source{TENON_TRY(from_address(dynamic.verneed)), TENON_TRY(dynamic_strings(dynamic)),
                      list_limit()};
  return with_layout(header_, [&](auto layout) -> Result<std::vector<VersionNeed>> {
    return read_needs<decltype(layout)>(source, dynamic.verneednum);
  });
}

Result<std::vector<VersionNeed>> File::version_needs() const {
  return version_needs(TENON_TRY(dynamic()));
}

Result<std::vector<Version>> File::version_definitions(const Dynamic& dynamic) const {
  if (dynamic.verdef == 0) return std::vector<Version>();
  const Source source{TENON_TRY(from_address(dynamic.verdef)), TENON_TRY(dynamic_strings(dynamic)),
                      list_limit()};
  return with_layout(header_, [&](auto layout) -> Result<std::vector<Version>> {
    return read_definitions<decltype(layout)>(source, dynamic.verdefnum);
  });
}

Result<std::vector<Version>> File::version_definitions() const {
  return version_definitions(TENON_TRY(dynamic()));
}

bool is_glibc_library(std::string_view file) {
  if (file.starts_with("ld-linux")) return true;
  const std::size_t end = file.find(".so");
  if (end == std::string_view::npos) return false;
  return std::ranges::find(glibc_stems, file.substr(0, end)) != glibc_stems.end();
}

std::optional<GlibcVersion> parse_glibc_version(std::string_view name) {
  // glibc 2.36 NEWS: linkers add this version to files with DT_RELR, so that older loaders refuse.
  if (name == "GLIBC_ABI_DT_RELR") return GlibcVersion{2, 36, 0};
  if (!name.starts_with("GLIBC_") || name.size() > 32) return std::nullopt;
  const std::vector<std::string_view> parts = split(name.substr(6), '.');
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  std::array<std::uint32_t, 3> numbers{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = parse_number(parts[i]);
    if (!number || *number > 0xffff) return std::nullopt;
    numbers[i] = static_cast<std::uint32_t>(*number);
  }
  return GlibcVersion{numbers[0], numbers[1], numbers[2]};
}

Result<std::optional<GlibcFloor>> File::glibc_floor() const {
  GlibcFloor floor;
  for (const VersionNeed& need : TENON_TRY(version_needs())) {
    if (!is_glibc_library(need.file)) continue;
    for (const Version& version : need.versions) {
      const auto parsed = parse_glibc_version(version.name);
      if (!parsed || version.weak || *parsed <= floor.version) continue;
      floor.version = *parsed;
      floor.name = version.name;
    }
  }
  if (floor.name.empty()) return std::nullopt;
  const SymbolTable table = TENON_TRY(dynamic_symbols());
  for (const Symbol& symbol : table) {
    if (symbol.defined() || symbol.version != floor.name || symbol.version_file.empty()) continue;
    if (floor.needs.size() >= list_limit()) break;
    if (is_glibc_library(symbol.version_file)) {
      floor.needs.push_back({symbol.name, symbol.version_file});
    }
  }
  return floor;
}

}  // namespace tenon::elf
