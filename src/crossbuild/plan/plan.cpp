#include "crossbuild/plan/plan.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/shell_word.h"
#include "diag/report.h"
#include "diag/wire.h"

namespace tenon {

std::string_view step_kind_name(Step::Kind kind) {
  switch (kind) {
    case Step::Kind::wrapper: return "wrapper";
    case Step::Kind::warm: return "warm";
    case Step::Kind::go: return "go";
  }
  return "go";
}

const Step* find_step(const SlicePlan& slice, Step::Kind kind) {
  const auto found = std::ranges::find(slice.steps, kind, &Step::kind);
  return found == slice.steps.end() ? nullptr : &*found;
}

ShellCommand command_of(const Step& step) {
  ShellCommand words;
  if (!step.environment.empty()) words.push_back("env");
  for (const std::string& setting : step.environment) {
    if (!setting.contains('=')) words.insert(words.end(), {"-u", ShellWord::of(setting)});
  }
  for (const std::string& setting : step.environment) {
    if (setting.contains('=')) words.push_back(ShellWord::again(setting));
  }
  for (const std::string& word : step.argv) words.push_back(ShellWord::again(word));
  return words;
}

Data plan_data(const Plan& plan) { return wire::write(plan); }

Result<Plan> plan_from(const Data& data) { return wire::read_as<Plan>(data); }

}  // namespace tenon
