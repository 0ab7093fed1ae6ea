#include "cache/run/usage_log.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "cache/run/folder_store.h"
#include "cache/usage.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

constexpr std::int64_t in_use_ns = std::int64_t{3600} * 1'000'000'000;
constexpr std::size_t largest_log = std::size_t{4} << 20U;

Result<void> read_one(const std::string& path, std::vector<UsageLine>& out) {
  const auto text = read_text(path, 2 * largest_log);
  if (!text && text.error().code == Errc::not_found) return {};
  if (!text) return std::unexpected(text.error());
  for (UsageLine& line : parse_usage(*text)) out.push_back(std::move(line));
  return {};
}

Result<void> list_below(const std::string& folder, std::vector<StoredFile>& out) {
  const auto names = list_folder(folder);
  if (!names && names.error().code == Errc::not_found) return {};
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    const std::string path = join_path(folder, name);
    const auto info = TENON_TRY(look_up(path));
    if (!info) continue;  // swept meanwhile
    if (info->kind == FileInfo::Kind::folder) {
      TENON_TRY(list_below(path, out));
    } else {
      out.push_back({path, info->size, info->modified_ns});
    }
  }
  return {};
}

}  // namespace

void write_usage(const std::string& folder, const UsageLine& line) {
  (void)append_to_log(folder + "/usage", usage_text(line), largest_log);
}

Result<std::vector<UsageLine>> read_usage(const std::string& folder) {
  std::vector<UsageLine> out;
  TENON_TRY(read_one(folder + "/usage.1", out));
  TENON_TRY(read_one(folder + "/usage", out));
  return out;
}

Result<std::vector<StoredFile>> stored_files(const std::string& folder) {
  std::vector<StoredFile> out;
  TENON_TRY(list_below(folder + "/blob", out));
  TENON_TRY(list_below(folder + "/record", out));
  return out;
}

namespace {

// What writers that were killed have left.
void remove_left(const std::string& folder, std::int64_t now) {
  constexpr std::int64_t longest_use_ns = 24 * in_use_ns;
  for (const std::string& name : search_folder(folder)) {
    const std::string path = join_path(folder, name);
    const auto info = file_info(path);
    if (info && info->modified_ns < now - longest_use_ns) remove_tree(path);
  }
}

}  // namespace

Result<StoreSize> sweep(const std::string& folder, std::uint64_t quota) {
  StoreSize out;
  const std::int64_t now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  remove_left(FolderStore(folder).staging(), now);
  for (const StoredFile& file : files_to_remove(TENON_TRY(stored_files(folder)), quota)) {
    // A go that runs now may have been given its path.
    if (quota > 0 && file.used_ns > now - in_use_ns) continue;
    remove_tree(file.path);
    out.bytes += file.size;
    ++out.entries;
  }
  return out;
}

std::uint64_t cache_quota() {
  constexpr std::uint64_t usual = std::uint64_t{5} << 30U;
  const std::string text = environment_variable("TENON_CACHE_SIZE").value_or("");
  if (text.empty()) return usual;
  std::string_view digits = text;
  unsigned shift = 0;
  constexpr std::string_view units = "KMGT";
  if (const std::size_t unit = units.find(digits.back()); unit != units.npos) {
    shift = 10 * (static_cast<unsigned>(unit) + 1);
    digits.remove_suffix(1);
  }
  const auto number = parse_number(digits);
  return number ? *number << shift : usual;
}

}  // namespace tenon
