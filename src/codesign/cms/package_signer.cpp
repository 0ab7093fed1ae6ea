#include <algorithm>
#include <string_view>

#include "codesign/cms/cms.h"
#include "codesign/cms/package.h"
#include "codesign/verdict.h"

namespace tenon::cms {

State PackageSigner::state() const {
  return std::max({checksum.state, signature.state, chain.state});
}

std::string_view PackageSigner::why() const {
  for (const Verdict* each : {&checksum, &signature, &chain}) {
    if (each->state > State::valid) return each->cause().message;
  }
  return {};
}

}  // namespace tenon::cms
