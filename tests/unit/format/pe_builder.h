// A PE image written by hand: one section with imports of both kinds, exports and debug
// information, then a certificate. Independent of pe/layout.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pe_builder {

struct Image {
  bool wide = true;
  bool dll = true;
  std::uint64_t machine = 0x8664, subsystem = 3, dll_characteristics = 0x160;
  std::string bytes;

  // Places; those of the tables are RVAs. The section .rdata begins at 0x400 in the file.
  static constexpr std::uint64_t pe_at = 0x80, section_rva = 0x2000, section_at = 0x400;
  static constexpr std::uint64_t section_size = 0x400, data_rva = 0x3000, data_at = 0x800;
  static constexpr std::uint64_t imports = 0x2000, lookup = 0x2060, delayed = 0x20c0;
  static constexpr std::uint64_t delay_lookup = 0x2120, exports = 0x2160, debug = 0x2240;
  static constexpr std::uint64_t code_view = 0x2280, names = 0x2300;
  static constexpr std::uint64_t certificate_at = 0xa00, file_size = 0xa10;
  static constexpr std::uint64_t timestamp = 0x5f5e1000;
  static constexpr std::string_view names_text{
      "k32.dll\0late.dll\0"
      "\x05\0Alpha\0\x06\0Later\0"
      "own.dll\0run\0twice\0k32.Alpha\0",
      60};

  [[nodiscard]] std::uint64_t base() const { return wide ? 0x180000000 : 0x10000000; }

  static std::uint64_t name(std::string_view text) { return names + names_text.find(text); }

  void number(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i));
  }

  void words(std::initializer_list<std::uint64_t> values) {
    for (const std::uint64_t value : values) number(value, 4);
  }

  void halves(std::initializer_list<std::uint64_t> values) {
    for (const std::uint64_t value : values) number(value, 2);
  }

  void native(std::uint64_t value) { number(value, wide ? 8 : 4); }

  void to_rva(std::uint64_t rva) { bytes.resize(section_at + rva - section_rva); }

  // Changes what is already there.
  void put(std::uint64_t offset, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i)
      bytes[offset + std::uint64_t(i)] = static_cast<char>(value >> (8 * i));
  }

  [[nodiscard]] std::uint64_t directory_at(std::uint64_t index) const {
    return pe_at + 24 + (wide ? 112 : 96) + 8 * index;
  }

  static std::uint64_t at(std::uint64_t rva) { return section_at + rva - section_rva; }

  void directory(std::uint64_t index, std::uint64_t rva, std::uint64_t size) {
    put(directory_at(index), rva, 4);
    put(directory_at(index) + 4, size, 4);
  }

  void headers() {
    bytes = "MZ";
    bytes.resize(0x3c);
    number(pe_at, 4);
    bytes.resize(pe_at);
    bytes += std::string("PE\0\0", 4);
    halves({machine, 2});
    words({timestamp, 0, 0});
    halves({(wide ? 112U : 96U) + 128U, 0x22 | (dll ? 0x2000U : 0U), wide ? 0x20bU : 0x10bU});
    halves({0x000e});  // linker 14.0
    words({0x100, 0x200, 0, 0x2010, 0x1000});
    if (!wide) words({0x2000});
    native(base());
    words({0x1000, 0x200});
    halves({6, 1, 0, 0, 6, 2});
    words({0, 0x4000, 0x400, 0xabcd});
    halves({subsystem, dll_characteristics});
    for (int i = 0; i < 4; ++i) native(0x1000);
    words({0, 16});
    bytes.resize(bytes.size() + 128);
    section(".rdata", section_rva, section_at, section_size, 0x40000040);
    section(".data", data_rva, data_at, 0x200, 0xc0000040);
  }

  void section(std::string name, std::uint64_t rva, std::uint64_t offset, std::uint64_t size,
               std::uint64_t flags) {
    name.resize(8);
    bytes += name;
    words({size - 16, rva, size, offset, 0, 0, 0, flags});
  }

  void import_tables() {
    const std::uint64_t by_ordinal = wide ? 1ULL << 63U : 1ULL << 31U;
    to_rva(imports);
    words({lookup, 0, 0, name("k32.dll"), lookup + 0x30});
    to_rva(lookup);
    native(name("Alpha") - 2);
    native(by_ordinal | 7);
    to_rva(delayed);
    words({1, name("late.dll"), 0, delay_lookup + 0x20, delay_lookup, 0, 0, 0});
    to_rva(delay_lookup);
    native(name("Later") - 2);
  }

  // run is a function, twice a name of k32.Alpha; ordinal 11 has no name.
  void export_tables() {
    const std::uint64_t functions = exports + 40, pointers = functions + 12,
                        ordinals = pointers + 8;
    to_rva(exports);
    words({0, timestamp, 0, name("own.dll"), 10, 3, 2, functions, pointers, ordinals});
    words({0x2010, 0x2020, exports + 0x70});
    words({name("run"), name("twice")});
    halves({0, 2});
    to_rva(exports + 0x70);
    bytes += std::string("k32.Alpha\0", 10);
  }

  void debug_tables() {
    to_rva(debug);
    words({0, timestamp, 0, 16, 0, 0, 0});
    words({0, timestamp, 0, 2, 0x30, code_view, at(code_view)});
    to_rva(code_view);
    bytes += "RSDS";
    for (int i = 1; i <= 16; ++i) number(std::uint64_t(i), 1);
    words({3});
    bytes += "C:\\out\\own.pdb";
  }

  static Image make(bool wide) {
    Image image;
    image.wide = wide;
    if (!wide) image.machine = 0x14c;
    image.headers();
    image.import_tables();
    image.export_tables();
    image.debug_tables();
    image.to_rva(names);
    image.bytes += names_text;
    image.bytes.resize(certificate_at);
    image.words({16, 0x00020200, 0, 0});
    image.directory(0, exports, 0xa0);
    image.directory(1, imports, 40);
    image.directory(4, certificate_at, 16);
    image.directory(6, debug, 56);
    image.directory(13, delayed, 64);
    return image;
  }
};

}  // namespace pe_builder
