// The usage of a cache in its folder: "usage", and "usage.1" before it, each of a bounded size.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cache/usage.h"

namespace tenon {

// Adds a line. What cannot be written is not counted; the work goes on.
void write_usage(const std::string& folder, const UsageLine& line);
// Both files, the older first. No file is no line; one that cannot be read is an error.
[[nodiscard]] Result<std::vector<UsageLine>> read_usage(const std::string& folder);

// What the blobs and records take.
struct StoreSize {
  std::uint64_t bytes = 0;
  std::uint64_t entries = 0;
};
[[nodiscard]] Result<std::vector<StoredFile>> stored_files(const std::string& folder);
// Takes the least lately used away until `quota` holds. Returns what was taken.
[[nodiscard]] Result<StoreSize> sweep(const std::string& folder, std::uint64_t quota);

// The bytes that a cache may have: TENON_CACHE_SIZE ("500M", "20G", a number of bytes), else 5 GiB.
[[nodiscard]] std::uint64_t cache_quota();

}  // namespace tenon
