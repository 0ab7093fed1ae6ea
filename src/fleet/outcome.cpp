#include "fleet/outcome.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/shown.h"
#include "diag/report.h"
#include "diag/wire.h"
#include "wire/values.h"

namespace tenon::fleet {
namespace {

constexpr std::int64_t millisecond = 1'000'000;

std::int64_t between(std::int64_t start, std::int64_t end) {
  return start > 0 && end > start ? (end - start) / millisecond : 0;
}

std::string text_of(const Data* data) {
  const auto* text = data == nullptr ? nullptr : std::get_if<std::string>(&data->value());
  return text == nullptr ? std::string() : *text;
}

// Each row of a list below an object.
template <class Do>
void each(const Data* data, std::string_view key, Do work) {
  const Data* list = data == nullptr ? nullptr : wire::find(*data, key);
  const auto* rows = list == nullptr ? nullptr : std::get_if<Data::Array>(&list->value());
  if (rows == nullptr) return;
  for (const Data& row : *rows) work(row);
}

std::string seconds_text(std::int64_t milliseconds) {
  return fmt::format("{:.1f}", static_cast<double>(milliseconds) / 1000);
}

}  // namespace

std::string_view state_name(CellState state) {
  switch (state) {
    case CellState::waiting: return "waiting";
    case CellState::queued: return "queued";
    case CellState::running: return "running";
    case CellState::fetching: return "fetching";
    case CellState::built: return "built";
    case CellState::failed: return "failed";
    case CellState::stopped: return "stopped";
  }
  return "waiting";
}

CellTimes times_of(const CellOutcome& cell) {
  const remote::Stamps& at = cell.stamps;
  CellTimes out;
  out.queued = between(at.queued, at.worker_start);
  out.fetch = between(at.fetch_start, at.fetch_end);
  out.execute = between(at.execute_start, at.execute_end);
  out.upload = between(at.upload_start, at.upload_end);
  out.all = between(cell.asked, cell.answered);
  return out;
}

GateSum gate_of(const Data& report) {
  GateSum out;
  each(wire::find(report, "data"), "outputs", [&](const Data& output) {
    each(&output, "gate", [&](const Data& row) {
      const std::string state = text_of(wire::find(row, "state"));
      if (state == "ok") {
        ++out.ok;
      } else if (state != "skipped") {
        ++out.bad;
      }
    });
  });
  return out;
}

bool is_fault_of_machine(const Data& report, std::string_view said) {
  // As cmd/go says it. A bus error: the linker maps its output, and the disk has no room for it.
  const auto ended = [](std::string_view text) {
    return text.contains("signal: killed") || text.contains("signal: bus error");
  };
  bool out = ended(said);
  each(&report, "findings", [&](const Data& finding) {
    out = out || text_of(wire::find(finding, "cause")).ends_with("/disk-full") ||
          ended(text_of(wire::find(finding, "message")));
    each(&finding, "evidence",
         [&](const Data& row) { out = out || ended(text_of(wire::find(row, "text"))); });
  });
  return out;
}

std::string reason_of(const CellOutcome& cell) {
  std::string out;
  each(&cell.report, "findings", [&](const Data& finding) {
    if (!out.empty() || text_of(wire::find(finding, "severity")) != "error") return;
    out = text_of(wire::find(finding, "message"));
  });
  if (out.empty()) out = fmt::format("tenon build ended with exit code {}", cell.exit_code);
  return out;
}

bool try_again(const remote::Failure& failure, int attempts, std::chrono::seconds since_first) {
  return failure.retry && failure.code != Errc::interrupted &&
         (attempts < most_attempts || since_first < longest_outage);
}

Shown table_of(const std::vector<CellOutcome>& cells) {
  std::size_t width = 4;
  for (const CellOutcome& cell : cells) width = std::max(width, Shown::of(cell.name).text().size());
  Shown out = shown_format("{:{}}  {:8}  {:>7}  {:>7}  {:>7}  {:>7}  gate\n", "cell", width,
                           "state", "queued", "fetch", "execute", "upload");
  for (const CellOutcome& cell : cells) {
    const CellTimes times = times_of(cell);
    const GateSum gate = gate_of(cell.report);
    out += shown_format("{:{}}  {:8}  {:>7}  {:>7}  {:>7}  {:>7}  ", cell.name, width,
                        cell.cached && cell.state == CellState::built
                            ? std::string("cached")
                            : std::string(state_name(cell.state)),
                        seconds_text(times.queued), seconds_text(times.fetch),
                        seconds_text(times.execute), seconds_text(times.upload));
    out += gate.bad > 0 ? shown_format("{} of {} bad\n", gate.bad, gate.ok + gate.bad)
                        : shown_format("{} ok\n", gate.ok);
    for (const CellOutput& output : cell.outputs) out += shown_format("  {}\n", output.path);
  }
  return out;
}

Shown status_of(const std::vector<CellOutcome>& cells) {
  std::array<int, 7> counts{};
  for (const CellOutcome& cell : cells) ++counts[static_cast<std::size_t>(cell.state)];
  const auto of = [&](CellState state) { return counts[static_cast<std::size_t>(state)]; };
  Shown out = shown_format("{} of {} built", of(CellState::built), cells.size());
  if (const int count = of(CellState::running)) out += shown_format(", {} running", count);
  if (const int count = of(CellState::queued)) out += shown_format(", {} queued", count);
  if (const int count = of(CellState::fetching)) out += shown_format(", {} fetching", count);
  if (const int count = of(CellState::failed) + of(CellState::stopped)) {
    out += shown_format(", {} failed", count);
  }
  return out;
}

std::vector<Shown> live_table_of(const std::vector<CellOutcome>& cells, std::int64_t now,
                                 std::size_t most) {
  constexpr std::array<CellState, 7> order{
      CellState::running, CellState::fetching, CellState::failed, CellState::stopped,
      CellState::queued,  CellState::waiting,  CellState::built};
  std::size_t width = 4;
  for (const CellOutcome& cell : cells) width = std::max(width, Shown::of(cell.name).text().size());
  std::vector<Shown> out{status_of(cells)};
  for (const CellState state : order) {
    for (const CellOutcome& cell : cells) {
      if (cell.state != state || out.size() > most) continue;
      const bool works = state == CellState::running || state == CellState::queued;
      const auto time = cell.entered > 0 ? between(cell.entered, now) : 0;
      out.push_back(shown_format("  {:8}  {:{}}  {:>8}", state_name(state), cell.name, width,
                                 works ? seconds_text(time) : std::string()));
    }
  }
  if (cells.size() > most) out.push_back(shown_format("  and {} more", cells.size() - most));
  return out;
}

Data data_of(const CellOutcome& cell) {
  Data out = Data::object();
  out.add("cell", cell.name);
  out.add("target", cell.cell.target);
  out.add("go", cell.cell.go);
  out.add("action", cell.action);
  Data arguments = Data::array();
  for (const std::string& argument : cell.arguments) arguments.push(argument);
  out.add("arguments", std::move(arguments));
  out.add("state", state_name(cell.state));
  if (cell.state == CellState::waiting) return out;
  out.add("cached", cell.cached);
  out.add("attempts", static_cast<std::int64_t>(cell.attempts));
  out.add("exit_code", static_cast<std::int64_t>(cell.exit_code));
  out.add("worker", cell.worker);
  const CellTimes times = times_of(cell);
  Data row = Data::object();
  row.add("queued_ms", times.queued);
  row.add("fetch_ms", times.fetch);
  row.add("execute_ms", times.execute);
  row.add("upload_ms", times.upload);
  row.add("all_ms", times.all);
  out.add("times", std::move(row));
  Data outputs = Data::array();
  for (const CellOutput& output : cell.outputs) {
    Data one = Data::object();
    one.add("path", output.path);
    one.add("sha256", output.sha256);
    one.add("size", static_cast<std::int64_t>(output.size));
    outputs.push(std::move(one));
  }
  out.add("outputs", std::move(outputs));
  out.add("report", cell.report);
  return out;
}

}  // namespace tenon::fleet
