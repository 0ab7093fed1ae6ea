// Which Go a command here runs: the one fact that everything about a release reads.
//
// The go command on PATH is not always the one that builds. GOTOOLCHAIN (environment, `go env -w`,
// go.env of the GOROOT) can name another release, and by default the go and toolchain lines of
// go.work, else of go.mod, raise it; that one comes from PATH, from the module cache or from a
// proxy. The rules are those of cmd/go/internal/toolchain.
#pragma once

#include <optional>
#include <string>

#include "machine/snapshot.h"

namespace tenon {

struct RunningGo {
  enum class State {
    unknown,
    runs,       // it is here
    downloads,  // the next go command has to fetch it
    refused,    // no go command works here; `why`
  };
  State state = State::unknown;
  std::string version;  // "go1.26.8"
  std::string program;  // empty unless it is here
  std::string rule;     // "go.mod wants it", "GOTOOLCHAIN"
  std::string where;    // "default", "the environment", a file
  std::string why;
  bool local = true;   // it is the one on PATH
  bool older = false;  // refused because go.mod wants a newer one, and nothing may choose that
  std::string wanted;  // the go line that is too new for it
  // It builds such a module all the same, and fails only where the code needs more.
  bool tries = false;
};

[[nodiscard]] RunningGo running_go(const Snapshot& snapshot);

// Why no module can be downloaded here, whatever the network is like; nothing when one may be.
struct ProxyRefusal {
  std::string setting;  // "GOPROXY=off"
  std::string where;
  std::string why;  // "GOPROXY is off"
};

[[nodiscard]] std::optional<ProxyRefusal> proxy_refusal(const Snapshot& snapshot);

// Whether the next go command here has to download something; false when that is not known.
[[nodiscard]] bool must_download(const Snapshot& snapshot);

}  // namespace tenon
