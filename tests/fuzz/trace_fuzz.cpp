// Recorded traces, and texts of the kernel: any bytes are read or refused, and what was read has an
// answer whose document is JSON again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "diag/render/render.h"
#include "trace/answer.h"
#include "trace/counters.h"
#include "trace/event.h"
#include "trace/program.h"
#include "trace/record_file.h"

namespace {

using namespace tenon;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto tally = trace::read_record(text)) {
    require(parse_data(render_data(trace::answer_data(*tally))).has_value());
    (void)trace::answer_text(*tally);
    (void)trace::findings_of(*tally);
  }
  (void)trace::parse_netstat(text);
  trace::Limits limits;
  (void)trace::parse_port_range(text, limits);
  require(trace::reserved_ports(text, limits) <= 65536 * (size + 1));
  (void)trace::parse_maps(text);
  const std::string clean = trace::clean_text(text);
  require(trace::clean_text(clean) == clean);
  for (const auto arch : {trace::Arch::amd64, trace::Arch::arm64}) {
    const auto at = trace::behind_stack_check(ByteView(data, size), arch);
    require(!at || *at <= 64);
  }
  return 0;
}
