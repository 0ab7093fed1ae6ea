#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/path.h"
#include "base/result.h"
#include "crossbuild/run/archive.h"
#include "crossbuild/run/bundled_headers.h"
#include "host/files.h"
#include "host/folder_below.h"
#include "host/process.h"
#include "host/replacement.h"

namespace tenon {
namespace {

class HeaderWriter : public ArchiveVisitor {
 public:
  explicit HeaderWriter(std::string root) : root_(std::move(root)) {}

  [[nodiscard]] Result<bool> entry(const ArchiveEntry& entry) override {
    if (interrupted()) return fail(Errc::interrupted, "interrupted");
    if (entry.kind != ArchiveEntry::Kind::file) return false;
    file_.emplace(TENON_TRY(Replacement::open({.path = join_path(root_, entry.path),
                                               .root = root_,
                                               .independent = true,
                                               .mode = 0644,
                                               .folders = MissingFolder::make,
                                               .durable = false})));
    return true;
  }

  [[nodiscard]] Result<void> bytes(std::span<const std::byte> bytes) override {
    return file_->write(bytes);
  }

  [[nodiscard]] Result<void> end() override {
    (void)TENON_TRY(file_->commit());
    file_.reset();
    return {};
  }

 private:
  std::string root_;
  std::optional<Replacement> file_;
};

}  // namespace

Result<std::string> unpack_headers(const BundledHeaders& headers, const std::string& cache) {
  std::string place = join_path(cache, "macos-headers-" + std::string(headers.digest));
  if (TENON_TRY(look_up(place))) return place;
  const TemporaryFolder partial(TENON_TRY(make_temporary_folder("macos-headers", cache)));
  HeaderWriter writer(partial.path);
  TENON_TRY(read_archive(headers.archive, writer));
  const auto renamed = rename_file(partial.path, place);
  if (renamed || is_folder(place)) return place;
  return std::unexpected(renamed.error());
}

}  // namespace tenon
