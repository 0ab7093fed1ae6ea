#include "crossbuild/sysroot/archive_list.h"

#include <cstddef>
#include <string>
#include <string_view>

#include "base/text.h"

namespace tenon {
namespace {

constexpr std::size_t longest_line = 4096;

}  // namespace

void ArchiveList::line(std::string_view line) {
  const std::size_t end = line.find_first_of(" \t");
  if (end == line.npos || !line.substr(0, end).ends_with(".a")) return;
  const std::string_view path = line.substr(0, end);
  const std::size_t slash = path.rfind('/');
  if (slash == path.npos || !path.substr(slash + 1).starts_with("lib")) return;
  // Several packages are separated by commas, each behind its section.
  std::string_view package = trim(line.substr(end));
  package = package.substr(0, package.find(','));
  package = package.substr(package.rfind('/') + 1);
  if (package.empty() || text_.size() > (std::size_t{1} << 26U)) return;
  text_.append(path).append("\t").append(package).append("\n");
}

void ArchiveList::bytes(std::string_view part) {
  while (!part.empty()) {
    const std::size_t end = part.find('\n');
    if (end == part.npos) {
      if (rest_.size() < longest_line) rest_ += part.substr(0, longest_line);
      return;
    }
    if (rest_.empty()) {
      line(part.substr(0, end));
    } else {
      rest_ += part.substr(0, end);
      line(rest_);
      rest_.clear();
    }
    part.remove_prefix(end + 1);
  }
}

void ArchiveList::end() {
  line(rest_);
  rest_.clear();
}

}  // namespace tenon
