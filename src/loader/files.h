// The files of the target as its kernel would open them: absolute paths from the root, symbolic
// links followed inside the root, and the error numbers that loaders print. Bounded: a path is at
// most PATH_MAX bytes and at most 40 links are followed, as Linux has it (fs/namei.c).
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/lifetime.h"

namespace tenon::loader {

// Why the kernel would not open a path. `none` has no error number.
enum class OsError : std::uint8_t {
  none,
  no_entry,       // ENOENT
  no_folder,      // ENOTDIR
  is_folder,      // EISDIR, of a read
  denied,         // EACCES
  loop,           // ELOOP
  name_too_long,  // ENAMETOOLONG
  no_exec,        // ENOEXEC
  bad_library,    // ELIBBAD
  invalid,        // EINVAL
  no_memory,      // ENOMEM, of mmap
  io,             // EIO: what is there cannot be read here
};

// "No such file or directory", as strerror(3) of glibc and of musl say it.
[[nodiscard]] std::string_view glibc_text(OsError error);
// The loader of glibc knows a few of these texts; the others are "Error 21" (elf/dl-minimal.c).
[[nodiscard]] std::string_view glibc_loader_text(OsError error);
[[nodiscard]] std::string_view musl_text(OsError error);

struct Opened {
  std::shared_ptr<const FileTree::Content> content;  // of a file
  std::string real_path;                             // without links, "." and ".."
  bool folder = false;                               // opens, and cannot be read
  bool special = false;                              // a device, a FIFO or a socket

  [[nodiscard]] ByteView bytes() const TENON_LIFETIMEBOUND {
    return content != nullptr ? content->bytes : ByteView();
  }
};

// Remembers what it saw: one answer holds for a whole prediction.
class Files {
 public:
  // Borrows the tree. With `extra`, paths below `extra_at` ("/build/out") are those of that tree.
  explicit Files(FileTree& root, FileTree* extra = nullptr, std::string extra_at = {});

  // `path` is absolute, or relative to `working_folder`.
  [[nodiscard]] std::expected<Opened, OsError> open(std::string_view path);
  [[nodiscard]] bool is_folder(std::string_view path);
  // Whether anyone may execute the file; true when that cannot be found out.
  [[nodiscard]] bool is_executable(const Opened& opened);
  // "/" unless set: where relative paths of run paths lead.
  std::string working_folder = "/";

 private:
  struct Place {
    FileTree* tree = nullptr;
    std::string path;  // in the tree
  };

  [[nodiscard]] Place place_of(const std::string& real_path) const;
  [[nodiscard]] std::expected<FileTree::Kind, OsError> kind_of(const std::string& real_path);
  [[nodiscard]] std::expected<std::string, OsError> resolve(std::string_view path);
  [[nodiscard]] std::expected<std::string, OsError> walk(std::string_view path);

  FileTree& root_;
  FileTree* extra_;
  std::string extra_at_;
  std::map<std::string, std::expected<FileTree::Kind, OsError>, std::less<>> kinds_;
  std::map<std::string, Opened, std::less<>> opened_;
};

}  // namespace tenon::loader
