// /etc/resolv.conf as Go reads it, its oddities included. Source: src/net/dnsconfig_unix.go, the
// same in Go 1.21 to 1.27.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "resolve/config_file.h"

namespace tenon::resolve {

// A word that Go does not know: with cgo it leaves the lookup to libc.
struct UnknownWord {
  std::string word;
  std::size_t line = 0;  // from 1
  bool option = false;   // behind "options", else a keyword
};

struct ResolvConf {
  ConfigFile::State state = ConfigFile::State::missing;
  std::vector<std::string> servers;  // "192.0.2.1:53", at most 3; those of this machine when none
  bool default_servers = false;
  std::vector<std::string> search;  // each ends in a dot
  bool default_search = false;      // of the host name
  std::uint32_t ndots = 1;
  std::uint32_t timeout_s = 5;
  std::uint32_t attempts = 2;
  bool rotate = false, single_request = false, use_tcp = false, trust_ad = false, no_reload = false;
  std::vector<UnknownWord> unknown;
  std::vector<std::string> lookup;  // OpenBSD
  bool has_lookup = false;
  bool cut = false;  // a line of 64 KiB ended the file
};

// `hostname`: its part behind the first dot is searched where the file names nothing.
[[nodiscard]] ResolvConf parse_resolv_conf(const ConfigFile& file, std::string_view hostname);

}  // namespace tenon::resolve
