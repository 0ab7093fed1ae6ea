// Makes small Mach-O files for tests, so that every field is known without a tool.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "format/macho/load_commands.h"

namespace tenon::test {

template <Layout T>
void append(std::string& to, const T& value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

template <Layout T>
void overwrite(std::string& in, std::size_t at, const T& value) {
  std::memcpy(in.data() + at, &value, sizeof(T));
}

inline std::array<char, 16> name16(std::string_view name) {
  std::array<char, 16> out{};
  std::memcpy(out.data(), name.data(), name.size());
  return out;
}

// A load command of one string, padded to 8.
inline std::string string_command(std::uint32_t cmd, std::string_view text) {
  const std::size_t size = (sizeof(macho::StringCommand) + text.size() + 1 + 7) / 8 * 8;
  std::string out;
  append(out, macho::StringCommand{cmd, static_cast<std::uint32_t>(size), 12u});
  out += text;
  out.resize(size);
  return out;
}

inline std::string dylib_command(std::uint32_t cmd, std::string_view name, std::uint32_t current,
                                 std::uint32_t compatible) {
  const std::size_t size = (sizeof(macho::DylibCommand) + name.size() + 1 + 7) / 8 * 8;
  std::string out;
  append(out,
         macho::DylibCommand{cmd, static_cast<std::uint32_t>(size), 24u, 2u, current, compatible});
  out += name;
  out.resize(size);
  return out;
}

// A 64-bit file: __TEXT with one section at `text_at`, then __LINKEDIT with `linkedit` in it.
struct MachoBuilder {
  std::uint32_t cputype = macho::CPU_TYPE_ARM64;
  std::uint32_t filetype = macho::MH_EXECUTE;
  std::uint32_t text_at = 0x1000;
  std::string text_name = "__text";
  std::vector<std::string> commands;  // after the segments
  std::string linkedit;
  std::string data_segment;     // a segment command for what lies between both
  std::uint32_t data_size = 0;  // bytes of it, a multiple of a page

  static constexpr std::uint32_t linkedit_at = 0x4000;  // of a file without data

  [[nodiscard]] std::uint32_t linkedit_start() const { return linkedit_at + data_size; }

  [[nodiscard]] std::string segments() const {
    using namespace macho;
    std::string out;
    const std::uint32_t with_section = sizeof(SegmentCommand64) + sizeof(RawSection64);
    append(out, SegmentCommand64{LC_SEGMENT_64, with_section, name16("__TEXT"), 0x100000000u,
                                 std::uint64_t{linkedit_at}, 0u, std::uint64_t{linkedit_at}, 5u, 5u,
                                 1u, 0u});
    append(out, RawSection64{name16(text_name), name16("__TEXT"), 0x100000000u + text_at, 64u,
                             text_at, 2u, 0u, 0u, 0x80000400u, 0u, 0u, 0u});
    out += data_segment;
    append(out,
           SegmentCommand64{LC_SEGMENT_64, static_cast<std::uint32_t>(sizeof(SegmentCommand64)),
                            name16("__LINKEDIT"), 0x100000000u + linkedit_start(), 0x4000u,
                            std::uint64_t{linkedit_start()}, std::uint64_t{linkedit.size()}, 1u, 1u,
                            0u, 0u});
    return out;
  }

  [[nodiscard]] std::string build() const {
    using namespace macho;
    std::string all = segments();
    for (const std::string& command : commands) all += command;
    std::string out;
    const std::size_t segments = data_segment.empty() ? 2 : 3;
    append(out, MachHeader64{MH_MAGIC_64, cputype, 0u, filetype,
                             static_cast<std::uint32_t>(segments + commands.size()),
                             static_cast<std::uint32_t>(all.size()), MH_TWOLEVEL, 0u});
    out += all;
    out.resize(linkedit_start());
    for (std::uint32_t i = 0; i < 64; ++i) out[text_at + i] = static_cast<char>(i + 1);
    return out + linkedit;
  }
};

// LC_SYMTAB, LC_DYLD_EXPORTS_TRIE and the data for both.
inline MachoBuilder small_program(std::uint32_t data_size = 0) {
  using namespace macho;
  MachoBuilder b;
  b.data_size = data_size;
  const std::string strings("\0_main\0_puts\0_weak\0", 19);
  append(b.linkedit, Nlist64{1u, N_EXT | 0xe, 1, 0u, 0x100001000u});
  append(b.linkedit, Nlist64{7u, N_EXT, 0, 0x0100u, 0u});
  append(b.linkedit, Nlist64{13u, N_EXT, 0, 0xfe40u, 0u});
  const auto string_at = static_cast<std::uint32_t>(b.linkedit_start() + b.linkedit.size());
  b.linkedit += strings;
  const auto trie_at = static_cast<std::uint32_t>(b.linkedit_start() + b.linkedit.size());
  // Root without a value, one edge "_main" to offset 9: flags 0, address 0x1000.
  const std::string trie("\0\1_main\0\x9\3\0\x80\x20\0", 14);
  b.linkedit += trie;
  std::string symtab, exports;
  append(symtab, SymtabCommand{LC_SYMTAB, 24u, b.linkedit_start(), 3u, string_at, 19u});
  append(exports, LinkeditDataCommand{LC_DYLD_EXPORTS_TRIE, 16u, trie_at, 14u});
  b.commands = {symtab, exports};
  return b;
}

// A file of the folder that TENON_TEST_FILES names; nullopt, with a message, when it is not there.
inline std::optional<std::string> test_file(const std::string& name) {
  const char* folder = std::getenv("TENON_TEST_FILES");
  if (folder != nullptr) {
    std::ifstream in(std::string(folder) + "/" + name, std::ios::binary);
    if (in) return std::string(std::istreambuf_iterator<char>(in), {});
  }
  std::fprintf(stderr, "skipped: %s is not in TENON_TEST_FILES\n", name.c_str());
  return std::nullopt;
}

}  // namespace tenon::test
