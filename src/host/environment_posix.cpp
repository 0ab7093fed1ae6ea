#include <unistd.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/environment.h"

extern char** environ;  // NOLINT: POSIX gives it no header

namespace tenon {

std::vector<std::pair<std::string, std::string>> environment_entries() {
  std::vector<std::pair<std::string, std::string>> out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equal = text.find('=');
    if (equal == std::string_view::npos) continue;
    out.emplace_back(text.substr(0, equal), text.substr(equal + 1));
  }
  return out;
}

}  // namespace tenon
