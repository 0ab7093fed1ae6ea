#include <cstddef>
#include <span>

#include "crossbuild/run/bundled_headers.h"

// Of the C file that cmake/TenonTargets.cmake writes: C++ has no #embed yet.
extern "C" {
extern const unsigned char tenon_bundled_headers[];
extern const std::size_t tenon_bundled_headers_size;
extern const char tenon_bundled_headers_digest[];
}

namespace tenon {

BundledHeaders bundled_headers() {
  return {std::as_bytes(std::span(tenon_bundled_headers, tenon_bundled_headers_size)),
          tenon_bundled_headers_digest};
}

}  // namespace tenon
