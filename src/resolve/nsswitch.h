// The "hosts" database of /etc/nsswitch.conf as Go reads it. Source: src/net/nss.go, the same in Go
// 1.21 to 1.27.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "resolve/config_file.h"

namespace tenon::resolve {

struct NssCriterion {
  bool negated = false;
  std::string status, action;  // lower case: "notfound", "return"
};

struct NssSource {
  std::string name;  // "files", "mdns4_minimal"; "files\tdns" is one name for Go
  std::vector<NssCriterion> criteria;
  std::size_t line = 0;  // from 1

  // Whether Go takes the criteria for the default ones. What stands last and returns always passes.
  [[nodiscard]] bool standard() const;
};

struct Nsswitch {
  ConfigFile::State state = ConfigFile::State::missing;
  std::string problem;   // why the file is malformed, "no colon on line"; empty: it is not
  std::size_t line = 0;  // of the problem
  std::vector<NssSource> hosts;
  std::size_t lines = 0;  // that begin with "hosts:"; all of them add up
  bool cut = false;       // a line of 64 KiB ended the file
};

[[nodiscard]] Nsswitch parse_nsswitch(const ConfigFile& file);

}  // namespace tenon::resolve
