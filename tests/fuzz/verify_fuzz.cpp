// The verifier on any bytes: it ends, says why what is invalid is so, and finds nobody to trust:
// no input can hold a signature of a root that is given here.
#include <cstddef>
#include <cstdint>

#include "codesign/verify/verify.h"

namespace {

using namespace tenon;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void check(const codesign::Verdict& judgement) {
  require(judgement.state < codesign::State::unknown || !judgement.causes.empty());
  for (const codesign::Cause& cause : judgement.causes) {
    require(!cause.code.empty() && !cause.message.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  codesign::VerifyOptions options;
  options.trust.trust_apple = false;
  options.trust.now = 1790000000;
  const auto verdict = codesign::verify_file(ByteView(data, size), options);
  if (!verdict) return 0;
  for (const codesign::SliceVerdict& slice : verdict->slices) {
    check(slice.integrity);
    check(slice.identity);
    check(slice.trust);
    require(slice.trust.state != codesign::State::valid);
    require(slice.is_signed() || slice.identity.state == codesign::State::absent);
  }
  return 0;
}
