#include "bench/run/subject.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/path.h"
#include "base/shown.h"
#include "bench/results/results.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "format/elf/layout.h"
#include "format/macho/macho.h"
#include "host/files.h"
#include "host/mapping.h"
#include "host/process.h"
#include "host/processors.h"
#include "host/system.h"
#include "machine/probe/probe.h"
#include "machine/snapshot.h"
#include "machine/snapshot_data.h"
#include "platform/platforms.h"

namespace tenon::bench {
namespace {

std::unexpected<Finding> wrong(const std::string& path, const std::string& reason) {
  return std::unexpected(
      make_finding(Code::usage_unreadable_input, {{"path", path}, {"reason", reason}}, path));
}

std::uint16_t number16(std::string_view bytes, std::size_t at, bool big) {
  const auto one = static_cast<unsigned char>(bytes[at]);
  const auto two = static_cast<unsigned char>(bytes[at + 1]);
  return static_cast<std::uint16_t>(big ? one << 8U | two : two << 8U | one);
}

const Processor* processor_of(std::string_view head) {
  constexpr std::size_t machine_at = 18;
  if (head.size() < 20 || !head.starts_with("\x7f"
                                            "ELF"))
    return nullptr;
  const bool big = static_cast<unsigned char>(head[5]) == elf::ELFDATA2MSB;
  const int bits = static_cast<unsigned char>(head[4]) == elf::ELFCLASS64 ? 64 : 32;
  return processor_of_elf(number16(head, machine_at, big), bits, big);
}

// GOARCH of this machine itself, also when this process is translated.
std::string machine_arch() {
  if (translated_process().value_or(false)) return "arm64";
  return std::string(goarch_of(system_name().machine));
}

bool runs_natively(std::string_view arch, const std::string& machine) {
  if (arch == machine) return true;
  const Processor* own = find_processor(machine);
  return own != nullptr && own->also_runs == arch;
}

void set_linux_execution(std::string_view head, const Processor& processor,
                         const std::string& machine, Subject& out) {
  out.side.arch = std::string(processor.goarch);
  if (runs_natively(processor.goarch, machine)) {
    out.side.execution = "native";
    return;
  }
  if (const auto program = foreign_interpreter(std::string(head))) {
    out.side.execution = "emulated (" + std::string(base_name(*program)) + ")";
    return;
  }
  for (const std::string& name :
       {std::string(processor.qemu) + "-static", std::string(processor.qemu)}) {
    const auto found = processor.qemu.empty() ? std::nullopt : find_program(name);
    if (!found) continue;
    out.prefix = {*found};
    out.side.execution = "emulated (" + name + ")";
    return;
  }
  out.side.execution = "not known";
}

void set_mac_execution(ByteView file, const std::string& machine, Subject& out) {
  const auto slices = macho::slices(file);
  if (!slices) return;
  std::string any;
  for (const auto& slice : *slices) {
    const Processor* processor = processor_of_macho(slice.cputype);
    if (processor == nullptr) continue;
    any = std::string(processor->goarch);
    if (any == machine) break;
  }
  out.side.arch = any;
  out.side.execution = any == machine ? "native" : "translated (Rosetta)";
}

std::string number_text(double value) { return shown_format("{:.1f}", value).text(); }

}  // namespace

Outcome<Subject> look_at_program(const std::string& name) {
  const auto found = find_program(name);
  if (!found) return wrong(name, "there is no such program, or it may not be executed");
  const std::string path = real_path(*found).value_or(*found);
  const auto mapping = map_file(path);
  if (!mapping) return wrong(name, mapping.error().what);
  const auto bytes = mapping->view().bytes();
  Subject out;
  out.side.label = name;
  // The name decides for programs with many names; a relative one must not depend on the folder.
  out.side.path = found->starts_with('/') ? *found : join_path(current_folder(), *found);
  out.side.sha256 = hex(sha256(bytes));
  out.side.size = static_cast<std::int64_t>(bytes.size());
  const std::string_view head(reinterpret_cast<const char*>(bytes.data()),
                              std::min<std::size_t>(bytes.size(), 256));
  const std::string machine = machine_arch();
  if (head.starts_with("#!")) {
    out.side.arch = "script";
    out.side.execution = "native";
  } else if (const Processor* processor = processor_of(head)) {
    set_linux_execution(head, *processor, machine, out);
  } else {
    set_mac_execution(mapping->view(), machine, out);
  }
  return out;
}

Machine this_machine_facts() {
  const ProcessorFacts facts = processor_facts();
  return {system_name().system, machine_arch(), facts.kernel,  facts.model,
          facts.count,          facts.memory,   facts.governor};
}

Moment this_moment() {
  const ProcessorMoment moment = processor_moment();
  return {today(), static_cast<std::uint32_t>(std::max(0.0, moment.load) * 100), moment.throttles,
          moment.frequency_mhz};
}

Data machine_snapshot() {
  SnapshotRequest request;
  request.c = SnapshotRequest::Try::nothing;
  Snapshot snapshot = take_snapshot(this_machine(), request);
  mask_snapshot(snapshot, environment_variable("HOME").value_or(""),
                environment_variable("USER").value_or(""));
  return snapshot_data(snapshot);
}

std::vector<Finding> noise_findings(const Machine& machine, const Moment& before,
                                    const Moment& after) {
  std::vector<Finding> out;
  const auto add = [&](std::string what) {
    out.push_back(make_finding(Code::bench_noisy_machine, {{"what", std::move(what)}}, "machine"));
  };
  const double load = before.load_percent / 100.0;
  if (machine.processors != 0 && load > 0.5 * machine.processors) {
    add("the load was " + number_text(load) + " on " + std::to_string(machine.processors) +
        " processors before the measurement began");
  }
  if (!machine.governor.empty() && machine.governor != "performance") {
    add("the governor " + machine.governor + " changes the frequency of the processor");
  }
  if (before.throttles && after.throttles && *after.throttles > *before.throttles) {
    add("the processors were throttled " + std::to_string(*after.throttles - *before.throttles) +
        " times during the measurement");
  }
  return out;
}

std::vector<int> usual_processors() {
  std::vector<int> allowed = processor_facts().allowed;
  if (allowed.size() < 2) return {};
  allowed.erase(allowed.begin());
  return allowed;
}

}  // namespace tenon::bench
