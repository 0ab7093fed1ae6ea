#include "codesign/run/bundle_of.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/path.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/resources/layout.h"
#include "format/macho/macho.h"
#include "host/disk_tree.h"
#include "host/files.h"

namespace tenon::codesign {
namespace {

// Whether the signature seals an Info.plist or CodeResources that are not in the file.
bool seals_more_than_itself(ByteView file) {
  const auto slices = macho::slices(file);
  if (!slices) return false;
  return std::ranges::any_of(*slices, [](const macho::Slice& slice) {
    const auto parsed = macho::File::parse(slice.bytes);
    return parsed && seals_bundle(*parsed);
  });
}

// The bundles around `path`, from the inside out: those with a seal, and `path` itself.
template <class Visit>
void for_sealing_bundles(const std::string& path, Visit visit) {
  for (std::string folder = path; folder.size() > 1; folder = std::string(folder_of(folder))) {
    const auto tree = DiskTree::open(folder);
    const auto layout = tree ? resources::find_layout(**tree, "") : fail(Errc::not_found, "");
    if (!layout || layout->info_plist.empty()) continue;
    const auto seal = (*tree)->kind(layout->code_resources());
    const bool sealed = !seal || *seal == FileTree::Kind::file;
    if (sealed || folder == path) visit(folder, *layout);
  }
}

// Whether the directory is one that makes its bundle. Any directory may have a Resources; only a
// seal says that it is a bundle's.
bool is_part(DiskTree& tree, const resources::BundleLayout& layout, const std::string& inside) {
  if (layout.info_plist.empty()) return false;
  if (layout.kind == resources::BundleLayout::Kind::contents) {
    return inside == layout.base || inside == layout.base + "/MacOS";
  }
  const auto seal = tree.kind(layout.code_resources());
  return inside == folder_of(layout.info_plist) && (!seal || *seal == FileTree::Kind::file);
}

}  // namespace

std::string bundle_of(const std::string& path, ByteView file) {
  if (!seals_more_than_itself(file)) return {};
  const auto real = real_path(path);
  if (!real) return {};
  constexpr int most_levels = 4;  // X.framework/Versions/A/X, X.app/Contents/MacOS/X
  std::string folder(folder_of(*real));
  for (int level = 0; level < most_levels && folder.size() > 1; ++level) {
    const auto tree = DiskTree::open(folder);
    const auto layout = tree ? resources::find_layout(**tree, "") : fail(Errc::not_found, "");
    if (layout && !layout->info_plist.empty() && !layout->executable.empty() &&
        join_path(folder, layout->executable) == *real) {
      return folder;
    }
    folder = std::string(folder_of(folder));
  }
  return {};
}

std::string bundle_of_part(const std::string& folder) {
  const auto real = real_path(folder);
  if (!real) return {};
  constexpr int most_levels = 2;  // X.app/Contents/MacOS
  std::string outer(folder_of(*real));
  for (int level = 0; level < most_levels && outer.size() > 1; ++level) {
    const auto tree = DiskTree::open(outer);
    const auto layout = tree ? resources::find_layout(**tree, "") : fail(Errc::not_found, "");
    if (layout && is_part(**tree, *layout, real->substr(outer.size() + 1))) return outer;
    outer = std::string(folder_of(outer));
  }
  return {};
}

std::vector<std::string> staging_folders(const std::string& path) {
  std::vector<std::string> out;
  for_sealing_bundles(path, [&](const std::string& folder, const resources::BundleLayout& layout) {
    const std::string_view above = folder_of(folder);
    out = {above.empty() ? "." : std::string(above), join_path(folder, layout.signature_folder())};
  });
  return out;
}

std::string sealing_bundle_around(const std::string& path) {
  std::string out;
  for_sealing_bundles(path, [&](const std::string& folder, const resources::BundleLayout& layout) {
    const bool version = path.starts_with(join_path(folder, layout.base) + '/') ||
                         layout.kind != resources::BundleLayout::Kind::versioned;
    if (folder != path && version) out = folder;
  });
  return out;
}

}  // namespace tenon::codesign
