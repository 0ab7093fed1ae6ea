#include "link/run/archive_packages.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "host/files.h"
#include "link/closure/answer.h"
#include "link/closure/archive_owners.h"
#include "platform/packages.h"
#include "platform/target.h"

namespace tenon::link {
namespace {

constexpr std::size_t largest_list = std::size_t{1} << 27U;

std::string_view from_table(const std::string& sysroot_name, const Target& target,
                            std::string_view library) {
  if (sysroot_name.starts_with("alpine:")) return alpine_static_package(library);
  const LibraryPackages* known = target.darwin() ? packages_of(library) : nullptr;
  return known != nullptr ? known->brew : std::string_view();
}

}  // namespace

void find_packages(const std::string& list, const std::string& sysroot_name, const Target& target,
                   std::vector<Absent>& absent) {
  if (absent.empty()) return;
  const auto text =
      list.empty() ? Result<std::string>(std::string()) : read_text(list, largest_list);
  if (text && !text->empty()) return name_packages(*text, target.platform->debian, absent);
  for (Absent& one : absent) {
    const std::string_view package = from_table(sysroot_name, target, one.name);
    if (package.empty()) continue;
    one.package = {PackageOfArchive::State::named, std::string(package), {}};
  }
}

}  // namespace tenon::link
