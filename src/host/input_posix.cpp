#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <utility>

#include "base/path.h"
#include "base/result.h"
#include "host/descriptor.h"
#include "host/files.h"
#include "host/input.h"
#include "host/mapping.h"
#include "host/replacement.h"

namespace tenon {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{4} << 30U;

// Into a replacement that is never put in place: where the system can, it has no name at any time.
Result<Descriptor> spool(int from) {
  const TemporaryFolder folder(TENON_TRY(make_temporary_folder("tenon-input-")));
  Replacement file = TENON_TRY(Replacement::open({.path = join_path(folder.path, "input"),
                                                  .independent = true,
                                                  .mode = 0600,
                                                  .durable = false}));
  std::array<std::byte, 65536> buffer;
  std::uint64_t total = 0;
  while (true) {
    const ssize_t count = ::read(from, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error("cannot read the input", errno));
    if (count == 0) break;
    total += static_cast<std::uint64_t>(count);
    if (total > most_bytes) return fail(Errc::limit, "is larger than 4 GiB");
    TENON_TRY(file.write(std::span(buffer).first(static_cast<std::size_t>(count))));
  }
  Descriptor kept(::open(file.readable().c_str(), O_RDONLY | O_CLOEXEC));
  if (!kept.open()) return std::unexpected(os_error("cannot keep the input", errno));
  return kept;
}

// Mapped when its name, if it had one, is gone: that changes the times of the file.
Result<Mapping> spooled(int from) { return Mapping::of(TENON_TRY(spool(from))); }

bool is_fifo(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISFIFO(info.st_mode);
}

}  // namespace

Result<Mapping> map_input(const std::string& path) {
  if (path != "-") {
    if (!is_fifo(path)) return map_file(path);
    const Descriptor fifo(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fifo.open()) return std::unexpected(os_error("cannot open the file", errno));
    return spooled(fifo.get());
  }
  struct stat info{};
  if (::fstat(STDIN_FILENO, &info) != 0) {
    return std::unexpected(os_error("cannot read standard input", errno));
  }
  if (::isatty(STDIN_FILENO) == 1) return fail(Errc::invalid_argument, "is a terminal");
  if (!S_ISREG(info.st_mode)) return spooled(STDIN_FILENO);
  Descriptor file(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
  if (!file.open()) return std::unexpected(os_error("cannot read standard input", errno));
  return Mapping::of(std::move(file));
}

bool input_is_piped() {
  struct stat info{};
  return ::fstat(STDIN_FILENO, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISREG(info.st_mode));
}

}  // namespace tenon
