// The Mac that a program is to start on, as far as it is at hand: a directory that stands for its
// root, and what is known of the libraries in its shared cache, which are on no disk since
// macOS 11.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "loader/macho/search.h"

namespace tenon::dyld {

// What a path leads to, links followed.
struct Found {
  enum class Kind : std::uint8_t { nothing, file, other, unreadable };
  Kind kind = Kind::nothing;
  std::string real_path;  // of a file or directory: its path without links
  ByteView bytes;         // valid as long as the owner
  std::shared_ptr<const void> owner;
  int error = 0;  // errno of `unreadable`
};

class Mac {
 public:
  Mac() = default;
  Mac(const Mac&) = delete;
  Mac& operator=(const Mac&) = delete;
  virtual ~Mac() = default;

  // `path` begins with a slash, or is relative to the directory that the program starts in.
  [[nodiscard]] virtual Found look(const std::string& path) = 0;
};

enum class InCache : std::uint8_t { yes, no, unknown };

// A library of the cache, and what is known of its exports.
struct CachedLibrary {
  std::set<std::string, std::less<>> exports;
  bool complete = false;  // it exports nothing else
};

struct SharedCache {
  std::map<std::string, CachedLibrary, std::less<>> libraries;  // by path
  bool complete = false;  // the list is that of a Mac: what is not in it is not in the cache
  std::string source;     // what told: "a list of a Mac's shared cache", "the stubs of an SDK"

  [[nodiscard]] InCache has(std::string_view path) const {
    if (libraries.contains(path)) return InCache::yes;
    if (complete || !may_be_in_cache(path)) return InCache::no;
    return InCache::unknown;
  }
};

}  // namespace tenon::dyld
