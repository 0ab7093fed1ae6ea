// Logs: any bytes are read and judged; every candidate has a cause and lines that exist.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "diagnose/causes/causes.h"
#include "diagnose/events/context.h"
#include "diagnose/events/scan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tenon;
  // Rules look at each line many times; what they do shows in small logs.
  constexpr std::size_t most = 2048;
  const std::string_view text(reinterpret_cast<const char*>(data), size < most ? size : most);
  const Log log = scan_log(text);
  for (const Candidate& candidate : explain_log(log)) {
    if (candidate.cause == nullptr) __builtin_trap();
    for (const std::size_t line : candidate.lines) {
      if (line == 0 || line > size + 1) __builtin_trap();
    }
  }
  if (log_context(log).tool.size() > 32) __builtin_trap();
  return 0;
}
