#include "notarize/run/disk_spool.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

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
    return window_.hold(TENON_TRY(map_file(file_.readable())));
  }

 private:
  Replacement file_;
  MappedOnly& window_;
};

}  // namespace

void MappedOnly::add(std::span<const std::byte> bytes) {
  const std::scoped_lock hold(lock_);
  mapped_.push_back(bytes);
}

void MappedOnly::remove(std::span<const std::byte> bytes) {
  const std::scoped_lock hold(lock_);
  const auto found = std::ranges::find_if(mapped_, [&](std::span<const std::byte> each) {
    return each.data() == bytes.data() && each.size() == bytes.size();
  });
  if (found != mapped_.end()) mapped_.erase(found);
}

FileTree::Content MappedOnly::hold(Mapping mapping) {
  auto owner = std::make_shared<Mapping>(std::move(mapping));
  const ByteView view = owner->view();
  return hold(FileTree::Content{view, std::move(owner)});
}

FileTree::Content MappedOnly::hold(FileTree::Content content) {
  const std::span<const std::byte> bytes = content.bytes.bytes();
  add(bytes);
  // Before the addresses can be used for something else, they are forgotten here. Not a null
  // pointer: a weak pointer to one looks as if it were gone.
  std::shared_ptr<const void> known(
      this, [this, bytes, inner = std::move(content.owner)](const void*) { remove(bytes); });
  return {content.bytes, std::move(known)};
}

Result<FileTree::Content> WindowTree::read(const std::string& path) {
  return window_.hold(TENON_TRY(tree_.read(path)));
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
