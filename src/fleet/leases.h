// What a worker makes of what the scheduler says: which work begins, which is given up, and what is
// told next time. Pure: the loop in run/ starts and stops what this says.
//
// Rules: Remote Workers API v1test2, bots.proto; and as BuildGrid 0.4 behaves.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wire/values.h"

namespace tenon::fleet {

class LeaseBook {
 public:
  struct Step {
    std::vector<remote::Lease> start;  // to be run, by id
    std::vector<std::string> stop;     // to be ended: nobody waits for it any more
  };

  // Of the scheduler's answer. A lease that is not known begins, whatever its state says: it comes
  // as ACTIVE where the scheduler has waited for work. One that is known and is cancelled, or is
  // no longer listed, is given up; one that was told as completed and is no longer listed is done.
  [[nodiscard]] Step take(const std::vector<remote::Lease>& answer);

  // The work has ended. Nothing happens for one that was given up meanwhile.
  void finish(const std::string& id, int status, std::string message,
              std::optional<remote::ActionResult> result);

  // No more work begins; what runs goes on.
  void drain() { draining_ = true; }

  // The scheduler does not know our session any more: all that ran is its to give to others.
  [[nodiscard]] std::vector<std::string> forget();

  // What to tell.
  [[nodiscard]] const std::vector<remote::Lease>& leases() const { return leases_; }

  [[nodiscard]] bool draining() const { return draining_; }

  // Work that runs.
  [[nodiscard]] bool busy() const;
  // Something that the scheduler has not heard of.
  [[nodiscard]] bool has_news() const;

 private:
  std::vector<remote::Lease> leases_;
  bool draining_ = false;
};

// google.rpc.Code, as far as a worker uses it. The scheduler gives work of the second and third
// kind to another worker.
inline constexpr int code_ok = 0;
inline constexpr int code_deadline = 4;
inline constexpr int code_precondition = 9;
inline constexpr int code_internal = 13;
inline constexpr int code_unavailable = 14;

// How the scheduler hears of a failure in the worker itself, as opposed to one of the action.
[[nodiscard]] int status_of(const remote::Failure& failure);

}  // namespace tenon::fleet
