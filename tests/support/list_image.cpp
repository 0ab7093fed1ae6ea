// Prints what tenon finds in a disk image, or in a bare volume: a line for each entry, with kind,
// mode, size, SHA-256 or target, and path, between tabs. For tests that know what is in it.
#include <cstddef>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/digest.h"
#include "format/hfs/disk.h"
#include "format/hfs/hfs.h"
#include "format/udif/partitions.h"
#include "format/udif/udif.h"
#include "notarize/spool.h"
#include "notarize/volume.h"

using namespace tenon;

namespace {

int refuse(const Error& error) {
  std::cerr << errc_name(error.code) << ": " << error.what << "\n";
  return 1;
}

int list(const hfs::Disk& disk, std::shared_ptr<const void> owner) {
  auto volume = hfs::Volume::open(disk);
  if (!volume) return refuse(volume.error());
  const std::vector<hfs::Entry> entries = volume->entries();
  notarize::MemorySpool spool;
  notarize::Budget budget;
  const auto tree = notarize::VolumeTree::make(*std::move(volume), {owner}, spool, budget);
  if (!tree) return refuse(tree.error());
  for (const hfs::Entry& each : entries) {
    std::string kind = "other", what = "-";
    if (each.kind == hfs::Entry::Kind::folder) kind = "folder";
    if (each.kind == hfs::Entry::Kind::link) {
      kind = "link";
      const auto target = (*tree)->link_target(each.path);
      what = target ? *target : target.error().what;
    }
    if (each.kind == hfs::Entry::Kind::file) {
      kind = each.compressed ? "compressed" : "file";
      const auto content = (*tree)->read(each.path);
      what = content ? hex(sha256(content->bytes.bytes())) : content.error().what;
    }
    std::cout << kind << '\t' << std::oct << each.mode << std::dec << '\t' << each.data.size << '\t'
              << what << '\t' << each.path << '\n';
  }
  return 0;
}

}  // namespace

int main(int /*count*/, char** words) {
  std::ifstream in(words[1], std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const ByteView bytes = view_of(text);
  if (!udif::is_image(bytes)) {
    const auto disk = hfs::Disk::of({{0, bytes.size(), bytes}});
    return disk ? list(*disk, nullptr) : refuse(disk.error());
  }
  const auto partitions = udif::partitions(bytes);
  if (!partitions) return refuse(partitions.error());
  notarize::MemorySpool spool;
  notarize::Budget budget;
  int code = 0;
  for (const udif::Partition& each : *partitions) {
    const auto unpacked = notarize::unpack(each, spool, budget);
    if (!unpacked) return refuse(unpacked.error());
    std::cerr << each.name << ": " << each.chunks.size() << " parts, " << each.size << " bytes\n";
    if (hfs::identify(unpacked->disk) != hfs::Format::hfs_plus) continue;
    code |= list(unpacked->disk, unpacked->owner);
  }
  return code;
}
