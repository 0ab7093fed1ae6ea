// Who speaks in a log, in which step of a build, for which target, of which package.
#pragma once

#include <string>
#include <string_view>

#include "diagnose/log.h"

namespace tenon {

// Each is empty when the log does not tell.
struct LogContext {
  std::string tool;   // that says the last word of trouble: "clang", "GNU ld", "go" ...
  std::string stage;  // "load packages", "cgo", "compile", "link", "start", "sign", "notarize",
                      // "resolve names", "pkg-config", "test", "run"
  std::string goos, goarch;  // of the target
  std::string package;       // import path that the trouble is in
};

[[nodiscard]] LogContext log_context(const Log& log);

}  // namespace tenon
