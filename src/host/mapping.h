// A file mapped read-only, safe against others that shorten it.
//
// From beginning to end: of() notes which file it maps (device, inode, size, times) and enters the
// range of addresses in a list. When somebody cuts the file short, a page behind its new end cannot
// be read, and the kernel sends SIGBUS. The handler finds the range of the address, puts pages of
// zeros over the rest of it, marks the range as torn and returns: the reader goes on, over zeros,
// which every reader here bears as it bears any other damaged file. At its end it asks unchanged(),
// which is errc::changed for a torn range and for a file that is no longer in the state that was
// noted; whatever was read is then thrown away. A SIGBUS at any other address ends the process as
// before. The handler takes no lock and allocates nothing: ranges are never freed, only used again.
#pragma once

#include <cstddef>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "host/descriptor.h"
#include "host/file_identity.h"

namespace tenon {

struct GuardedRange;

class Mapping {
 public:
  // Of an open file. With a path, the descriptor is closed, and unchanged() asks the path: for
  // readers that map thousands of files. Without one it stays open.
  [[nodiscard]] static Result<Mapping> of(Descriptor file, std::string path = {});
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();

  [[nodiscard]] ByteView view() const { return {data_, size_}; }
  [[nodiscard]] const FileIdentity& identity() const { return identity_; }
  // The file, while it stays open.
  [[nodiscard]] const Descriptor& descriptor() const { return file_; }
  // errc::changed when what was read is not the file as it is, or was at one moment.
  [[nodiscard]] Result<void> unchanged() const;

 private:
  Mapping() = default;

  const void* data_ = nullptr;
  std::size_t size_ = 0;
  GuardedRange* range_ = nullptr;
  Descriptor file_;
  std::string path_;
  FileIdentity identity_;
};

// Links are followed. A FIFO or device is invalid_argument.
[[nodiscard]] Result<Mapping> map_file(const std::string& path);

}  // namespace tenon
