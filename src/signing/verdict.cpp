#include "signing/verdict.h"

#include <algorithm>
#include <utility>

namespace tenon::signing {

void Judgement::blame(State worse, Cause cause) {
  // States are in the order of their gravity, but for `none`.
  if (static_cast<int>(worse) > static_cast<int>(state)) {
    state = worse;
    causes.insert(causes.begin(), std::move(cause));
  } else {
    causes.push_back(std::move(cause));
  }
}

}  // namespace tenon::signing
