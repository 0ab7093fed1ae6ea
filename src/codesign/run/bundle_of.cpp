#include "codesign/run/bundle_of.h"

#include <algorithm>

#include "codesign/blob/codesign.h"
#include "codesign/resources/layout.h"
#include "format/macho/macho.h"
#include "host/disk_tree.h"
#include "host/files.h"

namespace tenon {
namespace {

// Whether the signature seals an Info.plist or CodeResources that are not in the file.
bool seals_more_than_itself(const std::string& path) {
  const auto mapping = map_file(path);
  if (!mapping) return false;
  const auto slices = macho::slices(mapping->view());
  if (!slices) return false;
  return std::ranges::any_of(*slices, [](const macho::Slice& slice) {
    const auto file = macho::File::parse(slice.bytes);
    return file && codesign::seals_bundle(*file);
  });
}

}  // namespace

std::string bundle_of(const std::string& path) {
  if (!seals_more_than_itself(path)) return {};
  const auto real = real_path(path);
  if (!real) return {};
  constexpr int most_levels = 4;  // X.framework/Versions/A/X, X.app/Contents/MacOS/X
  std::string folder(folder_of(*real));
  for (int level = 0; level < most_levels && folder.size() > 1; ++level) {
    const auto tree = DiskTree::open(folder);
    const auto layout = tree ? seal::find_layout(**tree, "") : fail(Errc::not_found, "");
    if (layout && !layout->info_plist.empty() && !layout->executable.empty() &&
        join_path(folder, layout->executable) == *real) {
      return folder;
    }
    folder = std::string(folder_of(folder));
  }
  return {};
}

}  // namespace tenon
