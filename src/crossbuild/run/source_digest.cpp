#include "crossbuild/run/source_digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "cache/store.h"
#include "host/file_identity.h"
#include "host/files.h"
#include "host/mapping.h"
#include "host/writers.h"

namespace tenon {
namespace {

constexpr std::uint64_t large = std::uint64_t{1} << 20U;
// File systems with the coarsest clocks write times in steps of two seconds.
constexpr std::int64_t settled_ns = 3'000'000'000;
constexpr unsigned write_bits = 0222;
constexpr std::string_view mark = "digest ";
constexpr std::size_t digest_size = 64;

std::string record_of(const FileIdentity& file) {
  const std::string text = fmt::format("file {} {} {} {} {}\n", file.device, file.inode, file.size,
                                       file.modified_ns, file.changed_ns);
  return hex(sha256(view_of(text).bytes()));
}

// Whether its digest may be taken from its state later on. Asked before the file is read: who opens
// it for writing after that changes its times.
bool is_settled(const std::string& path, const FileIdentity& file) {
  const auto info = file_info(path);
  if (!info || (info->mode & write_bits) != 0) return false;
  if (!identity_tells_changes(path) || !nobody_writes(path, file)) return false;
  const std::int64_t now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  return std::max(file.modified_ns, file.changed_ns) + settled_ns < now;
}

}  // namespace

Result<std::string> source_digest(const std::string& path, Store* store) {
  const FileIdentity state = TENON_TRY(file_identity(path));
  // One call for all of a small file, without the cost of a mapping.
  if (state.size < large) return hex(sha256(TENON_TRY(read_file(path)).view().bytes()));
  const std::string name = record_of(state);
  if (store != nullptr) {
    const auto known = store->record(name);
    if (known && known->size() == mark.size() + digest_size && known->starts_with(mark)) {
      return known->substr(mark.size());
    }
  }
  const bool settled = store != nullptr && is_settled(path, state);
  const Mapping file = TENON_TRY(map_file(path));
  std::string digest = hex(sha256(file.view().bytes()));
  TENON_TRY(file.unchanged());
  if (settled && file.identity() == state) {
    (void)store->set_record(name, std::string(mark) + digest);
  }
  return digest;
}

}  // namespace tenon
