#include "link/run/index_folders.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/path.h"
#include "base/result.h"
#include "base/shown.h"
#include "base/unread.h"
#include "diag/progress.h"
#include "host/file_identity.h"
#include "host/files.h"
#include "host/mapping.h"
#include "host/private_folder.h"
#include "host/walk.h"
#include "link/index/index_file.h"
#include "link/index/library.h"
#include "link/index/library_index.h"
#include "link/index/read_library.h"
#include "link/index/symbol_names.h"
#include "platform/platforms.h"

namespace tenon::link {
namespace {

// A file with all its names in one folder.
struct Found {
  std::string folder;
  std::vector<std::string> files;
  LibraryStamp stamp;
  bool outside = false;
  std::string why;  // it could not even be looked at
};

LibraryStamp stamp_of(const FileIdentity& file) {
  return {file.size, file.inode, file.modified_ns, file.changed_ns, 0};
}

// The first bytes of the digest of a file; never 0, so that it differs from no digest.
std::uint64_t content_of(const std::string& path) {
  const auto file = map_file(path);
  if (!file) return 1;
  const auto digest = sha256(file->view().bytes());
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < sizeof out; ++i)
    out = out << 8U | std::to_integer<std::uint64_t>(digest[i]);
  return out == 0 ? 1 : out;
}

bool wanted(std::string_view file) {
  return (is_archive_name(file) || is_shared_name(file)) && !is_never_chosen(file);
}

// Names of a folder that are one file stand together: libX.so -> libX.so.2 -> libX.so.2.1.
void find_in(const std::string& folder, const std::vector<std::string>& files, bool outside,
             std::vector<Found>& out) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> by_inode;
  for (const std::string& file : files) {
    if (!wanted(file)) continue;
    const auto identity = file_identity(join_path(folder, file));
    if (!identity) {
      // A link that leads nowhere: its target is in a package that is not installed.
      if (identity.error().code == Errc::not_found) continue;
      out.push_back({folder, {file}, {}, outside, identity.error().what});
      continue;
    }
    const auto key = std::pair(identity->device, identity->inode);
    const auto known = by_inode.find(key);
    if (known != by_inode.end() &&
        is_archive_name(file) == is_archive_name(out[known->second].files.front())) {
      out[known->second].files.push_back(file);
      continue;
    }
    by_inode[key] = out.size();
    out.push_back({folder, {file}, stamp_of(*identity), outside, {}});
  }
}

class Finder {
 public:
  explicit Finder(const IndexRequest& request) : request_(request) {}

  void run(LibraryIndex& index) {
    for (const std::string& folder : request_.folders) {
      const auto real = real_path(folder);
      if (!real || !seen_.insert(*real).second) continue;
      auto names = list_folder(*real);
      if (!names) {
        index.unread.push_back(fmt::format("{}: {}", *real, names.error().what));
        continue;
      }
      index.folders.push_back(*real);
      find_in(*real, *names, false, found);
    }
    for (const std::string& folder : request_.below) below(folder, index);
  }

  std::vector<Found> found;

 private:
  void below(const std::string& top, LibraryIndex& index) {
    const auto real = real_path(top);
    if (!real) return;
    std::map<std::string, std::vector<std::string>> by_folder;
    FolderWalk walk;
    walk.file = [&](const std::string& path) {
      const std::string_view name = base_name(path);
      if (!wanted(name)) return;
      std::string folder(folder_of(path));
      if (!seen_.contains(folder)) by_folder[std::move(folder)].emplace_back(name);
    };
    walk.unread = [&](const Unread& one) { index.unread.push_back(one.path); };
    walk_folder(*real, walk);
    for (const auto& [folder, files] : by_folder) {
      seen_.insert(folder);
      find_in(folder, files, true, found);
    }
  }

  const IndexRequest& request_;
  std::set<std::string> seen_;
};

Library named(const Found& found) {
  Library library;
  library.folder = found.folder;
  library.stamp = found.stamp;
  library.outside = found.outside;
  // The name that -lX asks for: of libssl.3.dylib and libssl.dylib the shorter.
  const auto apple = std::ranges::min_element(found.files, {}, &std::string::size);
  const bool is_apple = apple->ends_with(".dylib") || apple->ends_with(".tbd");
  const auto plain =
      is_apple ? apple : std::ranges::find_if(found.files, [](const std::string& file) {
        return file.ends_with(".so");
      });
  library.plain_link = plain != found.files.end();
  library.file = library.plain_link ? *plain : found.files.front();
  library.names.emplace_back(library_name(library.file));
  for (const std::string& file : found.files) {
    std::string name(library_name(file));
    if (std::ranges::find(library.names, name) == library.names.end()) {
      library.names.push_back(std::move(name));
    }
  }
  return library;
}

void read_file_into(const Found& found, const Platform& platform, SymbolNames& names,
                    Library& library) {
  const auto refuse = [&](std::string why) {
    library.kind = is_archive_name(library.file) ? LibraryKind::archive : LibraryKind::shared;
    library.state = LibraryState::unreadable;
    library.why = std::move(why);
  };
  if (!found.why.empty()) return refuse(found.why);
  const std::string path = library.path();
  const auto file = map_file(path);
  if (!file) return refuse(file.error().what);
  std::vector<std::unique_ptr<Mapping>> members;
  const OpenMember open_member = [&](std::string_view name) -> Result<ByteView> {
    members.push_back(
        std::make_unique<Mapping>(TENON_TRY(map_file(join_path(library.folder, name)))));
    return members.back()->view();
  };
  read_library(file->view(), platform, open_member, names, library);
  if (const auto same = file->unchanged(); !same) refuse("it changed while it was read");
}

}  // namespace

namespace {

// File systems with the coarsest clocks write times in steps of two seconds.
constexpr std::int64_t settled_ns = 3'000'000'000;
constexpr std::size_t largest_cache = std::size_t{1} << 30U;

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// What an earlier run read, by path. One file for each target and list of folders.
class Remembered {
 public:
  Remembered(const IndexRequest& request, LibraryIndex& index) {
    const std::string cache = request.use_cache ? private_cache() : std::string();
    if (cache.empty()) return;
    std::string key(request.platform->name);
    for (const std::string& one : request.folders) key += "\n" + one;
    for (const std::string& one : request.below) key += "\nbelow " + one;
    path_ = fmt::format("{}/link-index/{}", cache, hex(sha256(view_of(key).bytes())).substr(0, 24));
    const auto bytes = read_text(path_, largest_cache);
    if (!bytes) return;
    auto libraries = read_index(view_of(*bytes), index.names);
    if (!libraries) {
      index.names = SymbolNames();  // damaged, or of another version
      return;
    }
    for (Library& one : *libraries) {
      std::string path = one.path();
      known_.emplace(std::move(path), std::move(one));
    }
  }

  // The facts of a file in the state that it is in now.
  bool take(Library& library) {
    const auto found = known_.find(library.path());
    if (found == known_.end() || !(found->second.stamp == library.stamp)) return false;
    Library& old = found->second;
    old.names = std::move(library.names);
    old.plain_link = library.plain_link;
    old.outside = library.outside;
    library = std::move(old);
    ++taken_;
    return true;
  }

  // Without files that were changed this very moment: the next change may give them the same times.
  void keep(const LibraryIndex& index) const {
    if (path_.empty() || (taken_ == known_.size() && taken_ == index.libraries.size())) return;
    const std::int64_t limit = now_ns() - settled_ns;
    std::vector<const Library*> settled;
    for (const Library& one : index.libraries) {
      const bool old = std::max(one.stamp.modified_ns, one.stamp.changed_ns) < limit;
      if (old && !one.thin && one.stamp.inode != 0) settled.push_back(&one);
    }
    if (settled.size() <= taken_ && taken_ == known_.size()) return;
    (void)write_cache(path_, write_index(index.names, settled));  // read again next time
  }

 private:
  std::string path_;
  std::map<std::string, Library> known_;
  std::size_t taken_ = 0;
};

}  // namespace

LibraryIndex index_folders(const IndexRequest& request, Progress& progress, IndexCost& cost) {
  LibraryIndex index;
  Remembered remembered(request, index);
  Finder finder(request);
  finder.run(index);
  cost.files = finder.found.size();
  std::map<std::string, bool> tells;  // by folder
  for (const Found& found : finder.found) {
    Library library = named(found);
    const auto [told, fresh] = tells.try_emplace(found.folder, true);
    if (fresh && request.use_cache) told->second = request.times_tell(found.folder);
    if (!told->second) library.stamp.content = content_of(library.path());
    if (!remembered.take(library)) {
      if (cost.read++ % 64 == 0) {
        progress.status(shown_format("reading libraries: {} of {}", index.libraries.size(),
                                     finder.found.size()));
      }
      read_file_into(found, *request.platform, index.names, library);
    }
    const auto soname = std::ranges::find(found.files, library.soname);
    library.loads_as = soname != found.files.end() ? *soname : found.files.back();
    index.libraries.push_back(std::move(library));
  }
  progress.clear_status();
  remembered.keep(index);
  index.finish();
  for (const Library& one : index.libraries) {
    cost.members += one.members.size();
    cost.symbols += one.definitions.size();
  }
  return index;
}

}  // namespace tenon::link
