// Go's own word: a helper is built with the Go that is installed, with the flags of the request,
// and asked for the order of names. Its lookups are cancelled before they begin: nothing is sent.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "resolve/inputs.h"

namespace tenon::resolve {

struct OracleAnswer {
  std::string go_version;  // "go1.26.8"
  std::string log;         // what Go printed with netdns=2
  std::string problem;     // why there is no log; empty: there is one
};

// The error is that of the work folder; `problem` says what Go could not do.
[[nodiscard]] Result<OracleAnswer> ask_oracle(const Inputs& inputs,
                                              const std::vector<std::string>& names);

}  // namespace tenon::resolve
