#include "diagnose/rows/undefined_names.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "diagnose/origin.h"
#include "diagnose/rows/names.h"

namespace tenon::rows {
namespace {

// Errors that an unknown type brings with it where it is used.
bool follows_from_unknown(std::string_view text) {
  constexpr auto words = std::to_array<std::string_view>(
      {"too many errors", "has no field or method", "to return", "cannot infer", "is not a type",
       "invalid receiver", "in multiple assignment", "invalid recursive type"});
  return std::ranges::any_of(words, [&](std::string_view one) { return text.contains(one); });
}

// Systems and processors that few people build on: where one is set, it is another machine's.
bool is_foreign(const Log& log) {
  if (!log.build.host_goos.empty() && !log.goos.empty()) {
    const bool other_arch = !log.goarch.empty() && !log.build.host_goarch.empty() &&
                            log.goarch != log.build.host_goarch;
    return log.goos != log.build.host_goos || other_arch;
  }
  return (!log.goos.empty() && log.goos != "linux") ||
         (!log.goarch.empty() && log.goarch != "amd64");
}

// What declares another system's part of the standard library, or of what stands for it.
bool of_system_calls(std::string_view qualifier) {
  return qualifier == "syscall" || qualifier == "unix" || qualifier == "windows";
}

}  // namespace

bool target_leaves_names_out(const Log& log, Proof& proof) {
  if (!is_of(log.origin, "cross") || !is_foreign(log)) return false;
  const LogEvent* first = nullptr;
  for (const LogEvent& one : log.events) {
    if (one.kind == EventKind::go_name_undefined) {
      const std::string_view name = one.get("name");
      const std::string_view qualifier = name.substr(0, name.find('.'));
      const bool qualified = qualifier.size() != name.size();
      if (names_newer_go(name)) return false;
      if (qualified && (is_old_std_package(qualifier) || of_system_calls(qualifier))) return false;
      if (first == nullptr) first = &one;
    } else if (one.kind == EventKind::go_error) {
      if (first == nullptr || !follows_from_unknown(one.text)) return false;
    }
  }
  return first != nullptr && proof.take(first);
}

bool name_is_a_demand(const Log& log, Proof& proof) {
  constexpr auto words = std::to_array<std::string_view>(
      {"REQUIRE", "PLEASE", "MUST_", "NOT_SUPPORTED", "UNSUPPORTED", "require", "please_", "Please",
       "must_be", "must_use", "not_supported", "unsupported_", "_is_needed", "NEEDS_", "needs_"});
  return proof.take(log.event(EventKind::go_name_undefined, [&](const LogEvent& one) {
    const std::string_view name = one.get("name");
    // Several words in one name; those of an API have no underscores between them.
    return std::ranges::count(name, '_') >= 2 && !name.starts_with("C.") &&
           std::ranges::any_of(words, [&](std::string_view word) { return name.contains(word); });
  }));
}

}  // namespace tenon::rows
