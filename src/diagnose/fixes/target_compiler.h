// The C compiler for another machine, as Debian has it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {

struct TargetCompiler {
  std::string cc, cxx;                // "aarch64-linux-gnu-gcc"
  std::vector<std::string> packages;  // with the C library for the target
};

// Nothing where Debian has none for the target.
[[nodiscard]] std::optional<TargetCompiler> target_compiler(std::string_view goos,
                                                            std::string_view goarch);

}  // namespace tenon
