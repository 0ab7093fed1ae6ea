#include "base/demangle.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace tenon {

std::string demangle(std::string_view name) {
  constexpr std::size_t longest = 4096;
  std::string_view mangled = name;
  if (mangled.starts_with("__Z")) mangled.remove_prefix(1);
  if (!mangled.starts_with("_Z") || mangled.size() > longest) return std::string(name);
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(std::string(mangled).c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 && text ? std::string(text.get()) : std::string(name);
}

}  // namespace tenon
