// tenon/verify.h for paths.
#include "codesign/verify/api.h"

#include <string>
#include <utility>

#include "base/result.h"
#include "base/unread.h"
#include "codesign/run/bundle_of.h"
#include "codesign/verify/verify.h"
#include "host/disk_tree.h"
#include "host/files.h"
#include "host/mapped_window.h"
#include "host/mapping.h"
#include "tenon/verify.h"

namespace tenon::api::inline v1 {
namespace {

bool verify_bundle_at(const std::string& folder, const VerifyOptions& options,
                      const codesign::VerifyOptions& internal, SignatureReport& out) {
  const auto tree = DiskTree::open(folder);
  if (!tree) return false;
  auto verdict = codesign::verify_bundle(**tree, "", internal);
  if (!verdict && verdict.error().code == Errc::malformed) out.error = verdict.error().what;
  if (!verdict) return false;
  if (const auto unread = (*tree)->unread(); !unread.empty()) {
    out.error = unread.front().path + ": " + unread_reason(unread.front().error);
    return true;
  }
  codesign::fill_report(*std::move(verdict), options, out);
  return true;
}

void verify_file_at(const std::string& path, const VerifyOptions& options,
                    const codesign::VerifyOptions& internal, SignatureReport& out) {
  const auto mapping = map_file(path);
  if (!mapping) {
    out.error = mapping.error().what;
    return;
  }
  const std::string bundle = codesign::bundle_of(path, mapping->view());
  if (!bundle.empty() && verify_bundle_at(bundle, options, internal, out)) return;
  auto verdict = codesign::verify_file(mapping->view(), internal);
  if (const auto same = mapping->unchanged(); !same) {
    out.error = same.error().what;
  } else if (verdict) {
    codesign::fill_report(*std::move(verdict), options, out);
  } else {
    out.error = verdict.error().what;
  }
}

}  // namespace

SignatureReport verify(const std::string& path, const VerifyOptions& options) {
  SignatureReport out;
  out.path = path;
  auto internal = codesign::internal_options(options);
  if (!internal) {
    out.error = internal.error();
    return out;
  }
  MappedWindow window;
  internal->window = &window;
  if (is_folder(path)) {
    const bool judged = verify_bundle_at(path, options, *internal, out);
    if (!judged && out.error.empty()) out.error = "is not a bundle";
    return out;
  }
  verify_file_at(path, options, *internal, out);
  return out;
}

}  // namespace tenon::api::inline v1
