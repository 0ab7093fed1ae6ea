#include "cache/run/folder_store.h"

#include <cstddef>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "host/files.h"

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

Result<std::string> FolderStore::blob(const std::string& digest) {
  const std::string path = blob_path(digest);
  // Not mapped, nor asked whether it changed: others mark it as used meanwhile.
  std::string bytes = TENON_TRY(read_text(path, largest_blob));
  if (hex(sha256(view_of(bytes).bytes())) != digest) {
    if (!read_only_) remove_tree(path);
    return fail(Errc::malformed, "the bytes are not those of the digest");
  }
  if (!read_only_) mark_used(path);
  return bytes;
}

Result<std::string> FolderStore::add_blob(std::string_view bytes) {
  std::string digest = hex(sha256(view_of(bytes).bytes()));
  if (read_only_) return fail(Errc::permission, "the cache is read only");
  const std::string path = blob_path(digest);
  // One of the right size that is broken is found by its reader.
  if (const auto there = file_info(path); there && there->size == bytes.size()) {
    mark_used(path);
    return digest;
  }
  TENON_TRY(write_cache(path, bytes));
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
  return write_cache(record_path(key), text);
}

}  // namespace tenon
