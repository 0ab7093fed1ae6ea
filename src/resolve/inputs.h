// What Go's choice of a resolver depends on, as values: the program, its environment, the files and
// the name of the machine. What nobody told is marked as such and never guessed in silence.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "resolve/config_file.h"
#include "resolve/nsswitch.h"
#include "resolve/resolv_conf.h"

namespace tenon::resolve {

// A release of Go: minor 26 is Go 1.26. The rules are those of 1.21 to 1.27; an older one is
// answered by those of 1.21, a newer one by those of 1.27, and the answer says so.
struct GoRelease {
  unsigned minor = 26;
  bool known = false;  // the caller named it

  static constexpr unsigned oldest = 21, newest = 27;
};

// "1.23", "go1.23.4", "1.27rc1", "go1.26.8 X:nocoverageredesign"; nullopt for what is no release.
[[nodiscard]] std::optional<unsigned> parse_go_release(std::string_view text);

// How the program was built.
struct Build {
  std::string goos = "linux";
  bool cgo = true;                     // CGO_ENABLED
  bool cgo_known = false;              // else it is assumed
  bool netgo = false, netcgo = false;  // build tags
  bool tags_known = false;
  std::string default_godebug;  // DefaultGODEBUG of the build info
  GoRelease go;
};

// The value of -tags, or of GOFLAGS: names separated by commas or blanks.
void read_tags(std::string_view text, Build& out);

// Whether GOOS is one that Go knows.
[[nodiscard]] bool known_goos(std::string_view goos);
// Whether the resolver of the C library is compiled in (cgoAvailable). It needs no cgo on macOS,
// iOS, Windows and Plan 9.
[[nodiscard]] bool libc_compiled_in(const Build& build);

// The environment that the process was started with.
struct Environment {
  std::map<std::string, std::string, std::less<>> variables;
  bool known = false;

  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  }

  [[nodiscard]] std::string_view text(std::string_view name) const {
    return get(name).value_or(std::string_view());
  }
};

// Fields of net.Resolver that the source sets; no file shows them.
struct ResolverFields {
  bool prefer_go = false;
  bool dial = false;
};

struct Machine {
  ConfigFile resolv_conf, nsswitch, hosts, host_conf;
  ConfigFile mdns_allow;                // only its state counts
  std::optional<std::string> hostname;  // nullopt: not known
  bool hostname_is_ours = false;        // this machine's, for want of another one
};

struct Inputs {
  Build build;
  Environment environment;
  ResolverFields fields;
  Machine machine;
};

}  // namespace tenon::resolve
