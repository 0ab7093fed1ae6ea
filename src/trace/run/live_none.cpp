// A build without libbpf: recorded traces are read, nothing is traced.
#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "base/result.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "trace/run/live.h"

namespace tenon::trace {

bool can_trace(std::string& why) {
  why = "it was made without libbpf";
  return false;
}

Result<void> join_network(std::uint32_t /*process*/) {
  return fail(Errc::unsupported, "this build has no networks");
}

Outcome<std::unique_ptr<Live>> start_live(const LiveWish& /*wish*/) {
  std::string why;
  (void)can_trace(why);
  return std::unexpected(make_finding(Code::trace_not_built, {{"reason", why}}, "tenon trace net"));
}

}  // namespace tenon::trace
