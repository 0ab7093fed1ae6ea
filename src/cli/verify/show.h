// Verdicts as text for people and as data for scripts. Not for other commands.
#pragma once

#include <string>

#include "codesign/verify/distribution.h"
#include "codesign/verify/verdict.h"
#include "diag/render/render.h"
#include "diag/report.h"

namespace tenon {

// What one path on the command line led to.
struct VerifyAnswer {
  std::string path;
  signing::FileVerdict file;  // of a bundle: its main executable
  std::vector<signing::FileVerdict> nested;
  std::string bundle;  // the bundle's layout; empty for a file
  std::uint64_t sealed = 0;
  bool ticket = false;
  std::optional<signing::Advice> advice;
};

// A slice as the contract has it, and everything else that is known of it.
[[nodiscard]] Data slice_verdict_data(const std::string& path, const signing::SliceVerdict& slice);
[[nodiscard]] Data nested_verdict_data(const signing::FileVerdict& nested);
[[nodiscard]] Data advice_data(const std::string& path, const signing::Advice& advice);
[[nodiscard]] Data causes_data(const std::vector<signing::Cause>& causes);

[[nodiscard]] std::string verdict_text(const VerifyAnswer& answer, bool verbose,
                                       const TextStyle& style);

}  // namespace tenon
