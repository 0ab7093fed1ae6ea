// Staples a ticket to what a path names, or asks whether there is one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diag/finding.h"
#include "diag/progress.h"

namespace tenon::notarize {

struct StapleRequest {
  std::string path;
  std::string ticket_file;  // empty: Apple's service is asked
  std::string ticket_url = "https://api.apple-cloudkit.com";
  std::string ca_file;
  bool check =
      false;  // only whether there is a ticket: for any signed code, and nothing is written
  bool trace = false;
};

struct StapleResult {
  std::string kind;    // "bundle", "installer package", "disk image", "program"
  std::string record;  // under which the ticket was found
  std::string cdhash;
  std::size_t ticket_size = 0;
  bool written = false;
  std::vector<Finding> notes;  // what could not be kept, and a ticket that does not name the code
};

[[nodiscard]] Outcome<StapleResult> staple_path(const StapleRequest& request, Progress& progress);

}  // namespace tenon::notarize
