// Snapshots of machines: any bytes are read or refused; what is read is judged, and written the
// same.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "diag/catalog.h"
#include "diag/render/render.h"
#include "machine/doctor/decide.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/targets.h"
#include "machine/snapshot_data.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tenon;
  const auto tree = parse_data({reinterpret_cast<const char*>(data), size});
  if (!tree) return 0;
  const auto snapshot = snapshot_from(*tree);
  if (!snapshot) return 0;
  const auto findings = diagnose_machine(*snapshot);
  for (const Finding& one : findings) {
    if (one.code == Code::none || one.evidence.empty()) __builtin_trap();
  }
  (void)doctor_groups(*snapshot, findings);
  (void)decisions(*snapshot);
  (void)target_fits(*snapshot);
  for (const CodeArea& topic : cause_topics()) {
    for (const Code code : topic.codes) {
      (void)decide_causes(*snapshot, std::array{slug_of(code)}, "zlib");
    }
  }
  const std::string written = render_data(snapshot_data(*snapshot));
  const auto again = parse_data(written);
  if (!again) __builtin_trap();
  const auto same = snapshot_from(*again);
  if (!same || render_data(snapshot_data(*same)) != written) __builtin_trap();
  return 0;
}
