// The verifier on any bytes: it ends, says why what is invalid is so, and finds nobody to trust:
// no input can hold a signature of a root that is given here.
#include <cstddef>
#include <cstdint>

#include "codesign/mapping/mapping.h"
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

// Whether the system would map it: texts for everything that is found, and no more than is asked.
void check_mapping(ByteView bytes) {
  for (const codesign::MapProblem& problem : codesign::map_problems(bytes)) {
    const codesign::Cause cause = codesign::cause_of(problem);
    require(!cause.code.empty() && !cause.message.empty() && !cause.where.empty());
    require(codesign::finding_code_of_cause(cause.code) == codesign::code_of(problem.fault));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_mapping(ByteView(data, size));
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
