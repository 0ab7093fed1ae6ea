// CodeResources of a bundle on their way to the disk.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "codesign/resources/layout.h"
#include "host/disk_tree.h"
#include "host/replacement.h"

namespace tenon::codesign {

// The seal and the executable are two files, and each fits the other only. So both are written and
// checked beside the bundle; then the seal is put in place, and the executable right after it. When
// the executable cannot follow, the old seal comes back.
class Seal {
 public:
  // Writes `text` beside. Nothing has to be done when these are the bytes that are in place.
  [[nodiscard]] static Result<Seal> prepare(const std::string& root, DiskTree& tree,
                                            const resources::BundleLayout& layout,
                                            const std::string& text,
                                            const std::vector<std::string>& staging);

  [[nodiscard]] Result<ReplacementNotes> commit();
  // What was in place before commit(), or nothing.
  [[nodiscard]] Result<void> take_back();

 private:
  std::string root_, path_;
  std::vector<std::string> staging_;
  std::optional<std::string> old_;   // nullopt: there was none
  std::optional<Replacement> file_;  // nullopt: the old bytes are the new ones
};

}  // namespace tenon::codesign
