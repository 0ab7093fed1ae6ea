// What the gate and the trace of a finished file mean for the user. Pure.
#pragma once

#include <optional>
#include <vector>

#include "crossbuild/build_output.h"

namespace tenon {

// Findings for the rows that failed or could not be checked, slice after slice.
[[nodiscard]] std::vector<Finding> gate_findings(const BuildOutput& output);
// Warnings from the trace of a link.
[[nodiscard]] std::vector<Finding> trace_findings(const BuildOutput& output);

// Why the program does not run: TN0612 when it failed, TN0613 when it could not be tried.
[[nodiscard]] std::optional<Finding> smoke_finding(const BuildOutput& output, const Target& target);

// TN0104 with what was going on: "compiling x.c".
[[nodiscard]] Finding interrupted_while(const std::string& subject, const Shown& doing);

}  // namespace tenon
