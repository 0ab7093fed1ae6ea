// Small ELF files and archives, made by the gABI and ar(5) and not by the readers under test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tenon::test {

inline std::string little(std::uint64_t value, int size) {
  std::string out;
  for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

struct Sym {
  std::string name;
  bool defined = true;
  bool weak = false;
  std::uint16_t section = 1;  // of a defined one; 0xfff2: common
  std::uint8_t other = 0;
};

inline std::string elf_symbols(const std::vector<Sym>& symbols, std::string& strings) {
  std::string out(24, '\0');
  for (const Sym& one : symbols) {
    out += little(strings.size(), 4);
    out += little((one.weak ? 2U : 1U) << 4U, 1) + little(one.other, 1);
    out += little(one.defined ? one.section : 0U, 2) + little(0, 8) + little(0, 8);
    strings += one.name + '\0';
  }
  return out;
}

inline std::string elf_head(std::uint16_t type, std::uint16_t machine, std::uint64_t phoff,
                            std::uint16_t phnum, std::uint64_t shoff, std::uint16_t shnum) {
  std::string out(
      "\x7f"
      "ELF\x02\x01\x01",
      7);
  out.resize(16, '\0');
  out += little(type, 2) + little(machine, 2) + little(1, 4) + little(0, 8) + little(phoff, 8) +
         little(shoff, 8) + little(0, 4) + little(64, 2) + little(56, 2) + little(phnum, 2) +
         little(64, 2) + little(shnum, 2) + little(0, 2);
  return out;
}

inline std::string section(std::uint32_t type, std::uint64_t offset, std::uint64_t size,
                           std::uint32_t link, std::uint32_t info, std::uint64_t entry) {
  return little(0, 4) + little(type, 4) + little(0, 8) + little(0, 8) + little(offset, 8) +
         little(size, 8) + little(link, 4) + little(info, 4) + little(1, 8) + little(entry, 8);
}

// A relocatable object of arm64 (183), or of another machine.
inline std::string object(const std::vector<Sym>& symbols, std::uint16_t machine = 183) {
  std::string strings(1, '\0');
  const std::string table = elf_symbols(symbols, strings);
  const std::uint64_t at = 64 + 3 * 64;
  return elf_head(1, machine, 0, 0, 64, 3) + section(0, 0, 0, 0, 0, 0) +
         section(2, at, table.size(), 2, 1, 24) +
         section(3, at + table.size(), strings.size(), 0, 0, 0) + table + strings;
}

// A shared library whose file is its image.
inline std::string shared_object(const std::string& soname, const std::vector<std::string>& needed,
                                 const std::vector<Sym>& symbols, std::uint16_t machine = 183) {
  std::string strings(1, '\0');
  std::string dynamic;
  const auto entry = [&](std::uint64_t tag, std::uint64_t value) {
    dynamic += little(tag, 8) + little(value, 8);
  };
  for (const std::string& one : needed) {
    entry(1, strings.size());
    strings += one + '\0';
  }
  entry(14, strings.size());
  strings += soname + '\0';
  const std::string table = elf_symbols(symbols, strings);
  const std::string hash = little(1, 4) + little(symbols.size() + 1, 4) + little(0, 4) +
                           std::string(4 * (symbols.size() + 1), '\0');
  const std::uint64_t at = 64 + 2 * 56;
  const std::uint64_t dynamic_size = dynamic.size() + 5 * 16;
  const std::uint64_t table_at = at + dynamic_size;
  const std::uint64_t strings_at = table_at + table.size();
  entry(5, strings_at);
  entry(10, strings.size());
  entry(6, table_at);
  entry(4, strings_at + strings.size());
  entry(0, 0);
  const std::uint64_t size = strings_at + strings.size() + hash.size();
  const auto segment = [&](std::uint32_t type, std::uint64_t offset, std::uint64_t length) {
    return little(type, 4) + little(4, 4) + little(offset, 8) + little(offset, 8) +
           little(offset, 8) + little(length, 8) + little(length, 8) + little(8, 8);
  };
  return elf_head(3, machine, 64, 2, 0, 0) + segment(1, 0, size) + segment(2, at, dynamic_size) +
         dynamic + table + strings + hash;
}

inline std::string padded(std::string text, std::size_t width) {
  text.resize(width, ' ');
  return text;
}

// One member of an archive; `stored`: false in a thin archive.
inline std::string ar_member(const std::string& name, const std::string& data, bool stored = true) {
  std::string out = padded(name, 16) + padded("0", 12) + padded("0", 6) + padded("0", 6) +
                    padded("100644", 8) + padded(std::to_string(data.size()), 10) + "`\n";
  if (!stored) return out;
  out += data;
  if (data.size() % 2 != 0) out += '\n';
  return out;
}

}  // namespace tenon::test
