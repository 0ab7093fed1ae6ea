// The processors of the machine, as far as they change a measurement.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tenon {

struct ProcessorFacts {
  std::string model;         // "AMD EPYC 7763 64-Core Processor"; empty: not told
  std::uint32_t count = 0;   // that are online
  std::int64_t memory = 0;   // bytes
  std::string kernel;        // release
  std::string governor;      // of the first processor; empty: none
  std::vector<int> allowed;  // numbers that this process may use; empty: not told
};

[[nodiscard]] ProcessorFacts processor_facts();

struct ProcessorMoment {
  double load = 0;                             // average of the last minute
  std::optional<std::int64_t> throttles;       // of all processors since the start of the system
  std::optional<std::uint32_t> frequency_mhz;  // of the first processor
};

[[nodiscard]] ProcessorMoment processor_moment();

// Binds the calling thread, and what it starts, to these; an empty list changes nothing. False
// where the system cannot or does not let us. Allocates nothing.
bool bind_to_processors(const std::vector<int>& processors);

// Bytes in a unit of ru_maxrss.
[[nodiscard]] std::int64_t peak_memory_unit();

// For a file of this processor that is not the machine's own: the program that the kernel starts
// for it (binfmt_misc of Linux), such as "/usr/bin/qemu-aarch64-static". `magic` is the beginning
// of the file.
[[nodiscard]] std::optional<std::string> foreign_interpreter(const std::string& magic);

}  // namespace tenon
