// The files that a program's choice of a resolver depends on, with the error that opening them
// gives. Links are followed as the program would: inside of the root.
#pragma once

#include <cstddef>
#include <string>

#include "machine/probe/probe.h"
#include "machine/snapshot.h"

namespace tenon {

// `root` stands before every path, those in links too; empty: this machine. Never waits for a pipe.
[[nodiscard]] ResolverFile read_resolver_file(const std::string& root, const std::string& path,
                                              std::size_t limit = std::size_t{64} << 20U);

// Fills the facts of the resolver; of nsswitch.conf only what is about hosts is kept.
void probe_resolver(const MachineAccess& machine, NetworkState& out);

// Names of the environment that choose the resolver.
[[nodiscard]] const std::vector<std::string>& resolver_variable_names();

}  // namespace tenon
