// From a failing command to one that passes: which repair to try after each run.
//
// The first repair of the first failure that has one and that was not tried goes first. Where the
// failure is still there after it, the repair is dropped and its next rival is tried; where it is
// gone, the repair is kept, also if another failure has come out behind it. When nothing is known
// for that one, the last repair that was kept may have led there: it is dropped, and the rivals of
// its own failure are tried. What was installed stays. Pure: who runs the command tells the
// outcome.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/answer.h"
#include "diagnose/fixes/env_setting.h"
#include "diagnose/fixes/repair.h"

namespace tenon {

struct RepairRound {
  std::size_t line = 0;  // of the failure, in the log of that run
  std::string text;      // of that line
  std::string kind;      // its class
  Repair repair;
  std::string_view result;  // see below
};

inline constexpr std::string_view repair_pending = "pending";
inline constexpr std::string_view repair_passed = "passed";
inline constexpr std::string_view repair_helped = "helped";        // this failure is gone
inline constexpr std::string_view repair_no_effect = "no effect";  // it is still there
inline constexpr std::string_view repair_refused = "failed";       // a command of it failed
inline constexpr std::string_view repair_dead_end = "dead end";    // led to one without repair

class RepairLoop {
 public:
  RepairLoop(RepairsAllowed allowed, std::size_t most) : allowed_(allowed), most_(most) {}

  // The outcome of the last repair, then the next one to try; nothing when none is known.
  void failed(explain::Answer answer);
  [[nodiscard]] std::optional<Repair> next(const RepairMachine& machine);
  // A command of the repair failed: nothing ran again.
  void refused();
  void passed();

  // Of the repairs that are kept, and of the one being tried.
  [[nodiscard]] Environment environment() const;
  [[nodiscard]] const std::vector<RepairRound>& rounds() const { return rounds_; }
  [[nodiscard]] bool spent() const { return rounds_.size() >= most_; }
  // The kept repairs, in order.
  [[nodiscard]] std::vector<Repair> kept() const;

 private:
  struct Taken {
    std::size_t round = 0;
    explain::Answer answer;  // that it is for
    std::string failure;     // its key
  };

  [[nodiscard]] std::optional<Repair> untried(const explain::Answer& answer,
                                              const RepairMachine& machine);
  void drop_last(std::string_view result);

  RepairsAllowed allowed_;
  std::size_t most_;
  std::vector<RepairRound> rounds_;
  std::vector<Taken> taken_;  // kept, and at the end the one being tried
  std::vector<Repair> tried_;
  std::optional<explain::Answer> answer_;  // of the last run
};

// What makes a failure of two runs the same one.
[[nodiscard]] std::string failure_key(const Failure& failure);

}  // namespace tenon
