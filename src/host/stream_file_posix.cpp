#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/path.h"
#include "base/result.h"
#include "host/descriptor.h"
#include "host/file_identity.h"
#include "host/folder_below.h"
#include "host/replacement.h"
#include "host/stream_file.h"

namespace tenon {
namespace {

// What stands at the path and may be replaced; nullopt: nothing.
Result<std::optional<FileIdentity>> old_file(const Descriptor& folder, const std::string& name,
                                             std::string_view mark) {
  // O_NONBLOCK: a FIFO in place of a file must not hang us.
  const auto file =
      opened(::openat(folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC),
             "cannot open the file");
  if (!file && file.error().code == Errc::not_found) return std::nullopt;
  if (!file) return std::unexpected(file.error());
  struct stat info{};
  if (::fstat(file->get(), &info) != 0) {
    return std::unexpected(os_error("cannot stat the file", errno));
  }
  if (S_ISDIR(info.st_mode)) return std::unexpected(os_error("is a directory, not a file", EISDIR));
  if (!S_ISREG(info.st_mode)) return fail(Errc::invalid_argument, "is not a regular file");
  std::string begin(mark.size(), '\0');
  const ssize_t size = ::pread(file->get(), begin.data(), begin.size(), 0);
  if (size < 0) return std::unexpected(os_error("cannot read the file", errno));
  if (info.st_size != 0 && begin != mark) {
    return fail(Errc::invalid_argument, "is a file of another kind, which is not overwritten");
  }
  return identity_of(info);
}

}  // namespace

Result<StreamFile> StreamFile::open(const std::string& path, std::string_view mark,
                                    std::string_view first) {
  const Descriptor folder = TENON_TRY(open_folder_of("", path));
  const std::string name(base_name(path));
  const std::optional<FileIdentity> old = TENON_TRY(old_file(folder, name, mark));
  Replacement start = TENON_TRY(Replacement::open({.path = path, .source = old, .durable = false}));
  TENON_TRY(start.write(view_of(first).bytes()));
  const FileIdentity made = TENON_TRY(file_identity(start.readable()));
  (void)TENON_TRY(start.commit());
  Descriptor file =
      TENON_TRY(opened(::openat(folder.get(), name.c_str(),
                                O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC),
                       "cannot open the file"));
  const FileIdentity found = TENON_TRY(file_identity(file.get()));
  if (found.device != made.device || found.inode != made.inode) {
    return fail(Errc::changed, "another program has put a file there");
  }
  return StreamFile(std::move(file));
}

Result<void> StreamFile::append(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file_.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return std::unexpected(os_error("cannot write", errno));
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace tenon
