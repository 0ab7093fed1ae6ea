#include "crossbuild/run/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"

namespace tenon {
namespace {

struct CloseArchive {
  void operator()(archive* reader) const { (void)archive_read_free(reader); }
};

using Reader = std::unique_ptr<archive, CloseArchive>;

// One format and four filters: what packages are made of, and no more that could be attacked.
Result<Reader> open_archive(std::span<const std::byte> bytes) {
  Reader reader(archive_read_new());
  if (reader == nullptr) return fail(Errc::io, "no memory for the archive");
  const bool ready =
      archive_read_support_format_tar(reader.get()) == ARCHIVE_OK &&
      archive_read_support_filter_gzip(reader.get()) == ARCHIVE_OK &&
      archive_read_support_filter_xz(reader.get()) == ARCHIVE_OK &&
      archive_read_support_filter_zstd(reader.get()) == ARCHIVE_OK &&
      archive_read_support_filter_bzip2(reader.get()) == ARCHIVE_OK &&
      archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) == ARCHIVE_OK;
  if (!ready) return fail(Errc::malformed, "the archive is not a tar file that can be read");
  return reader;
}

ArchiveEntry entry_of(archive_entry* raw) {
  const auto text = [](const char* value) { return std::string(value == nullptr ? "" : value); };
  ArchiveEntry out;
  out.path = text(archive_entry_pathname(raw));
  // A name that the locale cannot spell.
  if (out.path.empty()) out.path = text(archive_entry_pathname_utf8(raw));
  const auto type = archive_entry_filetype(raw);
  if (const char* other = archive_entry_hardlink(raw)) {
    out.kind = ArchiveEntry::Kind::hard_link;
    out.target = other;
  } else if (type == AE_IFREG) {
    out.kind = ArchiveEntry::Kind::file;
  } else if (type == AE_IFDIR) {
    out.kind = ArchiveEntry::Kind::folder;
  } else if (type == AE_IFLNK) {
    out.kind = ArchiveEntry::Kind::link;
    out.target = text(archive_entry_symlink(raw));
  }
  const auto size = archive_entry_size(raw);
  out.size = size < 0 ? 0 : static_cast<std::uint64_t>(size);
  constexpr unsigned owner_may_run = 0100;
  out.executable = (archive_entry_perm(raw) & owner_may_run) != 0;
  return out;
}

Result<void> pass_bytes(archive* reader, ArchiveVisitor& visitor) {
  std::array<std::byte, std::size_t{1} << 16U> buffer;
  while (true) {
    const auto count = archive_read_data(reader, buffer.data(), buffer.size());
    if (count < 0) return fail(Errc::malformed, "the contents of a file cannot be read");
    if (count == 0) return visitor.end();
    TENON_TRY(visitor.bytes(std::span(buffer).first(static_cast<std::size_t>(count))));
  }
}

}  // namespace

bool reads_archives() { return true; }

Result<void> read_archive(std::span<const std::byte> bytes, ArchiveVisitor& visitor) {
  const Reader reader = TENON_TRY(open_archive(bytes));
  archive_entry* raw = nullptr;
  while (true) {
    const int state = archive_read_next_header(reader.get(), &raw);
    if (state == ARCHIVE_EOF) return {};
    if (state != ARCHIVE_OK && state != ARCHIVE_WARN) {
      return fail(Errc::malformed, "the archive is damaged");
    }
    const ArchiveEntry entry = entry_of(raw);
    const bool wanted = TENON_TRY(visitor.entry(entry));
    if (wanted && entry.kind == ArchiveEntry::Kind::file) {
      TENON_TRY(pass_bytes(reader.get(), visitor));
    }
  }
}

}  // namespace tenon
