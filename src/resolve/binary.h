// What a finished program says about its resolver: build information and how it is linked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inspect/artifact.h"
#include "resolve/inputs.h"

namespace tenon::resolve {

struct BinaryFacts {
  bool go = false;  // it has Go's build information
  Build build;
  std::string go_version;               // "go1.26.8"
  std::string linkage;                  // "static", "dynamic", as inspect has it
  std::string libc;                     // "glibc", "musl", "libSystem", "none"; empty: not known
  bool cgo_used = false;                // code of C is linked in
  std::optional<unsigned> glibc_minor;  // of a static glibc, by its own words: 36 for 2.36
  std::vector<std::string> unknown;     // what the file does not show, with the reason
};

// Of one slice.
[[nodiscard]] BinaryFacts binary_facts(const Artifact& slice);

}  // namespace tenon::resolve
