// Whether a file can be changed without a change of its times.
#pragma once

#include <string>

#include "host/file_identity.h"

namespace tenon {

// Whether the file is in that state, and no process has it open for writing, or mapped for that.
// Who has a page of it mapped and has written to it writes to it again without a change of times,
// until the page is on the disk; each other write sets them. false where the system does not tell:
// Linux does, to the owner of the file.
[[nodiscard]] bool nobody_writes(const std::string& path, const FileIdentity& state);

}  // namespace tenon
