#include "notarize/spool.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/result.h"

namespace tenon::notarize {
namespace {

class MemorySpoolFile final : public SpoolFile {
 public:
  Result<void> write(std::span<const std::byte> bytes) override {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return {};
  }
  Result<void> write_at(std::uint64_t offset, std::span<const std::byte> bytes) override {
    if (!ByteView(std::span<const std::byte>(bytes_)).contains(offset, bytes.size())) {
      return fail(Errc::invalid_argument, "written behind the end");
    }
    std::ranges::copy(bytes, bytes_.begin() + static_cast<std::ptrdiff_t>(offset));
    return {};
  }
  Result<FileTree::Content> finish() override {
    auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes_));
    return FileTree::Content{ByteView(std::span(*owner)), owner};
  }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace

Result<std::unique_ptr<SpoolFile>> MemorySpool::make(std::uint64_t /*size*/) {
  return std::make_unique<MemorySpoolFile>();
}

Result<void> Budget::take_bytes(std::uint64_t bytes) {
  if (bytes > bytes_) return fail(Errc::limit, "unpacks to more than 32 GiB");
  bytes_ -= bytes;
  return {};
}

Result<void> Budget::take_members(std::uint64_t members) {
  if (members > members_) return fail(Errc::limit, "has more than two million members");
  members_ -= members;
  return {};
}

}  // namespace tenon::notarize
