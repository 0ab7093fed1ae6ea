// Which DLLs every Windows has that programs of Go run on (Windows 10 and Server 2016, see
// go.dev/wiki/MinimumRequirements). Pure.
#pragma once

#include <string_view>

namespace tenon {

// Windows ignores case in names of DLLs. False for what is not known to be part of Windows: such a
// file may be part of it all the same.
[[nodiscard]] bool is_windows_dll(std::string_view name);

}  // namespace tenon
