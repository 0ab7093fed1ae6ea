// What only all rows together show.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diagnose/rows/read.h"
#include "diagnose/rows/row.h"
#include "diagnose/rows/wording.h"

namespace tenon::rows {

void check_rows(Read& read, std::string_view file, const std::vector<std::string_view>& known) {
  Names slugs = known;
  const auto fail = [&](const Row& row, std::string message) {
    if (read.errors.size() < most_row_errors)
      read.errors.push_back({std::string(file), row.line, std::move(message)});
  };
  for (const Row& row : read.rows) {
    for (const std::string_view name :
         {std::string_view(row.slug), std::string_view(row.page.code)}) {
      if (name.empty()) continue;
      if (std::ranges::find(slugs, name) != slugs.end())
        fail(row, fmt::format("'{}' exists already", name));
      slugs.push_back(name);
    }
  }
  const auto exists = [&](std::string_view pattern) {
    return std::ranges::any_of(slugs, [&](std::string_view slug) { return means(pattern, slug); });
  };
  for (const Row& row : read.rows) {
    std::vector<std::string> named = row.hides;
    for (const When& when : row.when)
      named.insert(named.end(), when.hides.begin(), when.hides.end());
    named.insert(named.end(), row.page.rivals.begin(), row.page.rivals.end());
    for (const std::string& one : named) {
      if (!exists(one))
        fail(row, fmt::format("{} names '{}', which is not a cause", row.slug, one));
    }
  }
}

}  // namespace tenon::rows
