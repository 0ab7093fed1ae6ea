#include "format/macho/headers_mark.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "format/macho/layout.h"
#include "format/macho/load_commands.h"
#include "format/macho/macho.h"

namespace tenon::macho {
namespace {

constexpr std::string_view segment_name = "__TEXT";
constexpr std::string_view section_name = "__tenon_headers";
constexpr std::uint32_t no_dead_strip = 0x10000000;  // S_ATTR_NO_DEAD_STRIP
constexpr std::size_t longest = 200;

std::array<char, 16> name_field(std::string_view name) {
  std::array<char, 16> out{};
  std::ranges::copy(name, out.begin());
  return out;
}

template <class T>
void append(std::string& out, const T& structure) {
  out.append(reinterpret_cast<const char*>(&structure), sizeof(T));
}

}  // namespace

std::string headers_mark_object(std::uint32_t cputype, Version minimum, std::string_view text) {
  constexpr std::uint32_t segment_size = sizeof(SegmentCommand64) + sizeof(RawSection64);
  constexpr std::uint32_t commands = segment_size + sizeof(BuildVersionCommand);
  constexpr std::uint32_t offset = sizeof(MachHeader64) + commands;
  const auto size = static_cast<std::uint32_t>(text.size() + 1);
  std::string out;
  append(out, MachHeader64{.magic = MH_MAGIC_64,
                           .cputype = cputype,
                           .cpusubtype = cputype == CPU_TYPE_X86_64 ? 3U : 0U,
                           .filetype = MH_OBJECT,
                           .ncmds = 2U,
                           .sizeofcmds = commands,
                           .flags = 0U,
                           .reserved = 0U});
  append(out, SegmentCommand64{.cmd = LC_SEGMENT_64,
                               .cmdsize = segment_size,
                               .segname = {},
                               .vmaddr = 0U,
                               .vmsize = size,
                               .fileoff = offset,
                               .filesize = size,
                               .maxprot = 7U,
                               .initprot = 7U,
                               .nsects = 1U,
                               .flags = 0U});
  append(out, RawSection64{.sectname = name_field(section_name),
                           .segname = name_field(segment_name),
                           .addr = 0U,
                           .size = size,
                           .offset = offset,
                           .align = 0U,
                           .reloff = 0U,
                           .nreloc = 0U,
                           .flags = no_dead_strip,
                           .reserved1 = 0U,
                           .reserved2 = 0U,
                           .reserved3 = 0U});
  append(out, BuildVersionCommand{
                  .cmd = LC_BUILD_VERSION,
                  .cmdsize = static_cast<std::uint32_t>(sizeof(BuildVersionCommand)),
                  .platform = PLATFORM_MACOS,
                  .minos = std::uint32_t{minimum.major} << 16U |
                           std::uint32_t{minimum.minor} << 8U | std::uint32_t{minimum.patch},
                  .sdk = 0U,
                  .ntools = 0U});
  out += text;
  out += '\0';
  return out;
}

std::optional<std::string> headers_mark(const File& file) {
  const Section* section = file.section(segment_name, section_name);
  if (section == nullptr || !section->in_file()) return std::nullopt;
  const auto bytes = file.contents(*section);
  if (!bytes) return std::nullopt;
  const auto text = bytes->cstr(0);
  if (!text || text->empty()) return std::nullopt;
  return std::string(text->substr(0, longest));
}

}  // namespace tenon::macho
