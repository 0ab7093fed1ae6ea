#include "crossbuild/run/sysroot_writer.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/path.h"
#include "base/result.h"
#include "crossbuild/run/archive.h"
#include "crossbuild/sysroot/layout.h"
#include "host/files.h"
#include "host/folder_below.h"
#include "host/process.h"
#include "host/replacement.h"

namespace tenon {
namespace {

// More than the largest -dev packages of a distribution together have, and less than a disk.
constexpr std::uint64_t most_bytes = std::uint64_t{32} << 30U;
constexpr std::uint64_t most_entries = 4'000'000;

using Kind = ArchiveEntry::Kind;

}  // namespace

Result<bool> SysrootWriter::entry(const ArchiveEntry& entry) {
  place_ = entry.path;
  if (interrupted()) return fail(Errc::interrupted, "interrupted");
  if (++entries_ > most_entries) return fail(Errc::limit, "the packages have too many entries");
  const auto place = TENON_TRY(place_in_sysroot(entry.path));
  if (entry.kind == Kind::folder) return false;
  if (!place || entry.kind == Kind::other) {
    ++counts_.left_out;
    return false;
  }
  if (entry.kind == Kind::link) {
    links_[*place] = TENON_TRY(link_place(entry.path, entry.target));
    return false;
  }
  links_.erase(*place);
  if (entry.kind == Kind::hard_link) {
    const auto target = TENON_TRY(place_in_sysroot(entry.target));
    if (target) hard_links_.push_back({*place, *target, entry.executable});
    return false;
  }
  if (entry.size > most_bytes - counts_.bytes) {
    return fail(Errc::limit, "the packages are larger than 32 GiB");
  }
  TENON_TRY(open(*place, entry.executable));
  return true;
}

Result<void> SysrootWriter::open(const std::string& place, bool executable) {
  constexpr unsigned program = 0755, plain = 0644;
  file_.emplace(TENON_TRY(Replacement::open({.path = join_path(root_, place),
                                             .root = root_,
                                             .independent = true,
                                             .mode = executable ? program : plain,
                                             .folders = MissingFolder::make,
                                             .durable = false})));
  return {};
}

Result<void> SysrootWriter::bytes(std::span<const std::byte> bytes) {
  if (interrupted()) return fail(Errc::interrupted, "interrupted");
  counts_.bytes += bytes.size();
  if (counts_.bytes > most_bytes) return fail(Errc::limit, "the packages are larger than 32 GiB");
  return file_->write(bytes);
}

Result<void> SysrootWriter::end() {
  (void)TENON_TRY(file_->commit());
  file_.reset();
  ++counts_.files;
  return {};
}

Result<void> SysrootWriter::copy(const HardLink& link) {
  place_ = link.place;
  const std::string path = join_path(root_, link.target);
  TENON_TRY(open_folder_below(root_, path));
  if (is_link(path) || !is_file(path)) {
    return fail(Errc::malformed, "a hard link leads to what is not in the package");
  }
  const FileBytes contents = TENON_TRY(read_file(path));
  TENON_TRY(open(link.place, link.executable));
  TENON_TRY(bytes(contents.view().bytes()));
  return end();
}

Result<void> SysrootWriter::end_package() {
  file_.reset();
  for (const HardLink& link : std::exchange(hard_links_, {})) TENON_TRY(copy(link));
  return {};
}

// What is in place already stays: a file of one package is worth more than the link of another.
Result<void> SysrootWriter::make(const std::string& place, const std::string& to) {
  place_ = place;
  const std::string path = join_path(root_, place);
  const auto folder = open_folder_below(root_, path, MissingFolder::make);
  if (!folder && folder.error().code == Errc::link) return {};  // below another link
  if (!folder) return std::unexpected(folder.error());
  if (is_link(path) || TENON_TRY(look_up(path)) || place == to) return {};
  TENON_TRY(make_link(relative_link(place, to), path));
  ++counts_.links;
  return {};
}

Result<void> SysrootWriter::finish() {
  for (const auto& [place, to] : links_) TENON_TRY(make(place, to));
  for (const std::string& name : TENON_TRY(list_folder(join_path(root_, "usr")))) {
    if (is_merged_folder(name)) TENON_TRY(make(name, "usr/" + name));
  }
  return {};
}

}  // namespace tenon
