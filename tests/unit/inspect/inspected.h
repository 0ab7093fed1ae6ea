// What inspect says of bytes, in the short forms that its tests compare.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>

#include "diag/codes.h"
#include "inspect/inspect.h"
#include "inspect/program_builder.h"

namespace tenon::test {

inline FileReport inspected(const std::string& bytes, const InspectOptions& options = {}) {
  auto report = inspect_file(view_of(bytes), options);
  REQUIRE(report.has_value());
  return *report;
}

inline Artifact only_slice(const std::string& bytes) {
  FileReport report = inspected(bytes);
  REQUIRE(report.slices.size() == 1);
  return report.slices.front();
}

// "value from source", "absent in source" or "unknown: why".
template <class T>
std::string said(const Fact<T>& fact) {
  std::string value;
  if constexpr (std::is_same_v<T, std::string>) {
    value = fact.value;
  } else if constexpr (std::is_same_v<T, bool>) {
    value = fact.value ? "yes" : "no";
  } else {
    value = std::to_string(fact.value);
  }
  switch (fact.state) {
    case FactState::known: return value + " from " + fact.source;
    case FactState::absent: return "absent in " + fact.source;
    case FactState::unknown: return "unknown: " + fact.why;
    case FactState::declined: return "declined: " + fact.why;
  }
  return "";
}

inline std::string hardened(const Artifact& slice, std::string_view name) {
  const auto found = std::ranges::find(slice.hardening, name, &HardeningFact::name);
  return found == slice.hardening.end() ? "none" : found->value;
}

// The value of the first remark with this code, "none" without one.
inline std::string remark(const FileReport& report, Code code) {
  const auto found = std::ranges::find(report.remarks, code, &ArtifactRemark::code);
  return found == report.remarks.end() ? "none" : found->value;
}

}  // namespace tenon::test
