#include "crossbuild/package_count.h"

#include <string>
#include <vector>

namespace tenon {

void PackageCount::add(const std::string& path, const std::vector<std::string>& imports) {
  packages_[path].imports = imports;
}

void PackageCount::start(const std::string& path) {
  const auto started = packages_.find(path);
  if (started == packages_.end()) return;
  std::vector<std::string> open = started->second.imports;
  while (!open.empty()) {
    const auto found = packages_.find(open.back());
    open.pop_back();
    if (found == packages_.end() || found->second.done) continue;
    found->second.done = true;
    ++done_;
    const auto& imports = found->second.imports;
    open.insert(open.end(), imports.begin(), imports.end());
  }
}

}  // namespace tenon
