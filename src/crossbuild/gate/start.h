// Whether a program starts in the sysroot that it was linked with: the loader that lies there, its
// search, versions and symbols (loader/elf/start.h).
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "crossbuild/gate/gate_row.h"
#include "platform/platforms.h"

namespace tenon {

// The row "start". None for a file that no loader reads (a static program, a library, an archive),
// and where the sysroot does not have the loader. A library that the sysroot lacks makes it
// unknown: it may be shipped with the program.
[[nodiscard]] std::optional<GateRow> check_start(ByteView program, FileTree& sysroot,
                                                 const Platform& platform);

}  // namespace tenon
