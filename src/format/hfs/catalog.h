// Not for other folders: records of the catalog, and the paths that they make.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/hfs/hfs.h"

namespace tenon::hfs {

struct StoredExtent {
  ub32 start, count;
};

struct StoredFork {
  ub64 size;
  ub32 clump, blocks;
  StoredExtent extents[8];
};

// Up to the first one that is empty.
[[nodiscard]] std::vector<Extent> extents_of(std::span<const StoredExtent> stored);
[[nodiscard]] Fork fork_of(const StoredFork& stored);

class Catalog {
 public:
  // One record. limit for more than max_entries.
  [[nodiscard]] Result<void> take(ByteView record);
  // With their paths. `complete` adds the extents that stand elsewhere. malformed for files without
  // a folder, folders that are in themselves, and links that lead to nothing.
  [[nodiscard]] Result<std::vector<Entry>> entries(
      const std::function<Result<void>(std::uint32_t id, Fork& fork)>& complete);

 private:
  struct Item {
    std::uint32_t parent = 0, id = 0;
    std::string name;
    bool folder = false;
    std::uint32_t linked = 0;  // the number of the file that a hard link stands for
    Entry entry;
  };

  Result<void> add(Item item);
  Result<std::string> path_of(const Item& item);
  Result<void> count_path(const std::string& path);

  std::vector<Item> items_;
  std::map<std::uint32_t, std::size_t> folders_;     // by id
  std::map<std::uint32_t, std::string> paths_;       // of folders
  std::map<std::string, std::size_t> linked_files_;  // in the private folder, by name
  std::size_t path_bytes_ = 0;
  std::uint32_t private_files_ = 0, private_folders_ = 0;
};

}  // namespace tenon::hfs
