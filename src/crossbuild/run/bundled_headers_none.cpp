#include "crossbuild/run/bundled_headers.h"

namespace tenon {

BundledHeaders bundled_headers() { return {}; }

}  // namespace tenon
