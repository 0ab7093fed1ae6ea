#include "link/closure/archive_owners.h"

#include <fmt/format.h>

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/path.h"
#include "link/closure/answer.h"
#include "link/index/library.h"

namespace tenon::link {
namespace {

// Higher is better.
int rank_of(std::string_view folder, std::string_view triplet) {
  if (folder == fmt::format("usr/lib/{}", triplet)) return 3;
  if (folder == "usr/lib" || folder == fmt::format("lib/{}", triplet)) return 2;
  // Archives of cross compilers and of other systems are none for this target.
  if (folder.contains("-cross") || !folder.starts_with("usr/lib/")) return 0;
  return 1;
}

struct Best {
  int rank = 0;
  std::string package, path;
};

}  // namespace

std::vector<std::string> archive_names(std::string_view library) {
  std::vector<std::string> out{std::string(library)};
  const std::size_t dash = library.rfind('-');
  if (dash != library.npos && dash > 0 && dash + 1 < library.size() &&
      library.find_first_not_of("0123456789.", dash + 1) == library.npos) {
    out.emplace_back(library.substr(0, dash));
  }
  return out;
}

void name_packages(std::string_view list, std::string_view triplet, std::vector<Absent>& absent) {
  std::map<std::string, Best, std::less<>> wanted;
  for (const Absent& one : absent) {
    for (const std::string& name : archive_names(one.name)) wanted.try_emplace(name);
  }
  while (!list.empty()) {
    const std::size_t end = list.find('\n');
    const std::string_view line = list.substr(0, end);
    list.remove_prefix(end == list.npos ? list.size() : end + 1);
    const std::size_t tab = line.find('\t');
    if (tab == line.npos) continue;
    const std::string_view path = line.substr(0, tab);
    const auto found = wanted.find(library_name(base_name(path)));
    if (found == wanted.end()) continue;
    const int rank = rank_of(folder_of(path), triplet);
    if (rank <= found->second.rank) continue;
    found->second = {rank, std::string(line.substr(tab + 1)), std::string(path)};
  }
  for (Absent& one : absent) {
    if (one.demoted) continue;  // it is there
    one.package.state = PackageOfArchive::State::none;
    for (const std::string& name : archive_names(one.name)) {
      const Best& best = wanted[name];
      if (best.rank == 0) continue;
      one.package = {PackageOfArchive::State::named, best.package, best.path};
      break;
    }
  }
}

}  // namespace tenon::link
