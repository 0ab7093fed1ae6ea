// Which glibc the files of a program need: the highest GLIBC_ version of each, the symbols that ask
// for it, and the systems that have so new a glibc.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "format/elf/elf.h"

namespace tenon::loader {

struct FloorEntry {
  std::string path;
  elf::GlibcVersion version;
  std::string name;                  // "GLIBC_2.34"
  std::vector<std::string> symbols;  // that ask for exactly this version; may be cut
};

struct GlibcFloors {
  std::vector<FloorEntry> files;  // those that need a glibc and are not part of it
  elf::GlibcVersion needed;       // the highest of all; 0.0 when none is needed
  elf::GlibcVersion have;         // of the root; 0.0 when it has none
};

// Nothing for a file that asks for no version or is a part of glibc.
[[nodiscard]] std::optional<FloorEntry> floor_of(const elf::File& file, std::string path);

// "2.31", "debian:11", "rhel:8"; nothing for other text. 0.0 for a system without glibc.
struct GlibcBase {
  std::string name;
  elf::GlibcVersion version;
};

[[nodiscard]] std::optional<GlibcBase> parse_glibc_base(std::string_view text);

// The systems that have at least this glibc, in the order of the table.
[[nodiscard]] std::vector<std::string_view> bases_with(const elf::GlibcVersion& version);

// "debian:11, debian:12", for messages.
[[nodiscard]] std::string base_names();

[[nodiscard]] std::string version_text(const elf::GlibcVersion& version);

}  // namespace tenon::loader
