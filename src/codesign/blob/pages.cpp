#include "codesign/blob/pages.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/layout.h"

namespace tenon::codesign {
namespace {

// Large enough that a thread seldom asks for more, small enough to stay in the cache while the
// second digest reads what the first one read.
constexpr std::uint64_t chunk_size = std::uint64_t{1} << 20U;

template <class Digest>
bool same(ByteView stored, const Digest& digest) {
  return !stored.empty() && stored.size() <= digest.size() &&
         std::memcmp(stored.data(), digest.data(), static_cast<std::size_t>(stored.size())) == 0;
}

bool matches(std::uint8_t hash_type, ByteView stored, std::span<const std::byte> bytes) {
  switch (hash_type) {
    case CS_HASHTYPE_SHA1: return same(stored, sha1(bytes));
    case CS_HASHTYPE_SHA384: return same(stored, sha384(bytes));
    default: return same(stored, sha256(bytes));
  }
}

class Walk {
 public:
  Walk(ByteView slice, std::span<const CodeDirectory* const> directories,
       const HashOptions& options)
      : slice_(slice), directories_(directories), options_(options), found_(directories.size()) {
    for (const CodeDirectory* cd : directories) limit_ = std::max(limit_, cd->code_limit);
  }

  std::vector<std::vector<std::uint64_t>> run() {
    const std::uint64_t chunks = (limit_ + chunk_size - 1) / chunk_size;
    {
      std::vector<std::jthread> helpers;
      const std::uint64_t wanted = std::min<std::uint64_t>(options_.threads, chunks);
      for (std::uint64_t i = 1; i < wanted; ++i) helpers.emplace_back([this] { work(); });
      work();
    }
    for (auto& pages : found_) std::ranges::sort(pages);
    return std::move(found_);
  }

 private:
  void work() {
    for (std::uint64_t at = next_.fetch_add(chunk_size); at < limit_;
         at = next_.fetch_add(chunk_size)) {
      const std::uint64_t end = std::min(limit_, at + chunk_size);
      // A chunk is a whole number of pages, so that each page belongs to one thread. What lies
      // behind the end of the slice is no page.
      const auto bytes = slice_.slice(at, std::min(end, std::max(at, slice_.size())) - at);
      if (bytes && options_.window != nullptr) options_.window->enter(bytes->bytes());
      for (std::size_t i = 0; i < directories_.size(); ++i) compare(i, at, end);
      if (bytes && options_.window != nullptr) options_.window->leave(bytes->bytes());
    }
  }

  void compare(std::size_t index, std::uint64_t at, std::uint64_t end) {
    const CodeDirectory& cd = *directories_[index];
    const std::uint64_t page = cd.page_size();
    for (std::uint64_t i = at / page; i < cd.code_slots && i * page < end; ++i) {
      const auto bytes = slice_.slice(i * page, std::min(page, cd.code_limit - i * page));
      if (bytes && matches(cd.hash_type, cd.code_hash(i), bytes->bytes())) continue;
      const std::lock_guard lock(mutex_);
      found_[index].push_back(i);
    }
  }

  ByteView slice_;
  std::span<const CodeDirectory* const> directories_;
  const HashOptions& options_;
  std::uint64_t limit_ = 0;
  std::atomic<std::uint64_t> next_ = 0;
  std::mutex mutex_;
  std::vector<std::vector<std::uint64_t>> found_;
};

}  // namespace

std::vector<std::vector<std::uint64_t>> differing_pages(
    ByteView slice, std::span<const CodeDirectory* const> directories, const HashOptions& options) {
  return Walk(slice, directories, options).run();
}

}  // namespace tenon::codesign
