// The index as one file of the user's cache: names once, then each library with numbers.
//
// The file is private (host/private_folder.h) but may be damaged: a length or number that does not
// fit, or a sum that differs, makes read_index() fail, and the caller reads the libraries again.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "link/index/library.h"
#include "link/index/symbol_names.h"

namespace tenon::link {

// Names that no library refers to are left out.
[[nodiscard]] std::string write_index(const SymbolNames& names,
                                      const std::vector<const Library*>& libraries);

// Adds the names to `names`, which is empty. malformed and truncated for a damaged file,
// unsupported for one of another version.
[[nodiscard]] Result<std::vector<Library>> read_index(ByteView bytes, SymbolNames& names);

}  // namespace tenon::link
