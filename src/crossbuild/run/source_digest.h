// The SHA-256 of a source, kept by the state of the file.
//
// Sources of ten megabytes exist, and hashing one takes longer than all the rest of a hit. For a
// large file the store has a record named after its device, inode, size and times, with the digest
// in it. It is written only for a file that nobody may write to, as those of the module cache are,
// and whose times lie long enough back for the next change to give it others; an edit then needs a
// change of the mode first, which sets the time of change.
#pragma once

#include <string>

#include "base/result.h"
#include "cache/store.h"

namespace tenon {

// Hex. `store` may be null. changed when the file did not stay as it was while it was read.
[[nodiscard]] Result<std::string> source_digest(const std::string& path, Store* store);

}  // namespace tenon
