#include "notarize/run/lint_paths.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/file_tree.h"
#include "base/path.h"
#include "base/result.h"
#include "base/unread.h"
#include "codesign/cms/der.h"
#include "codesign/cms/signing.h"
#include "codesign/run/bundle_of.h"
#include "codesign/usage.h"
#include "codesign/verify/verify.h"
#include "diag/finding.h"
#include "host/disk_tree.h"
#include "host/files.h"
#include "host/mapping.h"
#include "notarize/lint.h"
#include "notarize/run/disk_spool.h"
#include "notarize/spool.h"

namespace tenon::notarize {
namespace {

Outcome<void> add_roots(const std::vector<std::string>& names, codesign::VerifyOptions& options) {
  const auto refuse = [](const std::string& name, const std::string& why) {
    return codesign::usage_error("--trust-root " + name + ": " + why, "tenon notarize");
  };
  for (const std::string& name : names) {
    const auto bytes = read_file(name);
    if (!bytes) return refuse(name, bytes.error().what);
    auto roots = cms::read_certificates({name, bytes->view()});
    if (!roots) return refuse(name, roots.error().what);
    for (cms::Bytes& root : *roots) options.trust.roots.push_back(std::move(root));
  }
  return {};
}

void lint_folder(const std::string& path, Linter& linter, MappedOnly& window) {
  const auto tree = DiskTree::open(path);
  if (!tree) {
    linter.result.unread.push_back({path, tree.error()});
    return;
  }
  WindowTree known(**tree, window);
  linter.folder(known, path);
  for (const Unread& one : (*tree)->unread()) {
    linter.result.unread.push_back({join_path(path, one.path), one.error});
  }
}

// The main program of a bundle stands for the bundle, as it does for codesign.
void lint_file(const std::string& path, Linter& linter, MappedOnly& window) {
  auto mapped = map_file(path);
  if (!mapped) {
    linter.result.unread.push_back({path, mapped.error()});
    return;
  }
  const auto mapping = std::make_shared<Mapping>(*std::move(mapped));
  const std::string outer = codesign::bundle_of(path, mapping->view());
  if (!outer.empty()) return lint_folder(outer, linter, window);
  linter.file(window.hold(FileTree::Content{mapping->view(), mapping}), path);
  if (const auto same = mapping->unchanged(); !same) {
    linter.result.unread.push_back({path, same.error()});
  }
}

}  // namespace

Outcome<LintResult> lint_paths(const LintRequest& request) {
  MappedOnly window;
  codesign::VerifyOptions options;
  options.strict = true;
  options.threads = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
  options.window = &window;
  TENON_TRY(add_roots(request.trust_roots, options));
  DiskSpool spool(window);
  LintResult all;
  for (const std::string& path : request.paths) {
    Budget budget;
    Linter linter(options, spool, budget);
    linter.result = std::move(all);
    const std::uint64_t programs = linter.result.programs;
    const std::size_t said = linter.said();
    if (is_folder(path)) {
      lint_folder(path, linter, window);
    } else {
      lint_file(path, linter, window);
    }
    linter.end(path, programs, said);
    all = std::move(linter.result);
  }
  return all;
}

}  // namespace tenon::notarize
