// Both ways to addresses, tried from this machine: Go's own, and libc's in a child process. These
// are the only calls of the room that send anything.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "resolve/decision.h"
#include "resolve/go_client.h"

namespace tenon::resolve {

struct TimedLookup {
  LookupResult result;
  std::uint64_t elapsed_ms = 0;
};

// Sends what the plan of `order` says.
[[nodiscard]] TimedLookup run_go(const Resolver& resolver, Order order, std::string_view name);

struct LibcLookup {
  LookupResult result;    // with the error as a Go program with cgo prints it
  std::string code;       // "EAI_NONAME"; empty when there are addresses
  bool deadline = false;  // it did not end in time
  int signal = 0;         // that ended it
  std::uint64_t elapsed_ms = 0;
};

// `program` is tenon's own path: the child is another tenon. The error is that of starting it.
[[nodiscard]] Result<LibcLookup> run_libc(const std::string& program, std::string_view name,
                                          const std::vector<std::string>& environment,
                                          std::chrono::milliseconds deadline);

// What the child prints: a line for the code, the errno and the text, then one for each address.
[[nodiscard]] std::string libc_child_text(const std::string& name);

}  // namespace tenon::resolve
