// A search that a loader or linker made in vain, made again with the files available. Only who has
// the files fills it: the command line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "diag/finding.h"

namespace tenon::explain {

struct Search {
  std::string subject;             // of the search: the program, a library, a symbol
  std::string by;                  // "tenon load app": the command that shows all of it
  std::vector<Evidence> looked;    // paths in the order of the search, with what was there
  std::size_t more = 0;            // further ones that are left out
  bool agrees = false;             // the search ends as the log says
  std::string result;              // a sentence; empty where `finding` says it
  std::optional<Finding> finding;  // what follows, with its fixes
};

}  // namespace tenon::explain
