// Where Go and libc read the same files or the same name differently, and settings that do nothing:
// one function a difference, each with its code in the catalogue.
#pragma once

#include <string_view>
#include <vector>

#include "diag/finding.h"
#include "machine/snapshot.h"
#include "resolve/answer.h"
#include "resolve/binary.h"
#include "resolve/decision.h"

namespace tenon::resolve {

// About the program, the environment and the files, whatever the name.
[[nodiscard]] std::vector<Finding> setting_findings(const Resolver& resolver);
// Of these, those about the files of a machine's snapshot: what is wrong for every Go program
// there.
[[nodiscard]] std::vector<Finding> file_findings(const NetworkState& network);
// About one name.
[[nodiscard]] std::vector<Finding> name_findings(const Resolver& resolver,
                                                 const NameAnswer& answer);
// About a program; nothing for one that is not static with glibc.
[[nodiscard]] std::vector<Finding> binary_findings(const Resolver& resolver,
                                                   const BinaryFacts& binary,
                                                   std::string_view path);

}  // namespace tenon::resolve
