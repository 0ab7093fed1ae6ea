// The store in a private folder: blob/ab/REST and record/ab/REST, each written under a name of its
// own in new/ and renamed, so that a reader finds a whole one or none. What is read is marked as
// used by its time of change; sweep() takes the least lately used away.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/result.h"
#include "cache/store.h"

namespace tenon {

class FolderStore final : public Store {
 public:
  // `folder` is private (host/private_folder.h); sub-folders are made when they are needed.
  explicit FolderStore(std::string folder, bool read_only = false)
      : folder_(std::move(folder)), read_only_(read_only) {}

  Result<std::string> blob(const std::string& digest) override;
  Result<std::string> add_blob(std::string_view bytes) override;
  Result<std::string> record(const std::string& key) override;
  Result<void> set_record(const std::string& key, std::string_view text) override;

  // To a file elsewhere, which gets the mode. Its size; nothing when it is not there or broken. The
  // error is about the file.
  [[nodiscard]] Result<std::optional<std::uint64_t>> copy_blob(const std::string& digest,
                                                               const std::string& to,
                                                               unsigned mode);
  // Where a file lies that is on its way into the store, or of use for a moment.
  [[nodiscard]] std::string staging() const { return folder_ + "/new"; }

  // Where a blob lies, whether it does or not.
  [[nodiscard]] std::string blob_path(const std::string& digest) const;
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  // Whether the bytes that were found are the blob's. One that is broken is taken out, a right one
  // is marked as used.
  [[nodiscard]] bool is_blob(const std::string& digest, const Sha256& found) const;
  [[nodiscard]] std::string record_path(const std::string& key) const;

  std::string folder_;
  bool read_only_;
};

}  // namespace tenon
