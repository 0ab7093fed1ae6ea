#include "crossbuild/run/package_list.h"

#include <algorithm>
#include <expected>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/text.h"
#include "crossbuild/build_request.h"
#include "crossbuild/run/build.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "machine/probe/go_facts.h"
#include "platform/target.h"

namespace tenon {

void PackageList::start(const BuildState& state, const std::vector<std::string>& environment) {
  if (started_) return;
  started_ = true;
  thread_ = std::jthread([this, &state, environment] {
    const BuildRequest& request = state.request;
    list_ = list_packages(state.go, request.folder, request.go_args.flags, request.packages,
                          environment);
    ready_ = true;
  });
}

Outcome<void> PackageList::check_mains(const BuildState& state, const Target& target,
                                       const std::vector<std::string>& environment) {
  start(state, environment);
  thread_.join();
  if (list_.packages.empty() || !list_.mains.empty() || !list_.error.empty()) return {};
  return std::unexpected(make_finding(
      Code::project_no_main, {{"packages", join(state.request.packages, ", ")}}, target.name()));
}

bool PackageList::has(std::string_view path) const {
  return std::ranges::find(list_.packages, path, &GoPackage::path) != list_.packages.end();
}

}  // namespace tenon
