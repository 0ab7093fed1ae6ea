#include "fleet/properties.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "wire/values.h"

namespace tenon::fleet {
std::string word_of(std::string value) {
  std::ranges::replace_if(
      value, [](char c) { return c == '=' || static_cast<unsigned char>(c) <= ' '; }, '_');
  return value;
}

std::string text_of(const WorkerName& name) {
  std::string out = word_of(name.machine);
  for (const remote::Property& property : name.properties) {
    out += " " + word_of(property.name) + "=" + word_of(property.value);
  }
  return out;
}

WorkerName read_worker_name(std::string_view text) {
  WorkerName out;
  for (const std::string_view word : split_words(text)) {
    const std::size_t equal = word.find('=');
    if (equal != std::string_view::npos && equal > 0) {
      out.properties.push_back(
          {std::string(word.substr(0, equal)), std::string(word.substr(equal + 1))});
    } else if (out.machine.empty()) {
      out.machine = word;
    }
  }
  return out;
}

std::optional<Mismatch> mismatch(const std::vector<remote::Property>& needed,
                                 const std::vector<WorkerName>& workers) {
  Mismatch best{needed.empty() ? remote::Property{"worker", "any"} : needed.front(), "none", {}};
  std::size_t least = needed.size() + 1;
  for (const WorkerName& worker : workers) {
    std::vector<remote::Property> lacks;
    for (const remote::Property& one : needed) {
      if (std::ranges::find(worker.properties, one) == worker.properties.end()) {
        lacks.push_back(one);
      }
    }
    if (lacks.empty()) return std::nullopt;
    if (lacks.size() >= least) continue;
    least = lacks.size();
    best = {lacks.front(), worker.machine, {}};
    for (const remote::Property& one : worker.properties) {
      if (one.name == lacks.front().name) best.has.push_back(one.value);
    }
  }
  return best;
}

}  // namespace tenon::fleet
