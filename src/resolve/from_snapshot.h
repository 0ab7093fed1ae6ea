// The inputs that a snapshot of a machine holds: for another machine than this one.
#pragma once

#include "machine/snapshot.h"
#include "resolve/config_file.h"
#include "resolve/inputs.h"

namespace tenon::resolve {

[[nodiscard]] ConfigFile config_of(const ResolverFile& file);
// The files and the name of the machine. /etc/hosts is in no snapshot.
[[nodiscard]] Machine machine_of(const NetworkState& network);
[[nodiscard]] Environment environment_of(const NetworkState& network);

}  // namespace tenon::resolve
