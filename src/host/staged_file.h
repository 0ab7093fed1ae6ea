// Writing files of caches, which can be made again: each is whole or not there, and none is waited
// for until it is on the disk.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/result.h"

namespace tenon {

// A name in the folder that nobody else has: for one file, for a moment.
[[nodiscard]] std::string unique_path(const std::string& folder);

// For a folder that only its owner writes to, and in which no links are, with a third of the work
// of write_cache(): the bytes become a new file of `staging`, on the same file system, which is
// renamed to `path`. Folders are made. For this user only. A kill may leave the file in `staging`.
[[nodiscard]] Result<void> write_staged(const std::string& path, const std::string& staging,
                                        std::string_view text);

// Copies a file as write_file() writes one that is not durable, if its bytes are good: it is the
// digest of those that will be in place. How many they are; nothing when they are not good, or
// cannot be read, and then nothing is in place. The error is about `to`. A large file is copied
// inside of the kernel, which shares its blocks where the file system can, and read back meanwhile
// by a second thread: half of the time of either.
[[nodiscard]] Result<std::optional<std::uint64_t>> copy_if_good(
    const std::string& from, const std::string& to, unsigned mode,
    const std::function<bool(const Sha256& digest)>& good);

}  // namespace tenon
