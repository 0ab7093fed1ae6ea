// Folders by descriptor: below a folder that somebody named, no link is followed.
#pragma once

#include <string>

#include "base/result.h"
#include "host/descriptor.h"

namespace tenon {

enum class MissingFolder : unsigned char { refuse, make };

// Of an openat(2) that follows no link. errc::link when one is in the way.
[[nodiscard]] Result<Descriptor> opened(int fd, const char* what);

// As the path is written; empty: the current folder.
[[nodiscard]] Result<Descriptor> open_folder(const std::string& path);

// The folder of the file `path`, which lies below `root`: opened one name at a time. A link at or
// below `root`, root itself excepted, is errc::link.
[[nodiscard]] Result<Descriptor> open_folder_below(const std::string& root, const std::string& path,
                                                   MissingFolder missing = MissingFolder::refuse);

// The folder of a file: below `root`, or as it is written when `root` is empty.
[[nodiscard]] Result<Descriptor> open_folder_of(const std::string& root, const std::string& path,
                                                MissingFolder missing = MissingFolder::refuse);

// Removes what `path` leads to below `root`: a file, a link, a folder with all that is in it.
// Nothing happens when it does not exist.
[[nodiscard]] Result<void> remove_below(const std::string& root, const std::string& path);

}  // namespace tenon
