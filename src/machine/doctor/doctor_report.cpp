#include "machine/doctor/doctor_report.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "diag/report.h"
#include "machine/doctor/targets.h"
#include "machine/snapshot_data.h"

namespace tenon {
namespace {

std::string_view mark(DoctorGroup::State state, bool unicode) {
  switch (state) {
    case DoctorGroup::State::ok: return unicode ? "✓" : "ok ";
    case DoctorGroup::State::note: return unicode ? "•" : "-  ";
    case DoctorGroup::State::warning: return unicode ? "!" : "!  ";
    case DoctorGroup::State::error: return unicode ? "✗" : "x  ";
    case DoctorGroup::State::unknown: return "?";
  }
  return "?";
}

std::string_view state_word(DoctorGroup::State state) {
  switch (state) {
    case DoctorGroup::State::ok: return "ok";
    case DoctorGroup::State::note: return "note";
    case DoctorGroup::State::warning: return "warning";
    case DoctorGroup::State::error: return "error";
    case DoctorGroup::State::unknown: return "unknown";
  }
  return "unknown";
}

// Other platforms: those that break, and all of them with -v.
Shown targets_text(const Snapshot& snapshot, bool all) {
  Shown out;
  for (const TargetFit& one : target_fits(snapshot)) {
    if (!all && one.state == TargetFit::State::pure) continue;
    out += shown_format("    for {}: {}\n", one.target, one.text);
  }
  return out;
}

Shown details_text(const Snapshot& snapshot, const std::vector<Decision>& list) {
  Shown out = "\n";
  for (const Decision& one : list) {
    out += shown_format("{} = {}: {} ({})\n", one.name, one.value.empty() ? "unknown" : one.value,
                        one.rule, one.where);
  }
  for (const Setting& one : snapshot.settings.list.value) {
    const bool told = std::ranges::find(list, one.name, &Decision::name) != list.end();
    if (!told && one.active) {
      out += shown_format("{} = {}: set ({})\n", one.name, one.value, one.where);
    }
  }
  return out;
}

Data texts_data(const std::vector<std::string>& list) {
  Data out = Data::array();
  for (const std::string& one : list) out.push(one);
  return out;
}

Data targets_data(const Snapshot& snapshot) {
  Data out = Data::array();
  for (const TargetFit& one : target_fits(snapshot)) {
    Data row = Data::object();
    row.add("target", one.target);
    row.add("state", target_state_name(one.state));
    row.add("packages", texts_data(one.packages));
    row.add("engines", texts_data(one.engines));
    row.add("needs", texts_data(one.needs));
    row.add("text", one.text);
    out.push(std::move(row));
  }
  return out;
}

}  // namespace

Shown doctor_text(const Snapshot& snapshot, const std::vector<DoctorGroup>& groups,
                  const std::vector<Decision>& decisions, const DoctorStyle& style) {
  Shown out;
  for (const DoctorGroup& group : groups) {
    out += shown_format("{} {:14} {}\n", mark(group.state, style.unicode), group.name, group.text);
    if (!style.verbose && group.state != DoctorGroup::State::unknown) continue;
    for (const std::string& one : group.unknown) {
      out += shown_format("    unknown: {}\n", one);
    }
  }
  out += targets_text(snapshot, style.verbose);
  if (style.verbose) out += details_text(snapshot, decisions);
  const auto count = [&](DoctorGroup::State state) {
    return std::ranges::count(groups, state, &DoctorGroup::state);
  };
  using State = DoctorGroup::State;
  out += shown_format("{} of {} groups ok, {} with errors, {} with warnings, {} unknown{}\n",
                      count(State::ok) + count(State::note), groups.size(), count(State::error),
                      count(State::warning), count(State::unknown),
                      style.verbose ? "" : "; -v shows all");
  return out;
}

Data doctor_data(const Snapshot& snapshot, const std::vector<DoctorGroup>& groups,
                 const std::vector<Decision>& decisions, bool facts) {
  Data out = Data::object();
  Data rows = Data::array();
  for (const DoctorGroup& group : groups) {
    Data row = Data::object();
    row.add("name", group.name);
    row.add("state", state_word(group.state));
    row.add("text", group.text);
    row.add("unknown", texts_data(group.unknown));
    rows.push(std::move(row));
  }
  out.add("groups", std::move(rows));
  Data chosen = Data::array();
  for (const Decision& one : decisions) {
    Data row = Data::object();
    row.add("name", one.name);
    row.add("value", one.value.empty() ? Data() : Data(one.value));
    row.add("rule", one.rule);
    row.add("where", one.where);
    chosen.push(std::move(row));
  }
  out.add("decisions", std::move(chosen));
  out.add("targets", targets_data(snapshot));
  if (facts) out.add("facts", snapshot_data(snapshot));
  return out;
}

}  // namespace tenon
