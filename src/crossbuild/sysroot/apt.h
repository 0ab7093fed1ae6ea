// How apt is asked for the packages of another processor or release without changing the machine.
//
// apt reads the machine's own configuration: proxies, mirrors, keys, sources. Options give it
// another state, cache and list of installed packages (an empty one), all in a folder of ours, and
// the other architecture. For the release of the machine its sources serve as they are; for another
// release a list is written with the same addresses and the suites renamed. apt checks the
// signatures as always.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossbuild/sysroot/name.h"

namespace tenon {

// One source of the machine.
struct AptSource {
  std::string uri, suite;
};

// What `apt-get update --print-uris` would fetch first: "'URI/dists/SUITE/InRelease' FILE SIZE". It
// asks nobody, and reads both forms of source lists.
[[nodiscard]] std::vector<AptSource> parse_sources(std::string_view lines);

struct AptSources {
  bool own = false;   // the sources of the machine are for this release
  std::string list;   // else: the text of a list for it
  bool none = false;  // nothing of this distribution is among the sources
};

// `keyring`: the file that signs the distribution's releases; empty: those that apt trusts anyway.
[[nodiscard]] AptSources sources_for(const SysrootName& name, const std::vector<AptSource>& sources,
                                     std::string_view keyring);

// Options of every call. `list`: a file with sources; empty: those of the machine.
[[nodiscard]] std::vector<std::string> apt_options(const SysrootName& name,
                                                   const std::string& folder,
                                                   const std::string& list);

// A file that apt reads behind the machine's configuration: it takes away what would run programs
// after an update or fetch indexes that nobody reads.
[[nodiscard]] std::string_view apt_settings();
// The same, but the index of files (Contents) is fetched too. Its rows are those of apt-file.
[[nodiscard]] std::string apt_settings_with_contents();

struct AptPackage {
  std::string name, version, architecture;

  // As apt calls the file in its cache: "libcap2_1%3a2.66-4_arm64.deb".
  [[nodiscard]] std::string file() const;
};

// The packages that `apt-get --simulate install` would install.
[[nodiscard]] std::vector<AptPackage> parse_simulation(std::string_view output);

// The first complaints of apt, "E: ..." or "Err: ..."; empty when it made none.
[[nodiscard]] std::string apt_complaint(std::string_view output);
// What helps against what apt printed, in static text; empty when it is about the packages.
[[nodiscard]] std::string_view apt_remedy(std::string_view output);

// Whether this can be given to apt as the name of a package, with a version or without.
[[nodiscard]] bool is_package_name(std::string_view text);

}  // namespace tenon
