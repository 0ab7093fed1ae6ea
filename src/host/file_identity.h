// Which file it is and in which state: two equal ones are the same bytes.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

struct stat;  // NOLINT(readability-identifier-naming): the system's name

namespace tenon {

struct FileIdentity {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t modified_ns = 0, changed_ns = 0;

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

[[nodiscard]] FileIdentity identity_of(const struct stat& info);
// Of the file that a path leads to, links followed.
[[nodiscard]] Result<FileIdentity> file_identity(const std::string& path);
// Of an open file.
[[nodiscard]] Result<FileIdentity> file_identity(int fd);

// Whether an identity can be trusted below a path: its file system moves the change time with each
// change. Network file systems, FUSE and FAT do not promise it.
[[nodiscard]] bool identity_tells_changes(const std::string& path);

}  // namespace tenon
