#include "format/hfs/catalog.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/hfs/hfs.h"
#include "format/plist/unicode.h"

namespace tenon::hfs {
namespace {

constexpr std::uint32_t root_parent = 1, root_folder = 2;
constexpr std::uint16_t FOLDER = 1, FILE_RECORD = 2, FOLDER_THREAD = 3, FILE_THREAD = 4;
constexpr std::uint32_t HARD_LINK = 0x686c6e6b, HFS_PLUS_CREATOR = 0x6866732b;  // hlnk, hfs+
constexpr std::uint32_t FOLDER_LINK = 0x66647270, MACS = 0x4d414353;            // fdrp, MACS
constexpr std::uint16_t HAS_LINK_CHAIN = 0x20;
constexpr std::uint8_t UF_COMPRESSED = 0x20;
constexpr std::string_view private_files_name("\0\0\0\0HFS+ Private Data", 21);
constexpr std::string_view private_folders_name = ".HFS+ Private Directory Data\r";
constexpr unsigned type_mask = 0170000, link_type = 0120000, file_type = 0100000;

struct Permissions {
  ub32 owner, group;
  std::uint8_t admin_flags, owner_flags;
  ub16 mode;
  ub32 special;
};

struct FolderRecord {
  ub16 type, flags;
  ub32 valence, id;
  ub32 dates[5];
  Permissions permissions;
};

struct FileRecord {
  ub16 type, flags;
  std::uint8_t reserved[4];
  ub32 id;
  ub32 dates[5];
  Permissions permissions;
  ub32 file_type, creator;
  std::uint8_t finder[32];
  StoredFork data, resource;
};
static_assert(sizeof(FileRecord) == 248 && sizeof(FolderRecord) == 48);

// What cannot be decoded becomes U+FFFD. A slash in a name is a colon to everybody else.
std::string name_of(std::span<const ub16> units) {
  constexpr std::uint32_t replacement = 0xfffd;
  std::string out;
  for (std::size_t i = 0; i < units.size(); ++i) {
    std::uint32_t code = units[i];
    const std::uint32_t next = i + 1 < units.size() ? std::uint32_t{units[i + 1]} : 0U;
    if (code >= 0xd800 && code < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
      code = 0x10000 + ((code - 0xd800) << 10U) + (next - 0xdc00);
      ++i;
    } else if (code >= 0xd800 && code < 0xe000) {
      code = replacement;
    }
    plist::append_utf8(out, code == '/' ? std::uint32_t{':'} : code);
  }
  return out;
}

}  // namespace

std::vector<Extent> extents_of(std::span<const StoredExtent> stored) {
  std::vector<Extent> out;
  for (const StoredExtent& each : stored) {
    if (each.count == 0) break;
    out.push_back({each.start, each.count});
  }
  return out;
}

Fork fork_of(const StoredFork& stored) { return {stored.size, extents_of(stored.extents)}; }

Result<void> Catalog::take(ByteView record) {
  struct Key {
    ub16 length;
    ub32 parent;
    ub16 units;
  };
  const Key& key = *TENON_TRY(record.at<Key>(0));
  const auto units = TENON_TRY(record.array<ub16>(sizeof(Key), key.units));
  // Keys are padded so that what follows lies at an even offset.
  const std::uint64_t data = 2 + ((std::uint64_t{key.length} + 1) & ~std::uint64_t{1});
  const std::uint16_t type = *TENON_TRY(record.at<ub16>(data));
  Item item;
  item.parent = key.parent;
  if (type == FOLDER) {
    const FolderRecord& folder = *TENON_TRY(record.at<FolderRecord>(data));
    item.id = folder.id;
    item.folder = true;
    item.entry.kind = Entry::Kind::folder;
    item.entry.mode = folder.permissions.mode;
  } else if (type == FILE_RECORD) {
    const FileRecord& file = *TENON_TRY(record.at<FileRecord>(data));
    item.id = file.id;
    item.entry.mode = file.permissions.mode;
    // Volumes of old systems have no modes.
    const unsigned kind = item.entry.mode & type_mask;
    item.entry.kind = kind == link_type                ? Entry::Kind::link
                      : kind == file_type || kind == 0 ? Entry::Kind::file
                                                       : Entry::Kind::other;
    item.entry.compressed = (file.permissions.owner_flags & UF_COMPRESSED) != 0;
    item.entry.data = fork_of(file.data);
    if (file.file_type == HARD_LINK && file.creator == HFS_PLUS_CREATOR) {
      item.linked = file.permissions.special;
    }
    if (file.file_type == FOLDER_LINK && file.creator == MACS &&
        (file.flags & HAS_LINK_CHAIN) != 0) {
      return fail(Errc::unsupported, "it holds hard links to directories, which are not read");
    }
  } else if (type == FOLDER_THREAD || type == FILE_THREAD) {
    return {};
  } else {
    return fail(Errc::malformed, "a record of the catalog of an unknown kind");
  }
  item.name = name_of(units);
  return add(std::move(item));
}

Result<void> Catalog::add(Item item) {
  if (items_.size() == max_entries) return fail(Errc::limit, "too many files");
  if (item.folder) {
    if (item.parent == root_folder && item.name == private_files_name) private_files_ = item.id;
    if (item.parent == root_folder && item.name == private_folders_name) {
      private_folders_ = item.id;
    }
    if (!folders_.emplace(item.id, items_.size()).second) {
      return fail(Errc::malformed, "two directories of the volume have one number");
    }
  }
  items_.push_back(std::move(item));
  return {};
}

Result<void> Catalog::count_path(const std::string& path) {
  path_bytes_ += path.size();
  if (path.size() <= max_path && path_bytes_ <= max_path_bytes) return {};
  return fail(Errc::limit, "the paths in the volume are too long");
}

// Folders on the way are looked up once each.
Result<std::string> Catalog::path_of(const Item& item) {
  std::vector<std::uint32_t> way;
  std::string path;
  for (std::uint32_t at = item.parent; at != root_folder;) {
    if (const auto known = paths_.find(at); known != paths_.end()) {
      path = known->second;
      break;
    }
    const auto folder = folders_.find(at);
    if (folder == folders_.end()) {
      return fail(Errc::malformed, "a file of the volume is in none of its directories");
    }
    way.push_back(at);
    if (way.size() > max_path / 2) {
      return fail(Errc::malformed, "a directory of the volume is in itself");
    }
    at = items_[folder->second].parent;
  }
  for (auto at = way.rbegin(); at != way.rend(); ++at) {
    if (!path.empty()) path += '/';
    path += items_[folders_.at(*at)].name;
    TENON_TRY(count_path(path));
    paths_[*at] = path;
  }
  if (!path.empty()) path += '/';
  path += item.name;
  TENON_TRY(count_path(path));
  return path;
}

Result<std::vector<Entry>> Catalog::entries(
    const std::function<Result<void>(std::uint32_t id, Fork& fork)>& complete) {
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i];
    if (private_files_ != 0 && item.parent == private_files_) linked_files_[item.name] = i;
  }
  std::vector<Entry> out;
  for (Item& item : items_) {
    if (item.folder && item.parent == root_parent)
      continue;  // the root, which has the volume's name
    const bool inner = item.parent == private_files_ || item.parent == private_folders_;
    const bool hidden = item.folder && (item.id == private_files_ || item.id == private_folders_);
    if ((inner && item.parent != 0) || hidden) continue;
    Entry entry = item.entry;
    std::uint32_t id = item.id;
    if (item.linked != 0) {
      const auto file = linked_files_.find("iNode" + std::to_string(item.linked));
      if (file == linked_files_.end()) {
        return fail(Errc::malformed, "a hard link of the volume leads to nothing");
      }
      entry = items_[file->second].entry;
      id = items_[file->second].id;
    }
    entry.path = TENON_TRY(path_of(item));
    if (entry.kind != Entry::Kind::folder) TENON_TRY(complete(id, entry.data));
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace tenon::hfs
