#include "crossbuild/run/cache_audit.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/path.h"
#include "base/result.h"
#include "cache/run/folder_store.h"
#include "cache/run/usage_log.h"
#include "cache/usage.h"
#include "crossbuild/cache/key_parts.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

constexpr std::size_t largest_record = std::size_t{64} << 20U;
constexpr std::chrono::minutes longest_compile{60};

// The records that hold the parts of a compile's key.
Result<std::vector<PartsPair>> all_parts(const std::string& folder) {
  std::vector<PartsPair> out;
  for (const StoredFile& file : TENON_TRY(stored_files(folder))) {
    if (!file.path.contains("/record/")) continue;
    const auto text = read_text(file.path, largest_record);
    if (!text && text.error().code == Errc::not_found) continue;  // swept meanwhile
    if (!text) return std::unexpected(text.error());
    if (text->starts_with("compiler ")) out.push_back(parse_parts(*text));
  }
  return out;
}

std::string source_of(const KeyParts& parts) {
  for (const std::string& word : parts.words) {
    if (word.starts_with("source ")) return shown_portable(word.substr(7));
  }
  return {};
}

std::string folder_name(const KeyParts& parts) {
  for (const std::string& word : parts.words) {
    if (word.starts_with("-I ")) return shown_portable(word.substr(3));
  }
  return {};
}

bool ends_with_path(std::string_view path, std::string_view name) {
  while (name.ends_with('/')) name.remove_suffix(1);
  return path == name || (path.ends_with(name) && path.size() > name.size() &&
                          path[path.size() - name.size() - 1] == '/');
}

// The output of the command replaced.
std::vector<std::string> with_output(std::vector<std::string> argv, const std::string& output,
                                     const std::string& list) {
  for (std::size_t i = 0; i < argv.size(); ++i) {
    if (argv[i] == "-o" && i + 1 < argv.size()) {
      argv[i + 1] = output;
    } else if (argv[i].starts_with("-o") && argv[i].contains('/')) {
      argv[i] = "-o" + output;
    }
  }
  argv.insert(argv.end(), {"-MD", "-MF", list, "-MT", "o"});
  return argv;
}

// By file name.
std::map<std::string, std::vector<NotKept>> not_kept_by_source(
    const std::vector<UsageLine>& lines) {
  std::map<std::string, std::vector<NotKept>> out;
  for (const UsageLine& line : lines) {
    if (line.how != UsageLine::How::uncached || line.subject.empty()) continue;
    std::vector<NotKept>& rows = out[line.subject];
    const auto known = std::ranges::find_if(rows, [&](const NotKept& row) {
      return row.reason == line.reason && row.what == line.detail;
    });
    if (known == rows.end()) {
      rows.push_back({line.reason, line.detail, 1});
    } else {
      ++known->count;
    }
  }
  return out;
}

// Whether the sources of a compile are what they were.
bool same_sources(const KeyParts& parts) {
  return std::ranges::all_of(parts.files, [](const std::string& line) {
    constexpr std::size_t digest_size = 64;
    // Portable paths are those of generated files or of another checkout.
    if (line.size() <= digest_size + 1 || line[digest_size + 1] != '/') return true;
    const auto bytes = read_file(line.substr(digest_size + 1));
    return bytes && hex(sha256(bytes->view().bytes())) == line.substr(0, digest_size);
  });
}

}  // namespace

Result<std::vector<WhyAnswer>> why_missed(const std::string& folder, const std::string& name) {
  std::vector<WhyAnswer> out;
  auto not_kept = not_kept_by_source(TENON_TRY(read_usage(folder)));
  for (const PartsPair& pair : TENON_TRY(all_parts(folder))) {
    const std::string source = source_of(pair.newest);
    const std::string package = folder_name(pair.newest);
    if (!ends_with_path(source, name) && !ends_with_path(package, name) &&
        !ends_with_path(join_path(package, source), name)) {
      continue;
    }
    const std::string file(base_name(source));
    WhyAnswer answer{.source = package.empty() ? source : join_path(package, file),
                     .has_older = pair.has_older};
    if (pair.has_older) answer.differences = differences(pair.older, pair.newest);
    if (const auto known = not_kept.find(file); known != not_kept.end()) {
      answer.not_kept = known->second;
    }
    out.push_back(std::move(answer));
  }
  std::ranges::sort(out, {}, &WhyAnswer::source);
  if (!out.empty()) return out;
  if (const auto known = not_kept.find(std::string(base_name(name))); known != not_kept.end()) {
    out.push_back({.source = known->first, .kept = false, .not_kept = std::move(known->second)});
  }
  return out;
}

Result<AuditResult> audit_cache(const std::string& folder, std::size_t sample,
                                const std::function<bool()>& stop) {
  AuditResult out;
  FolderStore store(folder);
  for (const StoredFile& file : TENON_TRY(stored_files(folder))) {
    if (stop()) return fail(Errc::interrupted, "interrupted");
    const std::size_t at = file.path.find("/blob/");
    if (at == std::string::npos) continue;
    std::string digest = file.path.substr(at + 6);
    std::erase(digest, '/');
    ++out.blobs;
    const auto bytes = store.blob(digest);
    if (!bytes && bytes.error().code == Errc::malformed) out.broken.push_back(digest);
  }
  auto parts = TENON_TRY(all_parts(folder));
  std::ranges::shuffle(parts, std::mt19937(std::random_device()()));
  const TemporaryFolder scratch(TENON_TRY(make_temporary_folder("tenon-audit")));
  for (const PartsPair& pair : parts) {
    if (out.compiled >= sample) break;
    if (stop()) return fail(Errc::interrupted, "interrupted");
    const KeyParts& one = pair.newest;
    if (one.argv.empty() || !same_sources(one)) {
      ++out.skipped;
      continue;
    }
    const std::string object = scratch.path + "/o";
    Command command;
    command.argv = with_output(one.argv, object, scratch.path + "/d");
    command.directory = one.folder;
    command.deadline = longest_compile;
    const auto exit = run(command);
    const auto bytes = read_file(object);
    remove_tree(object);
    // Its source is gone, or the compiler is.
    if (!exit || !exit->ok() || !bytes) {
      ++out.skipped;
      continue;
    }
    ++out.compiled;
    if (hex(sha256(bytes->view().bytes())) != one.object) out.wrong.push_back(source_of(one));
  }
  return out;
}

}  // namespace tenon
