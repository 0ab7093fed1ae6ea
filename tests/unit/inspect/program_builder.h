// Programs of Go and C as bytes, for the tests of inspect and of the gate: what a linker would
// write, and no more.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codesign/sign/adhoc.h"
#include "format/macho_builder.h"

namespace tenon::test {

inline std::string little(std::uint64_t value, int size) {
  std::string out;
  for (int i = 0; i < size; ++i) out += i < 8 ? static_cast<char>(value >> (8 * i)) : '\0';
  return out;
}

// The form of runtime/debug since Go 1.18: the magic, pointer size 8, inline strings. `lines` are
// those of the module text.
inline std::string build_info_bytes(const std::string& lines,
                                    const std::string& version = "go1.26.8") {
  const auto counted = [](const std::string& text) {
    std::string out;
    for (std::size_t left = text.size(); out.empty() || left != 0; left >>= 7U) {
      out += static_cast<char>((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    }
    return out + text;
  };
  return std::string("\xff Go buildinf:\x08\x02", 16) + std::string(16, '\0') + counted(version) +
         counted(std::string(16, '0') + lines + std::string(16, '1'));
}

// A function table of Go 1.20 and newer: header, names, files, entries (src/runtime/symtab.go,
// pcHeader). Each function takes 16 bytes of code.
inline std::string function_table_bytes(const std::vector<std::string>& functions,
                                        const std::vector<std::string>& files = {}) {
  std::string names, paths, entries, records;
  for (const std::string& file : files) paths += file + '\0';
  const std::uint64_t count = functions.size(), table_size = 8 * count + 4;
  for (std::uint64_t i = 0; i < count; ++i) {
    entries += little(16 * i, 4) + little(table_size + 8 * i, 4);
    records += little(16 * i, 4) + little(names.size(), 4);
    names += functions[i] + '\0';
  }
  entries += little(16 * count, 4);
  const std::uint64_t names_at = 72, files_at = names_at + names.size(),
                      functions_at = files_at + paths.size();
  return little(0xfffffff1, 4) + std::string("\0\0\4\x08", 4) + little(count, 8) + little(0, 8) +
         little(0, 8) + little(names_at, 8) + little(files_at, 8) + little(files_at, 8) +
         little(functions_at, 8) + little(functions_at, 8) + names + paths + entries + records;
}

// What of Go goes into either format; `go` false leaves all of it out.
struct GoParts {
  bool go = true, info = true, table = true;
  std::string lines =
      "path\texample.com/app\nmod\texample.com/app\tv1.2.3\t\n"
      "build\t-buildmode=exe\nbuild\tCGO_ENABLED=0\n";
  std::string version = "go1.26.8";
  std::vector<std::string> functions{"main.main"};
  std::vector<std::string> files{};
};

struct MachoProgram {
  GoParts go{};
  std::uint32_t cpu = macho::CPU_TYPE_ARM64, subtype = 0;
  std::uint32_t type = macho::MH_EXECUTE, flags = macho::MH_PIE;
  std::vector<std::string> dylibs{"/usr/lib/libSystem.B.dylib"};
  std::vector<std::string> rpaths{};
  bool uuid = true, version = true, sign = true, function_starts = false;
  std::uint32_t minos = 12u << 16U, data_flags = 0x10;  // SG_READ_ONLY
  std::vector<std::pair<std::uint32_t, std::uint32_t>> tools{};
  std::string identifier = "app";
  std::vector<std::string> more{};  // load commands
  std::string text{};               // put into __TEXT as it is

  [[nodiscard]] std::string data_segment(const std::string& info, const std::string& table) const {
    using namespace macho;
    std::string sections;
    std::uint32_t count = 0;
    const auto section = [&](std::string_view name, std::uint64_t at, std::uint64_t size) {
      append(sections, RawSection64{name16(name), name16("__DATA_CONST"), 0x100000000u + at, size,
                                    static_cast<std::uint32_t>(at), 4u, 0u, 0u, 0u, 0u, 0u, 0u});
      ++count;
    };
    if (!info.empty()) section("__go_buildinfo", 0x4000, info.size());
    if (!table.empty()) section("__gopclntab", 0x5000, table.size());
    std::string out;
    append(out, SegmentCommand64{LC_SEGMENT_64,
                                 static_cast<std::uint32_t>(sizeof(SegmentCommand64)) +
                                     count * static_cast<std::uint32_t>(sizeof(RawSection64)),
                                 name16("__DATA_CONST"), 0x100004000u, 0x4000u, 0x4000u, 0x4000u,
                                 3u, 3u, count, data_flags});
    return out + sections;
  }

  [[nodiscard]] std::string version_command() const {
    std::string out;
    append(out, macho::BuildVersionCommand{macho::LC_BUILD_VERSION,
                                           static_cast<std::uint32_t>(24 + 8 * tools.size()),
                                           macho::PLATFORM_MACOS, minos, 13u << 16U,
                                           static_cast<std::uint32_t>(tools.size())});
    for (const auto& [tool, number] : tools) out += little(tool, 4) + little(number, 4);
    return out;
  }

  [[nodiscard]] std::string build() const {
    MachoBuilder b = small_program(0x4000);
    b.cputype = cpu;
    b.filetype = type;
    const std::string info = go.go && go.info ? build_info_bytes(go.lines, go.version) : "";
    const std::string table = go.go && go.table ? function_table_bytes(go.functions, go.files) : "";
    b.data_segment = data_segment(info, table);
    if (version) b.commands.push_back(version_command());
    if (uuid) {
      std::string command;
      append(command, macho::UuidCommand{macho::LC_UUID, 24u, {std::byte{1}, std::byte{0xab}}});
      b.commands.push_back(command);
    }
    if (function_starts) {
      std::string command;
      const auto at = static_cast<std::uint32_t>(b.linkedit_start() + b.linkedit.size());
      append(command, macho::LinkeditDataCommand{macho::LC_FUNCTION_STARTS, 16u, at, 8u});
      b.linkedit += std::string("\x80\x20\0\0\0\0\0\0", 8);
      b.commands.push_back(command);
    }
    for (const std::string& name : dylibs) {
      b.commands.push_back(dylib_command(macho::LC_LOAD_DYLIB, name, 0x10203, 0x10000));
    }
    for (const std::string& path : rpaths) {
      b.commands.push_back(string_command(macho::LC_RPATH, path));
    }
    for (const std::string& command : more) b.commands.push_back(command);
    std::string bytes = b.build();
    REQUIRE(info.size() <= 0x1000);
    REQUIRE(table.size() <= 0x1000);
    overwrite(bytes, 8, ul32(subtype));
    overwrite(bytes, 24, ul32(macho::MH_TWOLEVEL | flags));
    bytes.replace(0x1100, text.size(), text);
    bytes.replace(0x4000, info.size(), info);
    bytes.replace(0x5000, table.size(), table);
    if (!sign) return bytes;
    const auto signed_bytes = sign::sign_adhoc(view_of(bytes), {identifier, 0, 0});
    REQUIRE(signed_bytes.has_value());
    return std::string(ByteView(std::span<const std::byte>(*signed_bytes)).text());
  }
};

// A universal file of slices, each at a multiple of 16 KiB.
inline std::string universal(const std::vector<std::pair<std::uint32_t, std::string>>& slices) {
  const auto big = [](std::uint64_t value) {
    std::string text = little(value, 4);
    return std::string(text.rbegin(), text.rend());
  };
  std::string out = big(0xcafebabe) + big(slices.size()), contents;
  for (const auto& [cpu, bytes] : slices) {
    contents.resize((contents.size() + 0x3fff) / 0x4000 * 0x4000);
    out += big(cpu) + big(0) + big(0x4000 + contents.size()) + big(bytes.size()) + big(14);
    contents += bytes;
  }
  out.resize(0x4000);
  return out + contents;
}

struct ElfSection {
  std::string name, contents;
  std::uint64_t flags = 2;  // SHF_ALLOC
  std::uint64_t type = 1;   // SHT_PROGBITS
};

struct ElfSymbol {
  std::string name;
  std::string library{}, version{};  // of an import
  bool defined = false;
};

// A 64-bit little-endian ELF file; addresses are offsets plus `base`.
struct ElfProgram {
  GoParts go{};
  std::uint64_t type = 2, machine = 183;  // ET_EXEC, EM_AARCH64
  std::string interpreter{}, soname{}, runpath{}, rpath{};
  std::vector<std::string> needed{};
  std::vector<ElfSymbol> symbols{};
  std::optional<bool> exec_stack = false;  // nullopt: no PT_GNU_STACK
  bool text_relocations = false, dynamic = false, section_headers = true;
  std::uint64_t flags_1 = 0;
  std::vector<ElfSection> sections{};

  static constexpr std::uint64_t base = 0x10000, contents_at = 0x400;

  [[nodiscard]] std::string build() const {
    ElfImage image(*this);
    return image.make();
  }

 private:
  struct ElfImage {
    const ElfProgram& want;
    std::string bytes{}, headers{};
    std::uint64_t segments = 0;
    std::string strings = std::string(1, '\0');

    explicit ElfImage(const ElfProgram& program) : want(program) {}

    std::uint64_t string(const std::string& text) {
      const std::uint64_t at = strings.size();
      strings += text + '\0';
      return at;
    }

    std::uint64_t place(const std::string& contents) {
      bytes.resize((bytes.size() + 15) / 16 * 16);
      const std::uint64_t at = bytes.size();
      bytes += contents;
      return at;
    }

    void segment(std::uint64_t kind, std::uint64_t flags, std::uint64_t at, std::uint64_t size) {
      headers += little(kind, 4) + little(flags, 4) + little(at, 8) + little(base + at, 8) +
                 little(base + at, 8) + little(size, 8) + little(size, 8) + little(16, 8);
      ++segments;
    }

    // Version numbers begin at 2; one DT_VERNEED record a symbol is enough.
    void dynamic_section() {
      std::string entries, table(24, '\0'), versym = little(0, 2), verneed;
      const auto entry = [&](std::uint64_t tag, std::uint64_t value) {
        entries += little(tag, 8) + little(value, 8);
      };
      for (const std::string& name : want.needed) entry(1, string(name));
      if (!want.soname.empty()) entry(14, string(want.soname));
      if (!want.rpath.empty()) entry(15, string(want.rpath));
      if (!want.runpath.empty()) entry(29, string(want.runpath));
      if (want.text_relocations) entry(22, 0);
      std::uint64_t count = 0, versions = 0;
      for (const ElfSymbol& symbol : want.symbols) versions += symbol.version.empty() ? 0U : 1U;
      for (const ElfSymbol& symbol : want.symbols) {
        table += little(string(symbol.name), 4) + little(0x12, 1) + little(0, 1) +
                 little(symbol.defined ? 1U : 0U, 2) + little(symbol.defined ? base : 0, 8) +
                 little(0, 8);
        versym += little(symbol.version.empty() ? 1 : 2 + count, 2);
        if (symbol.version.empty()) continue;
        ++count;
        verneed += little(1, 2) + little(1, 2) + little(string(symbol.library), 4) + little(16, 4) +
                   little(count == versions ? 0 : 32, 4) + little(0, 4) + little(0, 2) +
                   little(1 + count, 2) + little(string(symbol.version), 4) + little(0, 4);
      }
      const std::uint64_t number = want.symbols.size() + 1;
      entry(4, base + place(little(1, 4) + little(number, 4) + std::string(4 + 4 * number, '\0')));
      entry(6, base + place(table));
      if (count != 0) {
        entry(0x6ffffff0, base + place(versym));
        entry(0x6ffffffe, base + place(verneed));
        entry(0x6fffffff, count);
      }
      entry(5, base + place(strings));
      entry(10, strings.size());
      if (want.flags_1 != 0) entry(0x6ffffffb, want.flags_1);
      entry(0, 0);
      const std::uint64_t at = place(entries);
      segment(2, 6, at, entries.size());
    }

    std::string section_table(std::vector<ElfSection> all) {
      std::string names(1, '\0'), table(64, '\0');
      all.push_back({".shstrtab", "", 0, 3});
      for (const ElfSection& section : all) names += section.name + '\0';
      all.back().contents = names;
      for (const ElfSection& section : all) {
        const std::uint64_t at = place(section.type == 8 ? "" : section.contents);
        table += little(names.find(section.name + '\0'), 4) + little(section.type, 4) +
                 little(section.flags, 8) + little(base + at, 8) + little(at, 8) +
                 little(section.contents.size(), 8) + little(0, 4) + little(0, 4) + little(16, 8) +
                 little(0, 8);
      }
      return table;
    }

    std::string make() {
      bytes.resize(contents_at);
      if (!want.interpreter.empty()) {
        const std::uint64_t at = place(want.interpreter + '\0');
        segment(3, 4, at, want.interpreter.size() + 1);
      }
      if (want.exec_stack) segment(0x6474e551, *want.exec_stack ? 7 : 6, 0, 0);
      if (want.dynamic || want.flags_1 != 0 || want.text_relocations || !want.needed.empty() ||
          !want.symbols.empty() || !want.soname.empty() || !want.interpreter.empty()) {
        dynamic_section();
      }
      std::vector<ElfSection> all = want.sections;
      const GoParts& parts = want.go;
      if (parts.go && parts.info) {
        all.push_back({".go.buildinfo", build_info_bytes(parts.lines, parts.version), 3});
      }
      if (parts.go && parts.table) {
        all.push_back({".gopclntab", function_table_bytes(parts.functions, parts.files)});
      }
      const std::string table = section_table(all);
      const std::uint64_t at = want.section_headers ? place(table) : 0;
      segment(1, 6, 0, bytes.size());
      const std::uint64_t sections_count = want.section_headers ? all.size() + 2 : 0;
      const std::string head =
          std::string("\177ELF\2\1\1", 7) + std::string(9, '\0') + little(want.type, 2) +
          little(want.machine, 2) + little(1, 4) + little(base, 8) + little(64, 8) + little(at, 8) +
          little(0, 4) + little(64, 2) + little(56, 2) + little(segments, 2) + little(64, 2) +
          little(sections_count, 2) + little(want.section_headers ? sections_count - 1 : 0, 2);
      REQUIRE(head.size() + headers.size() <= contents_at);
      bytes.replace(0, head.size(), head);
      bytes.replace(head.size(), headers.size(), headers);
      return bytes;
    }
  };
};

// ar(5).
inline std::string archive(const std::vector<std::pair<std::string, std::string>>& members) {
  const auto field = [](std::string text, std::size_t width) {
    text.resize(width, ' ');
    return text;
  };
  std::string out = "!<arch>\n";
  for (const auto& [name, data] : members) {
    out += field(name + "/", 16) + field("0", 12) + field("0", 6) + field("0", 6) +
           field("100644", 8) + field(std::to_string(data.size()), 10) + "`\n" + data;
    if (data.size() % 2 != 0) out += '\n';
  }
  return out;
}

}  // namespace tenon::test
