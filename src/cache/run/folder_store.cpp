#include "cache/run/folder_store.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "host/files.h"
#include "host/staged_file.h"

namespace tenon {
namespace {

constexpr std::size_t largest_blob = std::size_t{4} << 30U;
constexpr std::size_t largest_record = std::size_t{64} << 20U;

std::string place(const std::string& folder, std::string_view kind, const std::string& name) {
  std::string out = folder;
  out += kind;
  out += name.substr(0, 2);
  out += '/';
  out += name.size() > 2 ? name.substr(2) : "_";
  return out;
}

}  // namespace

std::string FolderStore::blob_path(const std::string& digest) const {
  return place(folder_, "/blob/", digest);
}

std::string FolderStore::record_path(const std::string& key) const {
  return place(folder_, "/record/", key);
}

bool FolderStore::is_blob(const std::string& digest, const Sha256& found) const {
  const bool same = hex(found) == digest;
  if (!read_only_ && !same) remove_tree(blob_path(digest));
  if (!read_only_ && same) mark_used(blob_path(digest));
  return same;
}

Result<std::string> FolderStore::blob(const std::string& digest) {
  // Not mapped, nor asked whether it changed: others mark it as used meanwhile.
  std::string bytes = TENON_TRY(read_text(blob_path(digest), largest_blob));
  if (is_blob(digest, sha256(view_of(bytes).bytes()))) return bytes;
  return fail(Errc::malformed, "the bytes are not those of the digest");
}

Result<std::optional<std::uint64_t>> FolderStore::copy_blob(const std::string& digest,
                                                            const std::string& to, unsigned mode) {
  return copy_if_good(blob_path(digest), to, mode,
                      [&](const Sha256& found) { return is_blob(digest, found); });
}

Result<std::string> FolderStore::add_blob(std::string_view bytes) {
  if (read_only_) return fail(Errc::permission, "the cache is read only");
  std::string digest = hex(sha256(view_of(bytes).bytes()));
  const std::string path = blob_path(digest);
  // Compared: go reads a blob that it has put without a question, and one that is broken must go.
  if (const auto there = file_info(path);
      there && there->size == bytes.size() && read_text(path, largest_blob) == bytes) {
    mark_used(path);
    return digest;
  }
  TENON_TRY(write_staged(path, staging(), bytes));
  return digest;
}

Result<std::string> FolderStore::record(const std::string& key) {
  const std::string path = record_path(key);
  std::string text = TENON_TRY(read_text(path, largest_record));
  if (!read_only_) mark_used(path);
  return text;
}

Result<void> FolderStore::set_record(const std::string& key, std::string_view text) {
  if (read_only_) return fail(Errc::permission, "the cache is read only");
  return write_staged(record_path(key), staging(), text);
}

}  // namespace tenon
