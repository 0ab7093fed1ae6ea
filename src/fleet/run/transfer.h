// Trees of files to the store and back.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/file_tree.h"
#include "fleet/actions.h"
#include "wire/run/link.h"
#include "wire/values.h"

namespace tenon::fleet {

// Puts what the store lacks of these inputs; files are read again from the tree. `text` of a
// failure names the file.
[[nodiscard]] remote::Answer<void> put_inputs(remote::Link& link, FileTree& tree,
                                              const Inputs& inputs);
// The same for single messages and streams.
[[nodiscard]] remote::Answer<void> put_texts(remote::Link& link,
                                             const std::vector<std::string>& texts);

// Makes the tree of a digest in a folder that is new. Within `most_entries` and 8 GB.
[[nodiscard]] remote::Answer<void> get_tree(remote::Link& link, const remote::Digest& root,
                                            const std::string& folder,
                                            const std::function<bool()>& go_on);

}  // namespace tenon::fleet
