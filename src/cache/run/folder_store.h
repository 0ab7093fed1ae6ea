// The store in a private folder: blob/ab/REST and record/ab/REST, each written under a name of its
// own and renamed, so that a reader finds a whole one or none. What is read is marked as used by
// its time of change; sweep() takes the least lately used away.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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

  // Where a blob lies, whether it does or not.
  [[nodiscard]] std::string blob_path(const std::string& digest) const;
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  [[nodiscard]] std::string record_path(const std::string& key) const;

  std::string folder_;
  bool read_only_;
};

}  // namespace tenon
