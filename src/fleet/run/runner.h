// One action in a folder of its own: inputs in, `tenon` run, outputs out.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fleet/run/tools.h"
#include "wire/run/link.h"
#include "wire/values.h"

namespace tenon::fleet {

struct RunnerSetting {
  std::string folder;  // of the worker: work/, cache/, home/ lie in it
  std::vector<GoProgram> go;
  bool sandbox = false;  // by bubblewrap
  std::string worker;    // its name
};

struct RunnerEnd {
  int status = 0;  // google.rpc.Code
  std::string message;
  std::optional<remote::ActionResult> result;
};

// The words of bubblewrap that keep from a build what it has no use for: the list of users, in
// whose place is one that names the worker alone, and what the user keeps keys in. `folder`: the
// worker's.
[[nodiscard]] std::vector<std::string> hide_secrets(const std::string& folder);

// Whether so little is free there that a build would fail.
[[nodiscard]] bool disk_is_full(const std::string& folder);

// Whether bubblewrap can be used here.
[[nodiscard]] bool sandbox_works();

// Runs the action of a lease. Everything that it leaves in its folder is removed.
[[nodiscard]] RunnerEnd run_action(remote::Link& link, const remote::Lease& lease,
                                   const RunnerSetting& setting,
                                   const std::function<bool()>& go_on);

}  // namespace tenon::fleet
