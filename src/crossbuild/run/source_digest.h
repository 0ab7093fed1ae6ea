// The SHA-256 of a source, kept by the state of the file.
//
// Sources of ten megabytes exist, and hashing one takes longer than all the rest of a hit. For a
// large file the store has a record named after its device, inode, size and times, with the digest
// in it. It is written only for a file that nobody may write to, as those of the module cache are,
// whose times lie long enough back for the next change to give it others, and that no process has
// open for writing; an edit then needs a change of the mode and an opening first, which set the
// time of change. The last is known on Linux, to the owner of the file; elsewhere each call hashes.
#pragma once

#include <string>

#include "base/result.h"
#include "cache/store.h"

namespace tenon {

// Hex. `store` may be null. changed when the file did not stay as it was while it was read.
[[nodiscard]] Result<std::string> source_digest(const std::string& path, Store* store);

}  // namespace tenon
