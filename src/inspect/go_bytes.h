// Where Go keeps its records in each format. Shared by the gate and by inspect.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "format/gobin/buildinfo.h"
#include "format/gobin/pclntab.h"
#include "format/macho/fwd.h"

namespace tenon {

namespace elf {
class File;
}

namespace pe {
class File;
}

// Views into the file; empty where there is nothing.
struct GoBytes {
  std::vector<gobin::Region> regions;  // for read_build_info, best first
  ByteView pclntab;                    // the function table, from its section
  ByteView text;                       // the start of the code, where Mach-O and PE keep a build id

  // The address that entries of the function table count from since Go 1.18 (runtime.text), which
  // the table itself does not say since Go 1.26; 0: not known.
  std::uint64_t text_start = 0;
};

[[nodiscard]] GoBytes go_bytes(const macho::File& file);
[[nodiscard]] GoBytes go_bytes(const elf::File& file);
[[nodiscard]] GoBytes go_bytes(const pe::File& file);
// The function table with what `bytes` knows about it.
[[nodiscard]] Result<gobin::Pclntab> function_table(const GoBytes& bytes);
// Of whichever format the object is; empty for others.
[[nodiscard]] GoBytes go_bytes(ByteView object);

}  // namespace tenon
