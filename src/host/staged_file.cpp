#include "host/staged_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <expected>
#include <functional>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/path.h"
#include "base/result.h"
#include "host/descriptor.h"
#include "host/file_identity.h"
#include "host/files.h"
#include "host/mapping.h"
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

Result<std::optional<std::uint64_t>> copy_if_good(const std::string& from, const std::string& to,
                                                  unsigned mode,
                                                  const std::function<bool(ByteView bytes)>& good) {
  // Below, to read and to write is less work.
  constexpr std::uint64_t large = std::uint64_t{1} << 20U;
  const Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!source.open()) return std::nullopt;
  const std::uint64_t size = TENON_TRY(file_identity(source.get())).size;
  const auto there = file_info(to);
  if (size < large || (there && there->kind != FileInfo::Kind::file)) {
    const auto text = read_text(from, size + 1);
    if (!text || !good(view_of(*text))) return std::nullopt;
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
  if (const auto copied = file.copy(source, size); !copied) {
    if (copied.error().code == Errc::changed) return std::nullopt;
    return std::unexpected(copied.error());
  }
  {
    const Mapping bytes = TENON_TRY(map_file(file.readable()));
    expect_mapped(bytes.view().bytes());
    if (!good(bytes.view())) return std::nullopt;
  }
  (void)TENON_TRY(file.commit());
  return size;
}

}  // namespace tenon
