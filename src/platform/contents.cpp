#include "platform/contents.h"

#include <fmt/format.h>
#include <string.h>  // memmem

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "platform/packages.h"

namespace tenon {
namespace {

using Kind = SoughtFile::Kind;

// The part of a path behind the directory, when it lies in one.
bool take_front(std::string_view& path, std::string_view folder) {
  if (!path.starts_with(folder)) return false;
  path.remove_prefix(folder.size());
  return true;
}

// "x86_64-linux-gnu/" of Debian's multiarch.
void take_triplet(std::string_view& path) {
  const std::size_t slash = path.find('/');
  if (slash != path.npos && path.substr(0, slash).contains("-linux-gnu"))
    path.remove_prefix(slash + 1);
}

bool take_library_folder(std::string_view& path) {
  if (!take_front(path, "usr/lib/") && !take_front(path, "usr/lib64/") &&
      !take_front(path, "lib/") && !take_front(path, "lib64/"))
    return false;
  take_triplet(path);
  return true;
}

// 2: where a compiler looks by itself; 1: one directory below; 0: elsewhere.
int header_rank(std::string_view path, std::string_view header) {
  if (!path.ends_with(header) || !take_front(path, "usr/include/")) return 0;
  take_triplet(path);
  if (path == header) return 2;
  const std::string_view folder = path.substr(0, path.size() - header.size());
  return path.size() > header.size() && folder.find('/') == folder.size() - 1 ? 1 : 0;
}

int pc_rank(std::string_view path, std::string_view name) {
  if (!path.ends_with(".pc")) return 0;
  if (!take_front(path, "usr/share/") && !take_library_folder(path)) return 0;
  return take_front(path, "pkgconfig/") && path.substr(0, path.size() - 3) == name ? 2 : 0;
}

int library_rank(std::string_view path, std::string_view name) {
  const bool shared = path.ends_with(".so");
  if ((!shared && !path.ends_with(".a")) || !take_library_folder(path)) return 0;
  path.remove_suffix(shared ? 3 : 2);
  return take_front(path, "lib") && path == name ? 2 : 0;
}

int program_rank(std::string_view path, std::string_view name) {
  return (take_front(path, "usr/bin/") || take_front(path, "bin/")) && path == name ? 2 : 0;
}

int loaded_rank(std::string_view path, std::string_view name) {
  return take_library_folder(path) && path == name ? 2 : 0;
}

int rank_of(std::string_view path, const SoughtFile& file) {
  switch (file.kind) {
    case Kind::header: return header_rank(path, file.name);
    case Kind::pc: return pc_rank(path, file.name);
    case Kind::library: return library_rank(path, file.name);
    case Kind::program: return program_rank(path, file.name);
    case Kind::loaded: return loaded_rank(path, file.name);
  }
  return 0;
}

std::string needle(const SoughtFile& file) {
  switch (file.kind) {
    case Kind::header: return "/" + file.name;
    case Kind::pc: return fmt::format("/{}.pc", file.name);
    case Kind::library: return fmt::format("/lib{}.", file.name);
    case Kind::program:
    case Kind::loaded: break;
  }
  return "/" + file.name;
}

// Libraries without a development package lie in packages with programs, and are no answer to who
// compiles when one with headers has the same file.
bool better(std::string_view one, std::string_view other) {
  const bool dev = one.ends_with("-dev"), other_dev = other.ends_with("-dev");
  if (dev != other_dev) return dev;
  return std::pair(one.size(), one) < std::pair(other.size(), other);
}

// The table has what compilers look for.
const LibraryPackages* in_table(const SoughtFile& file) {
  const bool of_table = file.kind != Kind::program && file.kind != Kind::loaded;
  return of_table ? packages_of(file.name) : nullptr;
}

}  // namespace

const PackageOfFile* PackageLookup::find(std::string_view name) const {
  const auto at =
      std::ranges::find_if(found, [&](const PackageOfFile& one) { return one.file.name == name; });
  return at == found.end() ? nullptr : &*at;
}

ContentsSearch::ContentsSearch(std::vector<SoughtFile> wanted, Column column) {
  for (SoughtFile& file : wanted) {
    Wanted& one = wanted_.emplace_back();
    if (const LibraryPackages* known = in_table(file); known != nullptr) {
      const auto headers = split_words(known->headers);
      one.table = known->*column;
      one.by_name = !one.table.empty() && (file.kind != Kind::header ||
                                           std::ranges::find(headers, file.name) != headers.end());
    }
    needles_.push_back(needle(file));
    if (one.by_name) needles_.push_back("usr/share/doc/" + one.table);
    one.file = std::move(file);
  }
}

void ContentsSearch::offer(Wanted& wanted, int rank, std::string_view path,
                           std::string_view packages) {
  if (rank < wanted.rank) return;
  for (std::string_view package : split(packages, ',')) {
    package.remove_prefix(package.rfind('/') + 1);  // "universe/libdevel/libpcap0.8-dev"
    const bool first = rank > wanted.rank;
    const bool wins = wanted.package != wanted.table &&
                      (package == wanted.table || better(package, wanted.package));
    if (package.empty() || (!first && !wins)) continue;
    wanted.rank = rank;
    wanted.path = path;
    wanted.package = package;
  }
}

void ContentsSearch::line(std::string_view text) {
  const std::size_t end = text.find_last_of(" \t");
  if (end == text.npos) return;
  const std::string_view path = trim(text.substr(0, end)), packages = text.substr(end + 1);
  std::string_view of = path;
  const bool documents = take_front(of, "usr/share/doc/");
  for (Wanted& one : wanted_) {
    if (documents && one.by_name && of.substr(0, of.find('/')) == one.table) one.in_index = true;
    if (const int rank = rank_of(path, one.file); rank > 0) offer(one, rank, path, packages);
  }
}

void ContentsSearch::bytes(std::string_view part) {
  constexpr std::size_t enough = std::size_t{1} << 18U;
  rest_ += part;
  const std::size_t end = rest_.rfind('\n');
  if (end == rest_.npos || (rest_.size() < enough && !part.empty())) return;
  const std::string_view all = std::string_view(rest_).substr(0, end);
  for (const std::string& one : needles_) {
    for (std::size_t at = 0; at < all.size();) {
      const void* hit = memmem(all.data() + at, all.size() - at, one.data(), one.size());
      if (hit == nullptr) break;
      at = static_cast<std::size_t>(static_cast<const char*>(hit) - all.data());
      const std::size_t start = all.rfind('\n', at) + 1;  // 0 where there is none
      const std::size_t stop = std::min(all.find('\n', at), all.size());
      line(all.substr(start, stop - start));
      at = stop;
    }
  }
  rest_.erase(0, end + 1);
}

bool ContentsSearch::complete() const {
  return std::ranges::all_of(wanted_, [](const Wanted& one) {
    return one.rank == 2 && (!one.by_name || one.in_index || one.package == one.table);
  });
}

std::vector<PackageOfFile> ContentsSearch::answers() const {
  std::vector<PackageOfFile> out;
  for (const Wanted& one : wanted_) {
    if (one.rank > 0 && (!one.keeps_table() || one.package == one.table)) {
      out.push_back({one.file, one.package, one.path});
    } else if (one.keeps_table()) {
      out.push_back({one.file, one.table, {}});
    }
  }
  return out;
}

}  // namespace tenon
