#include <string>
#include <string_view>

#include "resolve/run/libc_child.h"

namespace tenon::resolve {

LibcChild libc_child(const std::string& program, std::string_view name) {
  return {.argv = {program, "resolve_libc", "--", std::string(name)}};
}

}  // namespace tenon::resolve
