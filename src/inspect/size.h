// Where the bytes of a file are: by section, and for Go code by package.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "inspect/tables.h"

namespace tenon {

struct SizeRow {
  std::string name;
  std::uint64_t bytes = 0;
  std::string source{};  // of a function: the file or object that it is of; empty: not known
  bool code = false;     // of a section
  // Of C code: the package of Go whose directory it was compiled in; empty: not known.
  std::string package{};
};

struct SizeReport {
  // What sections take in the file, largest first. "(headers, tables, padding)" is the rest, so
  // that the rows add up to the object.
  std::vector<SizeRow> sections;
  std::uint64_t code = 0;  // bytes of the sections with code
  // Code of Go by import path, largest first, from the function table; empty for other programs.
  // "(compiler)" is what the compiler makes for types, "(C and other code)" what is executable and
  // not of Go. C code whose package the debug information tells has a row of its own, "PATH (C)",
  // with the package.
  std::vector<SizeRow> packages;
  // Code that is not of Go, by the name in the symbol table, largest first; empty without one.
  // Where a table says no sizes (Mach-O, PE), a function reaches up to the next one. Sources are
  // those of the debug information, else of the symbol table (SymbolRow::source); a function
  // without one that lies between two of one source is of that source, since linkers keep the code
  // of an object together.
  std::vector<SizeRow> functions;
  // The same by source, largest first; empty where no function has one.
  std::vector<SizeRow> sources;
};

// "512 bytes", "140 kB", "32.1 MB": powers of a thousand.
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

[[nodiscard]] Result<SizeReport> size_report(const ObjectView& object);

}  // namespace tenon
