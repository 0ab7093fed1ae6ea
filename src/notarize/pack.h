// Makes the zip file that the notary takes: modes and links are kept, sizes and checksums stand
// before the data, and equal contents give equal bytes.
#pragma once

#include <string>

#include "base/file_tree.h"
#include "base/result.h"
#include "notarize/spool.h"

namespace tenon::notarize {

struct PackError {
  std::string path;
  Error error;
};

// Everything in `tree` below a directory called `name`, as zip(1) and ditto --keepParent do.
[[nodiscard]] Result<FileTree::Content, PackError> pack_folder(FileTree& tree,
                                                               const std::string& name,
                                                               Spool& spool);
[[nodiscard]] Result<FileTree::Content, PackError> pack_file(const FileTree::Content& file,
                                                             const std::string& name,
                                                             bool executable, Spool& spool);

}  // namespace tenon::notarize
