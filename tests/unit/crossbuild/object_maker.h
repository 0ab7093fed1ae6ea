// Mach-O objects and archives for tests of a link.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "format/macho_builder.h"

namespace tenon::test {

// A symbol of an object: its name and what it is.
struct Symbol {
  std::string name;
  enum class Kind { defined, wanted, wanted_weak, local } kind = Kind::defined;
};

inline std::string object(const std::vector<Symbol>& symbols,
                          const std::vector<std::string>& commands = {},
                          std::uint32_t cpu = macho::CPU_TYPE_ARM64) {
  using namespace macho;
  using enum Symbol::Kind;
  MachoBuilder b;
  b.cputype = cpu;
  b.filetype = MH_OBJECT;
  std::string strings(1, '\0');
  for (const Symbol& symbol : symbols) {
    const auto at = static_cast<std::uint32_t>(strings.size());
    strings += symbol.name + '\0';
    std::uint8_t type = N_EXT;
    std::uint16_t desc = 0;
    if (symbol.kind == defined) type = N_EXT | 0xe;  // N_SECT
    if (symbol.kind == local) type = 0xe;
    if (symbol.kind == wanted_weak) desc = N_WEAK_REF;
    const std::uint8_t section = symbol.kind == defined || symbol.kind == local ? 1 : 0;
    append(b.linkedit, Nlist64{at, type, section, desc, 0u});
  }
  const auto string_at = static_cast<std::uint32_t>(MachoBuilder::linkedit_at + b.linkedit.size());
  b.linkedit += strings;
  std::string symtab;
  append(symtab, SymtabCommand{LC_SYMTAB, 24u, MachoBuilder::linkedit_at,
                               static_cast<std::uint32_t>(symbols.size()), string_at,
                               static_cast<std::uint32_t>(strings.size())});
  b.commands = commands;
  b.commands.push_back(symtab);
  return b.build();
}

inline std::string build_version(std::uint32_t major, std::uint32_t minor) {
  std::string out;
  for (const std::uint32_t word : {macho::LC_BUILD_VERSION, 24u, macho::PLATFORM_MACOS,
                                   major << 16U | minor << 8U, 14u << 16U, 0u}) {
    append(out, ul32(word));
  }
  return out;
}

// LC_LINKER_OPTION: a count and so many strings.
inline std::string linker_option(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += word + '\0';
  text.resize((text.size() + 12 + 7) / 8 * 8 - 12);
  std::string out;
  append(out, ul32(macho::LC_LINKER_OPTION));
  append(out, ul32(static_cast<std::uint32_t>(text.size() + 12)));
  append(out, ul32(static_cast<std::uint32_t>(words.size())));
  return out + text;
}

inline std::string field(std::string text, std::size_t width) {
  text.resize(width, ' ');
  return text;
}

// ar(5), without an index.
inline std::string archive(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string out = "!<arch>\n";
  for (const auto& [name, data] : members) {
    out += field(name + "/", 16) + field("0", 12) + field("0", 6) + field("0", 6) +
           field("100644", 8) + field(std::to_string(data.size()), 10) + "`\n" + data;
    if (data.size() % 2 != 0) out += '\n';
  }
  return out;
}

}  // namespace tenon::test
