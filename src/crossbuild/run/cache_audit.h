// What the cache of compiles can be asked afterwards: why a compile was a miss, and whether what is
// kept is what the compiler writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace tenon {

// Compiles that were not kept, and why.
struct NotKept {
  std::string reason, what;  // what: the flag, file or variable
  std::uint64_t count = 0;
};

struct WhyAnswer {
  std::string source;  // as people know it
  bool kept = true;    // false: no compile of it was ever kept
  bool has_older = false;
  std::vector<std::string> differences = {};  // empty with an older one: its object was gone
  std::vector<NotKept> not_kept = {};         // of a source of that file name
};

// The latest misses of sources whose path ends with `name` ("sqlite3-binding.c", "pkg/file.c"), or
// that are of a package with that folder name; then sources of that name that were never kept.
[[nodiscard]] Result<std::vector<WhyAnswer>> why_missed(const std::string& folder,
                                                        const std::string& name);

struct AuditResult {
  std::size_t blobs = 0, compiled = 0, skipped = 0;
  std::vector<std::string> broken;  // blobs whose bytes are not those of their names: taken out
  std::vector<std::string> wrong;   // sources whose kept object another compile does not give
};

// Hashes every blob, and compiles `sample` kept objects again whose sources are still there.
[[nodiscard]] Result<AuditResult> audit_cache(const std::string& folder, std::size_t sample,
                                              const std::function<bool()>& stop);

}  // namespace tenon
