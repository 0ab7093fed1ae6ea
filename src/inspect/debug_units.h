// Which source file, and which package of Go, an address of C code belongs to, from the debug
// information.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "format/dwarf/units.h"
#include "inspect/tables.h"

namespace tenon {

// Of one object; units of Go are left out.
class DebugUnits {
 public:
  struct Source {
    std::string_view name;       // "sqlite3-binding.c", as the compiler was given it
    std::string_view directory;  // that it ran in
  };

  // Empty for a file without debug information, for what cannot be read of it, and for objects that
  // are not linked, whose addresses are not final.
  explicit DebugUnits(const ObjectView& object);
  DebugUnits(const DebugUnits&) = delete;
  DebugUnits& operator=(const DebugUnits&) = delete;
  ~DebugUnits() = default;

  [[nodiscard]] bool empty() const { return ranges_.empty(); }

  // Without a name where no unit has the address. Valid as long as this object and the file.
  [[nodiscard]] Source of(std::uint64_t address) const;

 private:
  struct Range {
    std::uint64_t begin = 0, end = 0;
    std::size_t unit = 0;
  };

  std::vector<std::vector<std::byte>> inflated_;
  std::vector<dwarf::Unit> units_;
  std::vector<Range> ranges_;  // sorted, none overlaps the next
};

// The package of Go whose directory the compiler of its C code ran in; empty where none fits.
// `packages`: those with C code; `modules`: "path@version" of those that the program was built
// from. cmd/go compiles the C code of a package in its directory, which ends in the path below the
// module, or in PATH@VERSION in the module cache, with "!" before each letter that was a capital
// (golang.org/ref/mod, "Module cache").
[[nodiscard]] std::string package_in(std::string_view directory,
                                     const std::vector<std::string>& packages,
                                     const std::vector<std::string>& modules);

}  // namespace tenon
