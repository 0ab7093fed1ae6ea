#include <sys/sysctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "host/processors.h"

namespace tenon {

ProcessorFacts processor_facts() {
  ProcessorFacts out;
  std::array<char, 256> model{};
  std::size_t size = model.size() - 1;
  if (::sysctlbyname("machdep.cpu.brand_string", model.data(), &size, nullptr, 0) == 0) {
    out.model = model.data();
  }
  out.count = static_cast<std::uint32_t>(::sysconf(_SC_NPROCESSORS_ONLN));
  std::int64_t memory = 0;
  size = sizeof memory;
  if (::sysctlbyname("hw.memsize", &memory, &size, nullptr, 0) == 0) out.memory = memory;
  struct utsname name{};
  if (::uname(&name) == 0) out.kernel = name.release;
  return out;
}

ProcessorMoment processor_moment() {
  ProcessorMoment out;
  std::array<double, 1> load{};
  if (::getloadavg(load.data(), 1) == 1) out.load = load[0];
  return out;
}

// macOS has no call that binds a process to a processor.
bool bind_to_processors(const std::vector<int>& processors) { return processors.empty(); }

std::int64_t peak_memory_unit() { return 1; }

std::optional<std::string> foreign_interpreter(const std::string& /*magic*/) {
  return std::nullopt;
}

}  // namespace tenon
