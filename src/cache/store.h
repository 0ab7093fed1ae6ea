// Where results are kept by the digest of what they were made from: the interface that the folder
// of this machine implements (run/folder_store.h). The second home on the network
// (run/remote_store.h) is asked behind it, and fills it.
//
// Two kinds of things are kept. A blob is named after its own SHA-256, so that whoever reads it can
// tell whether it is the one. A record is a small text under a key of the caller's, of which any
// later one replaces the earlier.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tenon {

class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  // not_found when it is not there; malformed when the bytes are not those of the digest: such a
  // blob is taken out.
  [[nodiscard]] virtual Result<std::string> blob(const std::string& digest) = 0;
  // Returns the digest.
  [[nodiscard]] virtual Result<std::string> add_blob(std::string_view bytes) = 0;

  [[nodiscard]] virtual Result<std::string> record(const std::string& key) = 0;
  [[nodiscard]] virtual Result<void> set_record(const std::string& key, std::string_view text) = 0;
};

}  // namespace tenon
