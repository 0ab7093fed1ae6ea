// What Go prints with GODEBUG=netdns=1 and 2: predicted, and read from a log that somebody pastes.
// The sentences are those of initConfVal in src/net/conf.go; they changed with Go 1.24.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolve/decision.h"
#include "resolve/inputs.h"

namespace tenon::resolve {

// The lines of level 2 before any lookup, without line feeds.
[[nodiscard]] std::vector<std::string> predicted_head(const Inputs& inputs);

struct LoggedOrder {
  std::string name;
  std::string order;
  bool reverse = false;  // addrLookupOrder
  std::size_t line = 0;  // of the log, from 1
};

struct DebugLog {
  std::vector<LoggedOrder> orders;
  std::vector<std::string> head;  // sentences without "go package net: "
  std::optional<bool> net_go, net_cgo;
};

// Lines of other programs and text in front of the sentence (a time, a container's name) are passed
// over.
[[nodiscard]] DebugLog parse_debug_log(std::string_view text);

struct LogDifference {
  std::size_t line = 0;  // 0: of the head
  std::string logged, predicted;
  std::string what;  // "order of example.org"
  std::string why;   // what explains it most likely
};

// Where the log and the prediction do not agree; empty: they do.
[[nodiscard]] std::vector<LogDifference> compare_log(const DebugLog& log, const Resolver& resolver);

}  // namespace tenon::resolve
