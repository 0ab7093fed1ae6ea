// The .pc files of this machine.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "link/pc/repository.h"

namespace tenon {

class MachineFiles final : public pc::Files {
 public:
  [[nodiscard]] Result<std::string> read(const std::string& path) override;
  [[nodiscard]] std::vector<std::string> list(const std::string& folder) override;
  [[nodiscard]] std::optional<std::string> link_target(const std::string& path) override;
  [[nodiscard]] std::optional<std::string> identity(const std::string& folder) override;
};

}  // namespace tenon
