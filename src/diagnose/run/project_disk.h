// The files of this machine as engine/project asks for them. Only for cli.
#pragma once

#include <string>

#include "base/fact.h"
#include "diagnose/project/trace.h"

namespace tenon {

[[nodiscard]] ProjectDisk project_disk();
// go.work that holds for a module: what GOWORK names, or the nearest at or above.
[[nodiscard]] TextFact work_file(std::string folder);
// The module at or above `folder`; root is empty when there is none. The target is this machine's.
[[nodiscard]] ProjectPlace project_place(const std::string& folder);

}  // namespace tenon
