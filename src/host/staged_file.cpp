#include "host/staged_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <expected>
#include <functional>
#include <future>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/path.h"
#include "base/result.h"
#include "host/descriptor.h"
#include "host/file_identity.h"
#include "host/files.h"
#include "host/replacement.h"

namespace tenon {
namespace {

// An errno, 0 when all bytes are written. The descriptor is closed.
int write_and_close(int fd, std::span<const std::byte> bytes) {
  int failed = 0;
  while (!bytes.empty() && failed == 0) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count > 0) bytes = bytes.subspan(static_cast<std::size_t>(count));
    if (count == 0) failed = EIO;
    if (count < 0 && errno != EINTR) failed = errno;
  }
  // Quotas and network file systems report a full disk only here.
  if (::close(fd) != 0 && failed == 0) failed = errno;
  return failed;
}

// The digest of a file that is being written, read back as far as it is there. In a thread of its
// own; where none can be had, std::async() does it in finish().
class WrittenDigest {
 public:
  WrittenDigest(const std::string& path, std::uint64_t size)
      : digest_(std::async([this, path, size] { return read(path, size); })) {}
  ~WrittenDigest() { written(given_up); }
  WrittenDigest(const WrittenDigest&) = delete;
  WrittenDigest& operator=(const WrittenDigest&) = delete;

  void written(std::uint64_t count) {
    written_ = count;
    written_.notify_one();
  }
  // When all of it is written. Nothing when it cannot be read.
  [[nodiscard]] std::optional<Sha256> finish() { return digest_.get(); }

 private:
  static constexpr std::uint64_t given_up = UINT64_MAX;

  [[nodiscard]] std::optional<Sha256> read(const std::string& path, std::uint64_t size) const {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.open()) return std::nullopt;
    constexpr std::size_t piece = std::size_t{1} << 18U;  // stays in the processor's cache
    std::vector<std::byte> buffer(piece);
    Sha256Stream digest;
    for (std::uint64_t at = 0; at < size;) {
      written_.wait(at);
      const std::uint64_t end = written_;
      if (end == given_up) return std::nullopt;
      const ssize_t count =
          ::pread(file.get(), buffer.data(), std::min<std::uint64_t>(piece, end - at),
                  static_cast<off_t>(at));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return std::nullopt;
      digest.add(std::span(buffer).first(static_cast<std::size_t>(count)));
      at += static_cast<std::uint64_t>(count);
    }
    return digest.finish();
  }

  std::atomic<std::uint64_t> written_ = 0;
  std::future<std::optional<Sha256>> digest_;
};

}  // namespace

std::string unique_path(const std::string& folder) {
  std::random_device random;
  std::string out = folder;
  out += '/';
  out += std::to_string(::getpid());
  for (int i = 0; i < 2; ++i) {
    out += '-';
    out += std::to_string(random());
  }
  return out;
}

Result<void> write_staged(const std::string& path, const std::string& staging,
                          std::string_view text) {
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  constexpr mode_t private_mode = 0600;
  const std::string fresh = unique_path(staging);
  int fd = ::open(fresh.c_str(), flags, private_mode);
  if (fd < 0 && errno == ENOENT) {
    TENON_TRY(make_folders(staging));
    fd = ::open(fresh.c_str(), flags, private_mode);
  }
  if (fd < 0) return std::unexpected(os_error("cannot create the file", errno));
  int failed = write_and_close(fd, view_of(text).bytes());
  if (failed == 0 && ::rename(fresh.c_str(), path.c_str()) != 0) failed = errno;
  if (failed == ENOENT && make_folders(std::string(folder_of(path)))) {
    failed = ::rename(fresh.c_str(), path.c_str()) == 0 ? 0 : errno;
  }
  if (failed == 0) return {};
  ::unlink(fresh.c_str());
  return std::unexpected(os_error("cannot write the file", failed));
}

Result<std::optional<std::uint64_t>> copy_if_good(
    const std::string& from, const std::string& to, unsigned mode,
    const std::function<bool(const Sha256& digest)>& good) {
  // Below, to read and to write is less work.
  constexpr std::uint64_t large = std::uint64_t{1} << 20U;
  const Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!source.open()) return std::nullopt;
  const std::uint64_t size = TENON_TRY(file_identity(source.get())).size;
  const auto there = file_info(to);
  if (size < large || (there && there->kind != FileInfo::Kind::file)) {
    const auto text = read_text(from, size + 1);
    if (!text || !good(sha256(view_of(*text).bytes()))) return std::nullopt;
    TENON_TRY(write_file(to, view_of(*text).bytes(), mode, false));
    return text->size();
  }
  // Of a link the file that it leads to is written; the link stays.
  const std::string path = real_path(to).value_or(to);
  if (const std::string_view folder = folder_of(path); !folder.empty()) {
    TENON_TRY(make_folders(std::string(folder)));
  }
  Replacement file = TENON_TRY(
      Replacement::open({.path = path, .independent = true, .mode = mode, .durable = false}));
  WrittenDigest digest(file.readable(), size);
  const auto copied = file.copy(source, size, [&](std::uint64_t count) { digest.written(count); });
  if (!copied) {
    if (copied.error().code == Errc::changed) return std::nullopt;
    return std::unexpected(copied.error());
  }
  const auto found = digest.finish();
  if (!found || !good(*found)) return std::nullopt;
  (void)TENON_TRY(file.commit());
  return size;
}

}  // namespace tenon
