// A snapshot as Data and back. Values that are missing in the data, or of another kind, stay
// unknown: a snapshot of another release can be read.
#pragma once

#include <string>

#include "base/result.h"
#include "diag/report.h"
#include "machine/snapshot.h"

namespace tenon {

inline constexpr std::int64_t snapshot_schema = 1;

[[nodiscard]] Data snapshot_data(const Snapshot& snapshot);
// malformed for what is no snapshot, or one of a newer schema.
[[nodiscard]] Result<Snapshot> snapshot_from(const Data& data);

// The snapshot without the user's name and home folder: "~" and "user" stand for them in every
// text, as they do for other people's homes; without logins in addresses and values of keys that
// speak of a secret, for which "***" stands.
void mask_snapshot(Snapshot& snapshot, const std::string& home, const std::string& user);

}  // namespace tenon
