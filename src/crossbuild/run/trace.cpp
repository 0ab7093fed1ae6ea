#include "crossbuild/run/trace.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "crossbuild/trace.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {

namespace {
bool stopped = false;
}  // namespace

void stop_trace() { stopped = true; }

bool trace(const TraceRecord& record) {
  const auto path = environment_variable("TENON_TRACE");
  if (stopped || !path || path->empty()) return false;
  append_to_file(*path, trace_line(record));
  return true;
}

std::int64_t trace_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::vector<TraceRecord> read_trace(const std::string& path, std::size_t& offset) {
  const auto text = read_text(path);
  return text ? parse_trace(*text, offset) : std::vector<TraceRecord>();
}

}  // namespace tenon
