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
};

struct SizeReport {
  // What sections take in the file, largest first. "(headers, tables, padding)" is the rest, so
  // that the rows add up to the object.
  std::vector<SizeRow> sections;
  // Code of Go by import path, largest first, from the function table; empty for other programs.
  // "(compiler)" is what the compiler makes for types, "(C and other code)" what is executable and
  // not of Go.
  std::vector<SizeRow> packages;
};

[[nodiscard]] Result<SizeReport> size_report(const ObjectView& object);

}  // namespace tenon
