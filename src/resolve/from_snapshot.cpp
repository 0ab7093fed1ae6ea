#include "resolve/from_snapshot.h"

#include <cstddef>
#include <string>

#include "machine/snapshot.h"
#include "resolve/config_file.h"
#include "resolve/inputs.h"

namespace tenon::resolve {

ConfigFile config_of(const ResolverFile& file) {
  using State = ConfigFile::State;
  ConfigFile out;
  out.text = file.text;
  out.error = file.error;
  if (file.state == "text") out.state = State::text;
  if (file.state == "missing") out.state = State::missing;
  if (file.state == "permission") out.state = State::permission;
  if (file.state == "failed") out.state = State::failed;
  if (file.state == "folder") out.state = State::folder;
  if (out.state == State::unknown && out.error.empty()) out.error = "not in the snapshot";
  return out;
}

Machine machine_of(const NetworkState& network) {
  Machine out;
  out.resolv_conf = config_of(network.resolver_resolv);
  out.nsswitch = config_of(network.resolver_nsswitch);
  out.mdns_allow = config_of(network.resolver_mdns);
  out.hosts.error = out.host_conf.error = "not in the snapshot";
  if (network.hostname.known()) out.hostname = network.hostname.value;
  return out;
}

Environment environment_of(const NetworkState& network) {
  Environment out;
  out.known = network.resolver_variables.known();
  for (const std::string& entry : network.resolver_variables.value) {
    const std::size_t equals = entry.find('=');
    if (equals != entry.npos) out.variables[entry.substr(0, equals)] = entry.substr(equals + 1);
  }
  return out;
}

}  // namespace tenon::resolve
