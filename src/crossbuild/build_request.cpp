#include "crossbuild/build_request.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "platform/target.h"

namespace tenon {

const BuildRequest& request_for(const BuildRequest& request, const Target& target) {
  const BuildRequest* found = &request;
  for (const BuildRequest& one : request.special) {
    if (one.targets.front().name() == target.name()) found = &one;
  }
  return *found;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::int64_t unit = 1;
  if (text.ends_with('h')) unit = 3600;
  if (text.ends_with('m')) unit = 60;
  if (!text.empty() && std::string_view("hms").contains(text.back())) text.remove_suffix(1);
  const auto number = parse_number(text);
  if (!number || *number == 0 || *number > 1'000'000) return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(*number) * unit);
}

}  // namespace tenon
