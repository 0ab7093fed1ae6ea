#include "platform/vendor_kits.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "platform/packages.h"

using namespace tenon;

TEST_CASE("vendor kits: by header and by library") {
  REQUIRE(vendor_kit_of("cuda_runtime.h") != nullptr);
  CHECK(vendor_kit_of("cuda_runtime.h") == vendor_kit_of("cudart"));
  REQUIRE(vendor_kit_of("tensorflow/c/c_api.h") != nullptr);
  CHECK(vendor_kit_of("tensorflow/c/c_api.h")->name == "TensorFlow for C");
  CHECK(vendor_kit_of("stdio.h") == nullptr);
  CHECK(vendor_kit_of("hip") == nullptr);
  CHECK(vendor_kit_of("") == nullptr);
}

TEST_CASE("vendor kits: no distribution's package has what a kit has") {
  for (const VendorKit& one : all_vendor_kits()) {
    CAPTURE(one.name);
    CHECK(one.include_directory.starts_with("/"));
    CHECK(one.library_directory.starts_with("/"));
    for (const auto header : split_words(one.headers)) {
      if (!header.ends_with('/')) CHECK(packages_of(header) == nullptr);
    }
    for (const auto library : split_words(one.libraries)) CHECK(packages_of(library) == nullptr);
  }
}
