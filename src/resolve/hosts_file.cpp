#include "resolve/hosts_file.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "resolve/address.h"
#include "resolve/config_file.h"
#include "resolve/go_text.h"

namespace tenon::resolve {
namespace {

std::string absolute(std::string_view name) {
  std::string out = go_lower(name);
  if (out.contains('.') && !out.ends_with('.')) out += '.';
  return out;
}

}  // namespace

HostsAnswer find_host(const ConfigFile& file, std::string_view name) {
  HostsAnswer out;
  if (file.state != ConfigFile::State::text) return out;
  const std::string wanted = absolute(name);
  GoLines lines(file.text);
  while (const auto line = lines.next()) {
    const auto fields = go_fields(line->substr(0, line->find('#')));
    if (fields.size() < 2) continue;
    const auto address = parse_address(fields[0]);
    if (!address) continue;
    for (std::size_t i = 1; i < fields.size(); ++i) {
      if (absolute(fields[i]) != wanted) continue;
      if (out.addresses.empty()) out.canonical = absolute(fields[1]);
      out.addresses.push_back(address_text(*address));
      out.lines.push_back(lines.number());
    }
  }
  return out;
}

}  // namespace tenon::resolve
