// The process that asks this machine's libc. A program that is linked with it is a child of its
// own; a static one has another libc inside, whose answer says nothing about the machine's. CMake
// takes libc_child_own.cpp or libc_child_machine.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tenon::resolve {

struct LibcChild {
  std::vector<std::string> argv = {};  // empty: there is no way to ask
  // getent(1) prints rows and an exit status; tenon's own child what libc_child_text() says.
  bool getent = false;
};

// `program` is tenon's own path.
[[nodiscard]] LibcChild libc_child(const std::string& program, std::string_view name);

}  // namespace tenon::resolve
