// A fleet on this machine: store, database, scheduler and one worker, on loopback, in one folder;
// or the store alone, for a team that only shares its caches.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "diag/finding.h"
#include "diag/progress.h"

namespace tenon::fleet {

struct LocalSetting {
  std::string folder;
  std::string components;  // of scripts/setup.sh --fleet
  std::uint16_t port = 50551;
  bool worker = true;
  bool store_only = false;      // it has the port, and nothing else is started
  std::vector<std::string> go;  // of the worker
};

// A process that `up` started.
struct Component {
  std::string name;  // "store", "database", "scheduler", "worker"
  std::int64_t process = 0;
  std::uint64_t start = 0;  // which process the number meant: ticks since the machine started
};

struct LocalFleet {
  std::string address;
  std::string folder;
  std::vector<Component> components;

  // Whether it is a store that runs no actions.
  [[nodiscard]] bool store_only() const;
};

// /var/tmp/tenon-fleet-USER: on a disk, and where the user of the database can get to.
[[nodiscard]] std::string usual_folder();
// TENON_FLEET, TENON_TOOLS/fleet; empty where neither is set.
[[nodiscard]] std::string usual_components();

// Starts it all and waits until the worker is known, or the store answers. What had been started is
// stopped again when something fails.
[[nodiscard]] Outcome<LocalFleet> start_fleet(const LocalSetting& setting, Progress& progress);

// Of the list in the folder; nothing where there is none.
[[nodiscard]] std::optional<LocalFleet> read_fleet(const std::string& folder);
[[nodiscard]] bool lives(const Component& component);

// Stops the processes, in the order that lets each one finish, and removes the folder, or all of it
// but the store. Findings: what is still there.
[[nodiscard]] std::vector<Finding> stop_fleet(const LocalFleet& fleet, bool keep_store);

}  // namespace tenon::fleet
