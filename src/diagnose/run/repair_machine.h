// This machine, as repairs ask it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "diagnose/fixes/repair.h"
#include "host/files.h"
#include "machine/snapshot.h"

namespace tenon {

// Folders that were made for repairs; they go with it.
class ScratchFolders {
 public:
  // Empty where none can be made. `programs`: that programs can be started from.
  [[nodiscard]] std::string make(bool programs);
  [[nodiscard]] bool has(const std::string& path) const;

 private:
  [[nodiscard]] std::string take(std::string path, bool programs);

  std::vector<std::unique_ptr<TemporaryFolder>> folders_;
};

// `settings` and the folders outlive it.
[[nodiscard]] RepairMachine repair_machine(const SettingsState& settings, ScratchFolders& folders);

}  // namespace tenon
