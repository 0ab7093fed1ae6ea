// For a program with musl inside. Where the machine has glibc, glibc's getent asks it; elsewhere
// the libc is musl, and the one inside reads the same files in the same way.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "host/files.h"
#include "resolve/run/libc_child.h"

namespace tenon::resolve {
namespace {

bool machine_has_glibc() {
  for (const char* folder : {"/lib64", "/lib", "/usr/lib64", "/usr/lib"}) {
    const std::vector<std::string> names = search_folder(folder);
    if (std::ranges::any_of(names,
                            [](const std::string& name) { return name.starts_with("ld-linux"); })) {
      return true;
    }
  }
  return false;
}

}  // namespace

LibcChild libc_child(const std::string& program, std::string_view name) {
  if (!machine_has_glibc()) return {.argv = {program, "resolve_libc", "--", std::string(name)}};
  for (const char* getent : {"/usr/bin/getent", "/bin/getent"}) {
    if (!is_file(getent)) continue;
    // Go's call is without AI_ADDRCONFIG.
    return {.argv = {getent, "--no-addrconfig", "ahosts", "--", std::string(name)}, .getent = true};
  }
  return {};
}

}  // namespace tenon::resolve
