// Which package of a distribution would bring an archive that the sysroot lacks.
#pragma once

#include <string>
#include <vector>

#include "link/closure/answer.h"
#include "platform/target.h"

namespace tenon::link {

// Fills `package` of each. `list`: path of what `tenon sysroot --contents` wrote, empty where that
// was not asked. Without it names come from the table of packages for Alpine and macOS, and are
// unknown for other systems.
void find_packages(const std::string& list, const std::string& sysroot_name, const Target& target,
                   std::vector<Absent>& absent);

}  // namespace tenon::link
