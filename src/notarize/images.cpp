// Disk images: their signature, and the file systems in them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/verify/disk_image.h"
#include "diag/codes.h"
#include "format/hfs/hfs.h"
#include "format/udif/partitions.h"
#include "notarize/lint.h"
#include "notarize/scope.h"
#include "notarize/volume.h"

namespace tenon::notarize {
namespace {

// "disk image (Apple_HFS : 4)": what the table of partitions calls it.
std::string_view type_of(std::string_view name) {
  const std::size_t from = name.rfind('('), to = name.rfind(" :");
  if (from == name.npos || to == name.npos || to < from) return name;
  return name.substr(from + 1, to - from - 1);
}

// Tables of partitions, and the gaps between them.
bool holds_no_files(const udif::Partition& partition) {
  constexpr std::string_view types[] = {
      "MBR", "Primary GPT Header",  "Primary GPT Table", "Backup GPT Header", "Backup GPT Table",
      "DDM", "Apple_partition_map", "Apple_Free",        "Apple_Void",
  };
  const std::string_view type = type_of(partition.name);
  return std::ranges::any_of(types, [&](std::string_view each) { return each == type; });
}

}  // namespace

void Linter::disk_image(const FileTree::Content& content, const std::string& name,
                        const std::string& file, unsigned depth) {
  const auto verdict = codesign::verify_disk_image(content.bytes, options_);
  if (!verdict) return refuse(verdict.error(), name, file);
  judge(*verdict, name, file);
  const auto partitions = udif::partitions(content.bytes);
  if (!partitions) return refuse(partitions.error(), name, file);
  const std::size_t before = said();
  const std::uint64_t volumes = result.volumes;
  for (const udif::Partition& each : *partitions) partition(content, each, name, file, depth);
  if (result.volumes != volumes || said() != before) return;
  add(Code::notarize_not_looked_inside, name, file, {}, "it has no partition with files");
}

void Linter::partition(const FileTree::Content& content, const udif::Partition& partition,
                       const std::string& name, const std::string& file, unsigned depth) {
  const auto unpacked = unpack(partition, spool_, budget_, options_.window);
  if (!unpacked) {
    const bool unread = unpacked.error().code == Errc::unsupported;
    if (unread && holds_no_files(partition)) return;  // packed as the partition with the files is
    return refuse(unpacked.error(), name, file);
  }
  const hfs::Format format = hfs::identify(unpacked->disk);
  if (format != hfs::Format::hfs_plus) {
    if (format == hfs::Format::other && holds_no_files(partition)) return;
    add(Code::notarize_not_looked_inside, name, file, {},
        format == hfs::Format::apfs
            ? "it holds a file system APFS, which tenon does not read; lint the directory that it "
              "was made of"
            : "it holds a file system that tenon does not read; lint the directory that it was "
              "made of");
    return;
  }
  ++result.volumes;
  auto volume = hfs::Volume::open(unpacked->disk);
  if (!volume) return refuse(volume.error(), name, file);
  const auto counted = budget_.take_members(volume->entries().size());
  if (!counted) return refuse(counted.error(), name, file);
  const auto tree =
      VolumeTree::make(*std::move(volume), {content.owner, unpacked->owner}, spool_, budget_);
  if (!tree) return refuse(tree.error(), name, file);
  Scope scope{**tree,
              [&](const std::string& path, std::size_t size) { return (*tree)->head(path, size); },
              name, depth, true};
  walk(scope, "");
}

}  // namespace tenon::notarize
