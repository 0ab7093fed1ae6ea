// Names of C++ as people write them.
#pragma once

#include <string>
#include <string_view>

namespace tenon {

// "_ZN3foo3barEv" and, with the underscore of Mach-O, "__ZN3foo3barEv" -> "foo::bar()"; any other
// name, and one above 4 KiB, comes back as it is.
[[nodiscard]] std::string demangle(std::string_view name);

}  // namespace tenon
