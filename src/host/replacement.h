// Replacing a file: the way to write one that was there before or that another program reads.
//
// From beginning to end: open() goes to the folder of the file one name at a time by directory
// descriptors, and below `root` follows no link. It notes which file is there (device, inode, size,
// times). Bytes go to a file without a name where the file system has that (O_TMPFILE), else to
// ".tenon-replacement-X..." in the staging folder. commit() gives that file the owner, the mode,
// the extended attributes and the ACL of the old one, drops the set-id bits when the owner cannot
// be kept, brings it to the disk, looks whether the file in place is still the one that was noted,
// and renames. So the name leads to the old file or to the new one at every moment, and a later
// edit of somebody else is not lost. A process that is killed leaves at most one name of its own in
// the staging folder: the next replacement there removes it, since its lock is free.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "host/descriptor.h"
#include "host/file_identity.h"
#include "host/folder_below.h"

namespace tenon {

struct ReplacementRequest {
  std::string path = {};
  // The folder that somebody named. A link below it is refused: errc::link. Empty: the folder of
  // `path` is taken as it is written, and `path` itself must not be a link.
  std::string root = {};
  // What was read. The file must still be that one; nullopt: the one that open() finds, or none.
  std::optional<FileIdentity> source = {};
  // The new contents do not rest on the old ones, as those of a cache do not: of two writers at
  // once the later one stays, and neither fails.
  bool independent = false;
  // Permission bits of the new file; nullopt: those of the old one, 0644 where there is none.
  std::optional<unsigned> mode = {};
  // Where a temporary name may lie: the first of these folders that is writable and on the file
  // system of the file. Empty: the folder of the file.
  std::vector<std::string> staging = {};
  // Folders below `root` that do not exist are made, those of `staging` too.
  MissingFolder folders = MissingFolder::refuse;
  // Brought to the disk before the rename. Caches, which can be made again, do without.
  bool durable = true;
};

// What could not be kept of the old file; for people.
struct ReplacementNotes {
  bool owner_lost = false;        // the owner or the group is another one now
  bool set_id_dropped = false;    // with it the set-user-ID and set-group-ID bits
  std::uint64_t other_names = 0;  // hard links that still lead to the old file
  std::vector<std::string> attributes_lost;
  bool unsynced = false;  // in place, but after a power loss the old file may be there again

  [[nodiscard]] bool empty() const {
    return !owner_lost && !set_id_dropped && other_names == 0 && attributes_lost.empty() &&
           !unsynced;
  }
};

class Replacement {
 public:
  [[nodiscard]] static Result<Replacement> open(const ReplacementRequest& request);
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;
  Replacement(Replacement&& other) noexcept;
  Replacement& operator=(Replacement&&) = delete;
  // Without commit() nothing of it stays.
  ~Replacement();

  [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);
  // The first `size` bytes of an open file, appended as write() does; without a pass through memory
  // where the system can. errc::changed when the file ends before. Where there is a `progress`, the
  // copy is made in pieces, and it gets how many bytes can be read back after each.
  [[nodiscard]] Result<void> copy(const Descriptor& from, std::uint64_t size,
                                  const std::function<void(std::uint64_t copied)>& progress = {});
  // Over what was written; may reach beyond its end.
  [[nodiscard]] Result<void> write_at(std::uint64_t offset, std::span<const std::byte> bytes);
  // Bytes that were written, to another place; the two may overlap.
  [[nodiscard]] Result<void> move(std::uint64_t from, std::uint64_t to, std::uint64_t size);
  [[nodiscard]] Result<void> cut(std::uint64_t size);
  // All that can fail but the rename: metadata, the disk, and errc::changed when the file in place
  // is not the one that was noted. For who replaces several files or none.
  [[nodiscard]] Result<ReplacementNotes> prepare();
  // prepare(), unless that was done before, and the rename.
  [[nodiscard]] Result<ReplacementNotes> commit();

  // Whether the rename was done, also when commit() failed after it.
  [[nodiscard]] bool in_place() const { return in_place_; }
  // To read back what was written: "/proc/self/fd/N" or the temporary name.
  [[nodiscard]] const std::string& readable() const { return readable_; }

 private:
  Replacement() = default;

  [[nodiscard]] Result<void> make_file(const ReplacementRequest& request);
  [[nodiscard]] Result<void> make_file_in(Descriptor staging);
  [[nodiscard]] Result<void> make_named();
  [[nodiscard]] Result<void> keep_metadata(ReplacementNotes& notes);
  [[nodiscard]] Result<void> read_at(std::uint64_t offset, std::span<std::byte> bytes) const;
  [[nodiscard]] Result<void> check_unchanged() const;
  [[nodiscard]] Result<void> put_in_place();

  Descriptor folder_, staging_, file_, old_;
  std::string name_;       // of the file, in folder_
  std::string temporary_;  // in staging_; empty while the file has no name
  std::string readable_;
  std::optional<FileIdentity> expected_;  // nullopt: nothing is there
  std::optional<unsigned> mode_;
  std::optional<ReplacementNotes> prepared_;
  bool durable_ = true;
  bool independent_ = false;
  bool in_place_ = false;
};

}  // namespace tenon
