#include "watch/memory.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/process_sample.h"
#include "watch/block.h"
#include "watch/role.h"

namespace tenon::watch {
namespace {

std::string percent(std::uint32_t hundredths) {
  return fmt::format("{}.{:02} %", hundredths / 100, hundredths % 100);
}

std::uint64_t risen(std::uint64_t before, std::uint64_t now) {
  return now > before ? now - before : 0;
}

// Pages that processes of the tree had to wait for, a second.
std::uint64_t fault_rate(const TreeSample& before, const TreeSample& now) {
  std::uint64_t faults = 0;
  for (const ProcessSample& process : now.processes) {
    const ProcessSample* old = find_process(before, process.id);
    if (old != nullptr) faults += risen(old->major_faults, process.major_faults);
  }
  const std::uint64_t ms = risen(before.at_ms, now.at_ms);
  return ms == 0 ? 0 : faults * 1000 / ms;
}

bool at_group_limit(const MemorySample& now) {
  return now.group_used && now.group_limit && *now.group_limit > 0 &&
         *now.group_used >= *now.group_limit / 100 * 95;
}

}  // namespace

// The bars: a machine that only uses its memory well shows less than a percent of pressure; one
// that thrashes shows tens. Reclaim of file pages at the limit of a container is normal and shows
// neither pressure nor faults.
std::optional<Shortage> memory_shortage(const TreeSample& before, const TreeSample& now) {
  if (!before.memory || !now.memory) return std::nullopt;
  const MemorySample& memory = *now.memory;
  const std::uint32_t some = memory.some.value_or(0);
  const std::uint32_t full = memory.full.value_or(0);
  const std::uint64_t faults = fault_rate(before, now);
  const std::uint64_t swapped = risen(before.memory->swapped_in, memory.swapped_in) +
                                risen(before.memory->swapped_out, memory.swapped_out);
  const bool low = memory.total_kib > 0 && memory.available_kib < memory.total_kib / 10;
  const bool group = at_group_limit(memory);
  const bool pressed = some >= 3000 || full >= 1000;
  const bool swaps = swapped >= 1000 && (low || some >= 1000);
  const bool group_pressed =
      group && memory.group_hits > before.memory->group_hits && (some >= 500 || faults >= 100);
  // Pressure of the whole machine that nobody here feels is another's trouble.
  const bool felt = faults >= 20 || low || group || swaps;
  if (!(group_pressed || swaps || (pressed && felt))) return std::nullopt;
  Shortage out;
  out.reason = group ? "its control group has no memory left" : "the machine is short of memory";
  if (swapped > 0) out.reason += " and swaps";
  if (memory.some) {
    out.evidence.push_back(
        fact("pressure on memory, last 10 s",
             fmt::format("some tasks waited {}, all tasks {}", percent(some), percent(full))));
  }
  out.evidence.push_back(
      fact("memory", fmt::format("{} of {} available", size_text(memory.available_kib * 1024),
                                 size_text(memory.total_kib * 1024))));
  if (group) {
    out.evidence.push_back(fact(
        "control group", fmt::format("{} of {} used, the limit was hit {} times meanwhile",
                                     size_text(*memory.group_used), size_text(*memory.group_limit),
                                     risen(before.memory->group_hits, memory.group_hits))));
  }
  if (swapped > 0) {
    out.evidence.push_back(fact("swap", fmt::format("{} pages in or out meanwhile", swapped)));
  }
  out.evidence.push_back(fact("pages fetched from disk", fmt::format("{} a second", faults)));
  return out;
}

}  // namespace tenon::watch
