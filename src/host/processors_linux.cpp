#include <sched.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "host/files.h"
#include "host/processors.h"

namespace tenon {
namespace {

const std::string processor_folder = "/sys/devices/system/cpu/cpu";

std::string line_of(const std::string& path) {
  const auto text = read_text(path, 4096);
  return text ? std::string(trim(*text)) : std::string();
}

// "model name\t: Intel(R) ..."
std::string model_name() {
  const auto text = read_text("/proc/cpuinfo");
  if (!text) return {};
  for (const std::string_view line : split(*text, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = trim(line.substr(0, colon));
    if (key == "model name" || key == "Model" || key == "CPU part") {
      return std::string(trim(line.substr(colon + 1)));
    }
  }
  return {};
}

// Bytes of "\x7f" notation in hexadecimal.
std::string from_hex(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const auto byte = parse_number(text.substr(i, 2), 16);
    if (!byte) return {};
    out += static_cast<char>(*byte);
  }
  return out;
}

// An entry of binfmt_misc as the kernel prints it.
std::optional<std::string> interpreter_of(const std::string& entry, const std::string& magic) {
  std::string wanted;
  std::string mask;
  std::string interpreter;
  std::size_t offset = 0;
  bool enabled = false;
  for (const std::string_view line : split(entry, '\n')) {
    if (line == "enabled") enabled = true;
    if (line.starts_with("interpreter ")) interpreter = line.substr(12);
    if (line.starts_with("offset ")) offset = parse_number(line.substr(7)).value_or(0);
    if (line.starts_with("magic ")) wanted = from_hex(line.substr(6));
    if (line.starts_with("mask ")) mask = from_hex(line.substr(5));
  }
  if (!enabled || wanted.empty() || offset + wanted.size() > magic.size()) return std::nullopt;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const int bits = i < mask.size() ? mask[i] : 0xff;
    if (((magic[offset + i] ^ wanted[i]) & bits) != 0) return std::nullopt;
  }
  return interpreter;
}

}  // namespace

ProcessorFacts processor_facts() {
  ProcessorFacts out;
  out.model = model_name();
  out.count = static_cast<std::uint32_t>(::sysconf(_SC_NPROCESSORS_ONLN));
  struct sysinfo info{};
  if (::sysinfo(&info) == 0) {
    out.memory =
        static_cast<std::int64_t>(info.totalram) * static_cast<std::int64_t>(info.mem_unit);
  }
  struct utsname name{};
  if (::uname(&name) == 0) out.kernel = name.release;
  out.governor = line_of(processor_folder + "0/cpufreq/scaling_governor");
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0) {
    for (int i = 0; i < CPU_SETSIZE; ++i) {
      if (CPU_ISSET(static_cast<std::size_t>(i), &set)) out.allowed.push_back(i);
    }
  }
  return out;
}

ProcessorMoment processor_moment() {
  ProcessorMoment out;
  std::array<double, 1> load{};
  if (::getloadavg(load.data(), 1) == 1) out.load = load[0];
  const auto count = ::sysconf(_SC_NPROCESSORS_ONLN);
  for (long i = 0; i < count; ++i) {
    const auto throttles = parse_number(
        line_of(processor_folder + std::to_string(i) + "/thermal_throttle/core_throttle_count"));
    if (throttles)
      out.throttles = out.throttles.value_or(0) + static_cast<std::int64_t>(*throttles);
  }
  const auto khz = parse_number(line_of(processor_folder + "0/cpufreq/scaling_cur_freq"));
  if (khz) out.frequency_mhz = static_cast<std::uint32_t>(*khz / 1000);
  return out;
}

bool bind_to_processors(const std::vector<int>& processors) {
  if (processors.empty()) return true;
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int one : processors) {
    if (one >= 0 && one < CPU_SETSIZE) CPU_SET(static_cast<std::size_t>(one), &set);
  }
  return ::sched_setaffinity(0, sizeof set, &set) == 0;
}

std::int64_t peak_memory_unit() { return 1024; }

std::optional<std::string> foreign_interpreter(const std::string& magic) {
  const std::string folder = "/proc/sys/fs/binfmt_misc/";
  for (const std::string& name : search_folder(folder)) {
    if (name == "register" || name == "status") continue;
    const auto entry = read_text(folder + name, 16384);
    if (!entry) continue;
    if (auto found = interpreter_of(*entry, magic)) return found;
  }
  return std::nullopt;
}

}  // namespace tenon
