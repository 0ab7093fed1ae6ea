#include "notarize/run/disk_spool.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/path.h"
#include "base/result.h"
#include "host/files.h"
#include "host/mapping.h"
#include "host/replacement.h"
#include "notarize/spool.h"

namespace tenon::notarize {
namespace {

constexpr std::uint64_t most_in_memory = std::uint64_t{1} << 20U;

class MappedSpoolFile final : public SpoolFile {
 public:
  MappedSpoolFile(Replacement file, MappedOnly& window) : file_(std::move(file)), window_(window) {}

  Result<void> write(std::span<const std::byte> bytes) override { return file_.write(bytes); }

  Result<void> write_at(std::uint64_t offset, std::span<const std::byte> bytes) override {
    return file_.write_at(offset, bytes);
  }

  Result<FileTree::Content> finish() override {
    auto mapping = std::make_shared<Mapping>(TENON_TRY(map_file(file_.readable())));
    const ByteView view = mapping->view();
    window_.add(view.bytes());
    return FileTree::Content{view, std::move(mapping)};
  }

 private:
  Replacement file_;
  MappedOnly& window_;
};

}  // namespace

void MappedOnly::add(std::span<const std::byte> bytes) {
  const std::scoped_lock hold(lock_);
  // Addresses are used again: an older range of them is gone.
  std::erase_if(mapped_, [&](std::span<const std::byte> each) {
    return each.data() < bytes.data() + bytes.size() && bytes.data() < each.data() + each.size();
  });
  mapped_.push_back(bytes);
}

bool MappedOnly::is_mapped(std::span<const std::byte> bytes) {
  const std::scoped_lock hold(lock_);
  return std::ranges::any_of(mapped_, [&](std::span<const std::byte> each) {
    return each.data() <= bytes.data() && bytes.data() + bytes.size() <= each.data() + each.size();
  });
}

void MappedOnly::enter(std::span<const std::byte> bytes) {
  if (is_mapped(bytes)) expect_mapped(bytes);
}

void MappedOnly::leave(std::span<const std::byte> bytes) {
  if (is_mapped(bytes)) release_mapped(bytes);
}

Result<std::unique_ptr<SpoolFile>> DiskSpool::make(std::uint64_t size) {
  if (size <= most_in_memory) return MemorySpool().make(size);
  if (!folder_) {
    folder_ =
        std::make_unique<TemporaryFolder>(TENON_TRY(make_temporary_folder("tenon-notarize-")));
  }
  ReplacementRequest request;
  request.path = join_path(folder_->path, "contents");
  request.mode = 0600;
  request.durable = false;
  request.independent = true;
  return std::make_unique<MappedSpoolFile>(TENON_TRY(Replacement::open(request)), window_);
}

}  // namespace tenon::notarize
