// Which package has libX.a, by a list of lines "PATH<tab>PACKAGE" of a distribution.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "link/closure/answer.h"

namespace tenon::link {

// The names that an archive of this library may have: "lber-2.5" of liblber-2.5.so.0 is "lber" too.
[[nodiscard]] std::vector<std::string> archive_names(std::string_view library);

// Fills `package` of each from the whole list: an archive in the folder of the target goes before
// one in /usr/lib, and that before one in a folder of its own. What the list does not have has
// none.
void name_packages(std::string_view list, std::string_view triplet, std::vector<Absent>& absent);

}  // namespace tenon::link
