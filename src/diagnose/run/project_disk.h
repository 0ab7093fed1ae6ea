// The files of this machine as engine/project asks for them. Only for cli.
#pragma once

#include "diagnose/project/trace.h"

namespace tenon {

[[nodiscard]] ProjectDisk project_disk();
// The module at or above `folder`; root is empty when there is none. The target is this machine's.
[[nodiscard]] ProjectPlace project_place(const std::string& folder);

}  // namespace tenon
