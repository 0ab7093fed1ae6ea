// The order of the causes that a log may have.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/rows/row.h"

namespace tenon::rows {

struct Place {
  std::string_view slug;
  Sureness sureness = Sureness::weak;
  std::size_t line = 0;            // the first that proves it
  std::vector<std::string> hides;  // slugs, "area/*" or "*"
  std::vector<std::size_t> after;  // indexes of others that it stands behind
};

// Indexes, best first. What stands behind another is no surer than that: its class is lowered.
// Where several hide one another in a circle, class and line decide. Of two certain ones that rest
// on one line, and of which none stands behind the other, neither stays certain.
[[nodiscard]] std::vector<std::size_t> rank(std::vector<Place>& places);

}  // namespace tenon::rows
