// What `tenon doctor` answers: the groups, decisions and targets as text and as data.
#pragma once

#include <string>
#include <vector>

#include "base/shown.h"
#include "diag/report.h"
#include "machine/doctor/doctor.h"
#include "machine/snapshot.h"

namespace tenon {

struct DoctorStyle {
  bool unicode = true;
  bool verbose = false;  // every target, decision and setting, and what is unknown
};

[[nodiscard]] Shown doctor_text(const Snapshot& snapshot, const std::vector<DoctorGroup>& groups,
                                const std::vector<Decision>& decisions, const DoctorStyle& style);

// `facts`: with all of the snapshot.
[[nodiscard]] Data doctor_data(const Snapshot& snapshot, const std::vector<DoctorGroup>& groups,
                               const std::vector<Decision>& decisions, bool facts);

}  // namespace tenon
