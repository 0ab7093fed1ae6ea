// Of a link that failed in a log: the sysroot that it took its libraries from, and its target.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diagnose/log.h"
#include "platform/target.h"

namespace tenon::explain {

struct LinkPlace {
  Target target;
  std::string sysroot;               // absolute, without links
  std::string name;                  // "debian:12/arm64", as its record says; empty without one
  std::vector<std::string> folders;  // of -L that are here, in order
  std::vector<std::string> named;    // X of -lX
};

// The sysroot is `root`, else what --sysroot gives in the command or, without a command, in the
// log. Nothing without one that is a directory here. The target: what the log or the command says,
// else that of the sysroot's record, else this machine's processor.
[[nodiscard]] std::optional<LinkPlace> link_place(const Log& log,
                                                  const std::vector<std::string>& command,
                                                  const std::string& root);

}  // namespace tenon::explain
