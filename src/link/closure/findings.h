// What an answer means for who links: findings with evidence and fixes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diag/finding.h"
#include "link/closure/answer.h"
#include "link/index/library_index.h"

namespace tenon::link {

struct FindingContext {
  const LibraryIndex* index = nullptr;
  std::string target;        // "linux/arm64:gnu"
  std::string sysroot_name;  // "debian:12/arm64"; empty for a directory without a record
  bool duplicates = false;   // the linker accepts a symbol defined twice
};

[[nodiscard]] std::vector<Finding> findings_of(const Answer& answer, const FindingContext& context);

// "no package of the distribution has libX.a", "libX.a is in X-dev".
[[nodiscard]] std::string package_text(const Absent& absent);

}  // namespace tenon::link
