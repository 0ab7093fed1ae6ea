#include "diagnose/fixes/loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diagnose/answer.h"
#include "diagnose/failures/failure_class.h"
#include "diagnose/failures/failures.h"
#include "diagnose/fixes/env_setting.h"
#include "diagnose/fixes/repair.h"
#include "diagnose/log.h"

namespace tenon {
namespace {

// Numbers of lines, processes and temporary folders change from run to run.
std::string without_digits(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c >= '0' && c <= '9'; });
  return out;
}

// The packages of both in one command.
void merge_install(Repair& repair, const Repair& other) {
  const auto mine = packages_of(repair), theirs = packages_of(other);
  if (mine.empty() || theirs.empty() || !repair.env.empty() || !other.env.empty()) return;
  auto& words = repair.commands.back();
  for (const std::string& word : theirs) {
    if (std::ranges::find(mine, word) == mine.end()) words.push_back(word);
  }
}

// A command that failed has failed, also where no line of its output is known to tell of it: then
// its last lines do.
Failure last_lines(const explain::Answer& answer) {
  constexpr std::size_t most = 8;
  Failure out;
  out.causes = answer.candidates;
  for (const LogLine& line : answer.log.lines()) {
    if (line.text.empty()) continue;
    out.line = line.number;
    out.text = line.text;
    out.lines.push_back(line.number);
    if (out.lines.size() > most) out.lines.erase(out.lines.begin());
  }
  return out;
}

}  // namespace

std::string failure_key(const Failure& failure) {
  std::string out(class_name(failure.kind));
  // Which package meets a full disk first is chance.
  if (failure.kind == FailureClass::resource_exhausted) return out;
  for (const auto& [name, value] : failure.names) out += fmt::format("|{}={}", name, value);
  if (failure.names.empty()) out += "|" + without_digits(failure.text);
  return out + "|" + failure.package + "|" + failure.target;
}

void RepairLoop::failed(explain::Answer answer) {
  if (answer.failures.empty()) answer.failures.push_back(last_lines(answer));
  if (!taken_.empty() && rounds_[taken_.back().round].result == repair_pending) {
    const std::string& key = taken_.back().failure;
    const bool still = std::ranges::any_of(
        answer.failures, [&](const Failure& one) { return failure_key(one) == key; });
    if (still) {
      drop_last(repair_no_effect);
    } else {
      rounds_[taken_.back().round].result = repair_helped;
    }
  }
  answer_ = std::move(answer);
}

void RepairLoop::drop_last(std::string_view result) {
  rounds_[taken_.back().round].result = result;
  taken_.pop_back();
}

void RepairLoop::refused() {
  if (taken_.empty()) return;
  answer_ = std::move(taken_.back().answer);
  drop_last(repair_refused);
}

void RepairLoop::passed() {
  if (!taken_.empty()) rounds_[taken_.back().round].result = repair_passed;
}

std::optional<Repair> RepairLoop::untried(const explain::Answer& answer,
                                          const RepairMachine& machine) {
  for (const Failure& failure : answer.failures) {
    for (Repair& repair : repairs_of(failure, answer.log, machine, environment(), allowed_)) {
      if (std::ranges::find(tried_, repair) != tried_.end()) continue;
      tried_.push_back(repair);
      for (const Failure& other : answer.failures) {
        if (&other == &failure || packages_of(repair).empty()) continue;
        const auto more = repairs_of(other, answer.log, machine, environment(), allowed_);
        if (!more.empty()) merge_install(repair, more.front());
      }
      rounds_.push_back({failure.line, failure.text, std::string(class_name(failure.kind)), repair,
                         repair_pending});
      taken_.push_back({rounds_.size() - 1, answer, failure_key(failure)});
      return repair;
    }
  }
  return std::nullopt;
}

std::optional<Repair> RepairLoop::next(const RepairMachine& machine) {
  if (!answer_ || spent()) return std::nullopt;
  if (auto repair = untried(*answer_, machine)) return repair;
  while (!taken_.empty()) {
    const explain::Answer before = std::move(taken_.back().answer);
    drop_last(repair_dead_end);
    if (auto repair = untried(before, machine)) return repair;
  }
  return std::nullopt;
}

Environment RepairLoop::environment() const {
  Environment out;
  for (const Repair& repair : kept()) {
    for (const EnvSetting& one : repair.env) set(out, one);
  }
  return out;
}

std::vector<Repair> RepairLoop::kept() const {
  std::vector<Repair> out;
  for (const Taken& one : taken_) out.push_back(rounds_[one.round].repair);
  return out;
}

}  // namespace tenon
