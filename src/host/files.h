// Files: reading, writing through a temporary name, locks and the folders that the product owns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/path.h"
#include "base/result.h"
#include "host/mapping.h"

namespace tenon {

// The bytes of one file; views into it are valid while it lives. Read into memory, not mapped: the
// files read here are build outputs, and a mapping of a file that is cut short ends in SIGBUS.
class FileBytes {
 public:
  explicit FileBytes(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}

  [[nodiscard]] ByteView view() const { return ByteView(std::span<const std::byte>(bytes_)); }

 private:
  std::vector<std::byte> bytes_;
};

[[nodiscard]] Result<FileBytes> read_file(const std::string& path);
[[nodiscard]] Result<std::string> read_text(const std::string& path,
                                            std::size_t limit = std::size_t{64} << 20U);

// For mapped bytes that are read once, piece by piece: brings them in at one go, and lets go of
// them again, so that a file of any size is read in little memory. Both are advice and never fail.
void expect_mapped(std::span<const std::byte> bytes);
void release_mapped(std::span<const std::byte> bytes);

// Through a Replacement (host/replacement.h): `path` is either as it was or complete, on the disk
// when `durable`. Of two writers at once the later one stays. Parent folders are made. The owner
// stays. A link stays one: the file that it leads to is written. A device or FIFO is written to as
// it is.
[[nodiscard]] Result<void> write_file(const std::string& path, std::span<const std::byte> bytes,
                                      unsigned mode = 0644, bool durable = true);
[[nodiscard]] Result<void> write_text(const std::string& path, std::string_view text,
                                      unsigned mode = 0644);
// What can be made again: for this user only, and not waited for until it is on the disk.
[[nodiscard]] Result<void> write_cache(const std::string& path, std::string_view text);
// Sets the times of a file to now: what is swept away by age has been used. Never fails.
void mark_used(const std::string& path);

// The permission bits of a file that a program of this user makes: 0666 without the umask. For
// processes of one thread.
[[nodiscard]] unsigned mode_of_new_files();

// Adds text to a file that exists, in one write, so that lines of parallel writers do not mix.
// False when that fails; nothing is made.
bool append_to_file(const std::string& path, std::string_view text);
// The same for a log that is made when it is absent, for this user only, with its folder. One that
// has grown beyond `largest` bytes becomes `path`.1. Of parallel writers none loses the lines of
// another, neither the first nor when it moves. A link is not followed.
bool append_to_log(const std::string& path, std::string_view text, std::uint64_t largest);
// `to` is either as it was or what `from` was. Both lie on one file system.
[[nodiscard]] Result<void> rename_file(const std::string& from, const std::string& to);
// A symbolic link to `target`; one that leads elsewhere is replaced.
[[nodiscard]] Result<void> make_link(const std::string& target, const std::string& path);
// Our own standard input to its end.
[[nodiscard]] Result<std::string> read_standard_input();

struct FileInfo {
  enum class Kind { file, folder, other };
  Kind kind = Kind::other;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;  // since the epoch
  unsigned mode = 0;             // permission bits
  std::uint64_t inode = 0;
};

// What a path leads to; nothing when it leads nowhere. An error when that cannot be found out: a
// failing disk, a loop of links, a folder that may not be searched.
[[nodiscard]] Result<std::optional<FileInfo>> look_up(const std::string& path);
// The same for searches: what cannot be looked up is not there, and neither is it for the next two.
[[nodiscard]] std::optional<FileInfo> file_info(const std::string& path);
[[nodiscard]] bool is_file(const std::string& path);
[[nodiscard]] bool is_folder(const std::string& path);
// Whether the path itself is a symbolic link.
[[nodiscard]] bool is_link(const std::string& path);
// Whether a file can be made in the folder: one without a name where the system has that, so that a
// kill leaves nothing; else one that is removed again.
[[nodiscard]] bool can_make_file(const std::string& folder);
// Names in a folder, sorted.
[[nodiscard]] Result<std::vector<std::string>> list_folder(const std::string& path);
// The same for searches: what cannot be listed holds nothing that could be found. The layer check
// keeps it out of the commands that judge.
[[nodiscard]] std::vector<std::string> search_folder(const std::string& path);
[[nodiscard]] Result<void> make_folders(const std::string& path);
// A new folder that nobody else uses, in `top`, or in TMPDIR or /tmp where that is empty. Folders
// of processes that were killed are removed from there first.
[[nodiscard]] Result<std::string> make_temporary_folder(std::string_view prefix,
                                                        std::string top = {});
// A folder that goes with all its contents at the end of a scope.
struct TemporaryFolder {
  std::string path;

  explicit TemporaryFolder(std::string folder) : path(std::move(folder)) {}
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
};

// Removes a file or a whole folder; nothing happens when it does not exist.
void remove_tree(const std::string& path);
// The path with links resolved, or nothing.
[[nodiscard]] std::optional<std::string> real_path(const std::string& path);
[[nodiscard]] std::string current_folder();
// False when the folder cannot be entered; then we stay where we are.
bool enter_folder(const std::string& path);

// The path of the running program, links resolved.
[[nodiscard]] std::string own_path();
// Where derived files are kept: TENON_CACHE, XDG_CACHE_HOME/tenon, ~/Library/Caches/tenon on macOS,
// ~/.cache/tenon. A HOME that belongs to another user is not used: the home in the list of users
// is. Empty when no home is known.
[[nodiscard]] std::string cache_folder();

// Where records are kept that nobody else can make again: XDG_STATE_HOME/tenon,
// ~/Library/Application Support/tenon on macOS, ~/.local/state/tenon. HOME as above; empty when no
// home is known.
[[nodiscard]] std::string state_folder();

// An exclusive lock on a file, held until destruction. Two builds in one folder meet here.
class FileLock {
 public:
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  FileLock(FileLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

  // nullopt in the value when somebody else holds it.
  [[nodiscard]] static Result<std::optional<FileLock>> try_lock(const std::string& path);

 private:
  explicit FileLock(int fd) : fd_(fd) {}

  int fd_ = -1;
};

}  // namespace tenon
