// The answer about one name: the decision, what was assumed for it, where the addresses would come
// from, and the questions that DNS would get.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "diag/report.h"
#include "resolve/decision.h"
#include "resolve/hosts_file.h"
#include "resolve/query_plan.h"

namespace tenon::resolve {

struct NameAnswer {
  std::string name;
  Decision decision;
  std::vector<std::string> assumptions;  // sentences, each about an input that nobody told
  bool literal = false;                  // an IP address: no resolver is used at all
  HostsAnswer hosts;                     // what Go finds in /etc/hosts
  QueryPlan plan;                        // of Go, or of glibc when `plan_of` says so
  std::string_view plan_of;              // "go", "glibc"; empty: no queries
};

[[nodiscard]] NameAnswer answer_for_name(const Resolver& resolver, std::string_view name);

// One sentence: why this resolver.
[[nodiscard]] Shown reason_sentence(const Decision& decision);

// "libc" or "go"; "unknown".
[[nodiscard]] std::string_view mode_word(Order order);

// What each call of package net uses: LookupHost by the order, LookupTXT always Go's client.
struct CallAnswer {
  std::string_view call;
  std::string resolver;  // "go", "libc", "libc, then go"
  std::string note;
};

[[nodiscard]] std::vector<CallAnswer> answers_for_calls(const Resolver& resolver,
                                                        std::string_view name);

[[nodiscard]] Data name_data(const NameAnswer& answer);
[[nodiscard]] Data call_data(const std::vector<CallAnswer>& calls);
[[nodiscard]] Data input_data(const Resolver& resolver);
[[nodiscard]] Shown name_text(const NameAnswer& answer);
[[nodiscard]] Shown call_text(const std::vector<CallAnswer>& calls);

}  // namespace tenon::resolve
