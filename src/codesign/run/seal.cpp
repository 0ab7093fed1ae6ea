#include "codesign/run/seal.h"

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/path.h"
#include "base/result.h"
#include "codesign/resources/layout.h"
#include "host/disk_tree.h"
#include "host/folder_below.h"
#include "host/replacement.h"

namespace tenon::codesign {

Result<Seal> Seal::prepare(const std::string& root, DiskTree& tree,
                           const resources::BundleLayout& layout, const std::string& text,
                           const std::vector<std::string>& staging) {
  Seal out;
  out.root_ = root;
  out.path_ = join_path(root, layout.code_resources());
  out.staging_ = staging;
  if (TENON_TRY(tree.kind(layout.code_resources())) == FileTree::Kind::file) {
    const auto content = TENON_TRY(tree.read(layout.code_resources()));
    out.old_ = std::string(content.bytes.text());
  }
  if (out.old_ == text) return out;
  out.file_.emplace(TENON_TRY(Replacement::open(
      {.path = out.path_, .root = root, .staging = staging, .folders = MissingFolder::make})));
  TENON_TRY(out.file_->write(view_of(text).bytes()));
  (void)TENON_TRY(out.file_->prepare());
  return out;
}

Result<ReplacementNotes> Seal::commit() {
  if (!file_) return ReplacementNotes{};
  return file_->commit();
}

Result<void> Seal::take_back() {
  if (!file_ || !file_->in_place()) return {};
  if (!old_) return remove_below(root_, path_);
  Replacement file =
      TENON_TRY(Replacement::open({.path = path_, .root = root_, .staging = staging_}));
  TENON_TRY(file.write(view_of(*old_).bytes()));
  (void)TENON_TRY(file.commit());
  return {};
}

}  // namespace tenon::codesign
