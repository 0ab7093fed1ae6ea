// What a worker has and a cell needs. A worker carries its properties in its name as well, because
// a scheduler tells names and no properties: so a cell that fits nowhere is named before it waits.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/values.h"

namespace tenon::fleet {

// The keys by which the scheduler of `tenon fleet up` matches.
inline constexpr std::string_view matched_keys[] = {
    "tenon", "go", "zig", "tenon-at", "tenon-cache", "zig-at", "zig-cache", "OSFamily", "ISA"};

struct WorkerName {
  std::string machine;  // "host-4242"
  std::vector<remote::Property> properties;
};

// A value as a word: a blank or '=' becomes '_'.
[[nodiscard]] std::string word_of(std::string value);

// "host-4242 go=1.26.8 tenon=0.2.0". A blank or '=' in a value becomes '_'.
[[nodiscard]] std::string text_of(const WorkerName& name);
// Words that are no property are left out: a worker of somebody else has a name of its own form.
[[nodiscard]] WorkerName read_worker_name(std::string_view text);

struct Mismatch {
  remote::Property needed;       // of the closest worker, the first that it lacks
  std::string worker;            // the closest, or "none"
  std::vector<std::string> has;  // its values of that property
};

// Nothing when one of the workers has all that is needed.
[[nodiscard]] std::optional<Mismatch> mismatch(const std::vector<remote::Property>& needed,
                                               const std::vector<WorkerName>& workers);

}  // namespace tenon::fleet
