// The questions that a lookup puts to DNS, before any is sent: names, types, servers, attempts and
// the longest time that silent servers cost. Sources: nameList and tryOneName of
// src/net/dnsclient_unix.go; for glibc resolv/res_query.c and resolv/res_send.c.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "resolve/decision.h"
#include "resolve/resolv_conf.h"

namespace tenon::resolve {

struct QueryPlan {
  std::vector<std::string> names;  // fully qualified, in the order they are tried
  std::vector<std::string> servers;
  std::uint32_t attempts = 0;  // for each server
  std::uint64_t queries = 0;   // names x types A and AAAA: when each server answers at once
  std::uint64_t packets = 0;   // when none answers
  std::uint64_t worst_ms = 0;  // when none answers; a truncated answer can double it
  bool sequential = false;     // A, then AAAA (single-request)
  bool tcp = false;            // from the start (use-vc)
};

// Names that Go asks for, in their order; none for what is no domain name, and never .onion.
[[nodiscard]] std::vector<std::string> go_name_list(const ResolvConf& conf, std::string_view name);
// Of LookupHost through Go's resolver; empty when the order has no DNS. `minor` is that of Go.
[[nodiscard]] QueryPlan go_plan(const ResolvConf& conf, Order order, std::string_view name);
// Of getaddrinfo of glibc with the same file.
[[nodiscard]] QueryPlan glibc_plan(const ResolvConf& conf, std::string_view name);

}  // namespace tenon::resolve
