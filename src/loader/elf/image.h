// One file in the memory of a loader: its tables, the names by which it is known and who loaded it.
// Keeps the bytes of its file alive; all views lead into them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/lifetime.h"
#include "base/result.h"
#include "format/elf/elf.h"
#include "format/elf/lookup.h"
#include "loader/files.h"
#include "loader/verdict.h"

namespace tenon::loader {

// A version as symbols refer to it by index.
struct NamedVersion {
  std::string_view name;  // empty: the index means no version
  std::string_view file;  // the library that is to have it; empty for one that is defined here
};

struct Image {
  Opened file;
  elf::File elf;
  elf::Dynamic dynamic;
  elf::SymbolTable symbols;
  elf::SymbolHash hash;
  elf::RelocationTables relocations;
  std::vector<elf::VersionNeed> needs;
  std::vector<elf::Version> definitions;
  std::vector<NamedVersion> versions;  // by index
  bool has_versym = false;

  std::string path;                   // as the loader names it; empty for the program of glibc
  std::vector<std::string> names;     // by which it was asked for
  std::string origin;                 // its folder, for $ORIGIN
  std::optional<std::size_t> loader;  // index of the image that loaded it
  std::vector<std::size_t> children;  // direct needs, in their order
  bool is_loader = false;             // the loader itself
  bool is_program = false;
  std::string soname_match;  // its DT_SONAME

  [[nodiscard]] const NamedVersion* version_of(std::uint64_t symbol) const TENON_LIFETIMEBOUND;
};

// Reads all tables. truncated: the file ends before something that the loader reads.
[[nodiscard]] Result<Image> read_image(Opened opened);
// The same of a file that is parsed already.
[[nodiscard]] Result<Image> read_image(Opened opened, elf::File file);

// The file ends within the page that its dynamic section lies in: a loader reads zeros there, where
// it is stopped for reading a page behind the file.
[[nodiscard]] bool ends_in_dynamic_page(ByteView bytes);

// "/a/b.so" -> "/a", as loaders cut $ORIGIN out of a path.
[[nodiscard]] std::string origin_of(std::string_view path);

}  // namespace tenon::loader
