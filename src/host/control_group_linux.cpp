#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/process_sample.h"
#include "base/text.h"
#include "host/control_group.h"
#include "host/proc_files.h"
#include "host/procfs.h"

namespace tenon {
namespace {

using procfs::proc_text;

std::optional<std::uint64_t> number_of(const std::string& file) {
  const auto value = proc_text(file);
  return value ? parse_number(trim(*value)) : std::nullopt;
}

std::uint64_t named(const std::string& text, std::string_view name) {
  return procfs::named_number(text, name).value_or(0);
}

// "10000 100000" or "max 100000" in the newer form of control groups, two files in the older one.
void read_quota(ProcessorGroup& out, const std::string& folder, bool unified) {
  if (!unified) {
    out.quota_us = number_of(folder + "cpu.cfs_quota_us");  // -1, no limit, is no number here
    out.period_us = number_of(folder + "cpu.cfs_period_us").value_or(0);
    return;
  }
  const auto text = proc_text(folder + "cpu.max");
  if (!text) return;
  const auto words = split_words(*text);
  if (words.size() != 2) return;
  out.quota_us = parse_number(words[0]);
  out.period_us = parse_number(words[1]).value_or(0);
}

std::optional<ProcessorGroup> group_at(const std::string& base, const std::string& path,
                                       bool unified) {
  const std::string folder = base + (path == "/" ? "" : path) + "/";
  const auto text = proc_text(folder + "cpu.stat");
  if (!text) return std::nullopt;
  ProcessorGroup out{.path = path};
  read_quota(out, folder, unified);
  if (!out.quota_us) return std::nullopt;
  out.periods = named(*text, "nr_periods");
  out.held_back = named(*text, "nr_throttled");
  return out;
}

}  // namespace

void read_memory_group(MemorySample& out, int process) {
  const auto text = proc_text(procfs::of(process, "cgroup"));
  if (!text) return;
  const auto group = procfs::parse_group(*text, "memory");
  if (group.path.empty()) return;
  const std::string base = group.unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
  const std::string folder = base + (group.path == "/" ? "" : group.path) + "/";
  if (group.unified) {
    out.group_used = number_of(folder + "memory.current");
    out.group_limit = number_of(folder + "memory.max");
    if (const auto events = proc_text(folder + "memory.events")) {
      out.group_hits = named(*events, "high") + named(*events, "max");
      out.group_kills = named(*events, "oom_kill");
    }
    return;
  }
  out.group_used = number_of(folder + "memory.usage_in_bytes");
  out.group_limit = number_of(folder + "memory.limit_in_bytes");
  out.group_hits = number_of(folder + "memory.failcnt").value_or(0);
  if (const auto control = proc_text(folder + "memory.oom_control")) {
    out.group_kills = named(*control, "oom_kill");
  }
}

std::optional<ProcessorGroup> processor_group(int process) {
  const auto text = proc_text(procfs::of(process, "cgroup"));
  if (!text) return std::nullopt;
  const auto group = procfs::parse_group(*text, "cpu");
  std::optional<ProcessorGroup> out;
  std::string path = group.path;
  for (int depth = 0; depth < 16 && !path.empty(); ++depth) {
    const std::string base = group.unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu";
    const auto one = group_at(base, path, group.unified);
    if (one && (!out || one->held_back > out->held_back)) out = one;
    if (path == "/") break;
    path.resize(path.rfind('/'));
    if (path.empty()) path = "/";
  }
  return out;
}

}  // namespace tenon
