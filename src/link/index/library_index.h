// All libraries that a linker could take for one target, and who defines what.
//
// Order is the linker's: folders as they are searched, names in a folder sorted. Of two files with
// one name and kind the first in that order counts; the other one is shadowed and defines nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "link/index/library.h"
#include "link/index/symbol_names.h"

namespace tenon::link {

// Where a symbol is defined. `member` is 0 for a shared library.
struct Definer {
  std::uint32_t library = 0, member = 0;
};

// What -lX means in a sysroot.
enum class FoundAs : std::uint8_t {
  archive,        // libX.a is there, for this machine
  shared,         // only libX.so, or a file with a version behind .so
  wrong_machine,  // only files for another machine
  unreadable,     // a file is there and could not be read
  absent,
};

[[nodiscard]] std::string_view found_as_name(FoundAs found);

struct Lookup {
  FoundAs found = FoundAs::absent;
  const Library* archive = nullptr;  // usable or empty
  const Library* shared = nullptr;   // usable
  const Library* other = nullptr;    // what stands there and cannot be used
};

class LibraryIndex {
 public:
  SymbolNames names;
  std::vector<Library> libraries;
  std::vector<std::string> folders;  // in search order, without those of `outside` libraries
  std::vector<std::string> unread;   // folders that could not be listed, and why

  // Builds the tables of the questions below. To be called once, when all libraries are there.
  void finish();

  [[nodiscard]] std::span<const Definer> definers(SymbolId symbol) const;
  // By the X of -lX. Scripts are followed to the library that they name first.
  [[nodiscard]] Lookup look_up(std::string_view name) const;
  // By DT_NEEDED.
  [[nodiscard]] const Library* by_soname(std::string_view soname) const;
  [[nodiscard]] std::size_t number_of(const Library& library) const {
    return static_cast<std::size_t>(&library - libraries.data());
  }
  [[nodiscard]] bool shadowed(std::size_t library) const { return shadowed_[library]; }
  // The libraries named X, of any kind, in search order.
  [[nodiscard]] std::span<const std::uint32_t> named(std::string_view name) const;

 private:
  void find_shadowed();
  void collect_definers();
  [[nodiscard]] const Library* through_script(const Library& script) const;

  std::vector<bool> shadowed_;
  std::vector<std::uint32_t> first_definer_;  // by symbol, one more than there are symbols
  std::vector<Definer> definers_;
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> by_name_;
  std::map<std::string, std::uint32_t, std::less<>> by_soname_;
};

}  // namespace tenon::link
