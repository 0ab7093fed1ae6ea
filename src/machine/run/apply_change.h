// Writes the edits of `tenon doctor --fix`, and takes them back.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "machine/doctor/file_edit.h"

namespace tenon {

// Keeps what the file holds now in `store`, then replaces it. Nothing is written when that fails.
[[nodiscard]] Result<void> apply_change(const FileChange& change, const std::string& store);

// Puts back what the last changes replaced, and forgets them. The paths that were restored.
[[nodiscard]] Result<std::vector<std::string>> undo_changes(const std::string& store);

}  // namespace tenon
