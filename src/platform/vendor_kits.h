// Libraries that no distribution packages: kits of their vendors, and where those install them.
#pragma once

#include <span>
#include <string_view>

namespace tenon {

struct VendorKit {
  std::string_view name;       // "CUDA"
  std::string_view headers;    // "cuda.h cublas_v2.h"; one that ends with '/' is a directory
  std::string_view libraries;  // "cuda cudart"
  // Where its installer puts them on Linux.
  std::string_view include_directory, library_directory;
};

// By a header or a library (without -l and lib); nullptr when it is of none.
[[nodiscard]] const VendorKit* vendor_kit_of(std::string_view name);

[[nodiscard]] std::span<const VendorKit> all_vendor_kits();

}  // namespace tenon
