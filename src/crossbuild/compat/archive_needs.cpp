#include "crossbuild/compat/archive_needs.h"

#include <string.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/file_source.h"
#include "crossbuild/compat/glibc_names.h"
#include "crossbuild/driver/cc_config.h"
#include "platform/target.h"
#include "platform/toolchain.h"

namespace tenon {
namespace {

bool contains(ByteView bytes, std::string_view text) {
  return ::memmem(bytes.data(), bytes.size(), text.data(), text.size()) != nullptr;
}

// The name stands in the symbol strings of the archive: between two NULs.
bool uses_glibc_names(ByteView bytes) {
  return std::ranges::any_of(glibc_names(), [&](std::string_view name) {
    std::string whole(1, '\0');
    whole += name;
    whole += '\0';
    return contains(bytes, whole);
  });
}

}  // namespace

ArchiveNeeds archive_needs(const CcConfig& config, const std::vector<std::string>& archives,
                           FileSource& files) {
  ArchiveNeeds out;
  if (config.target.darwin() || config.target.windows() || config.toolchain.engine != Engine::zig)
    return out;
  // On 32 bits the *64 functions of glibc take other structures than musl's.
  const bool musl =
      config.target.libc == Libc::musl && config.target.platform->processor->bits == 64;
  for (const std::string& path : archives) {
    const auto bytes = files.open(path);
    if (!bytes) continue;
    if (musl && uses_glibc_names(*bytes)) out.glibc_users.push_back(path);
    out.unwinds = out.unwinds || contains(*bytes, "_Unwind_Resume");
  }
  return out;
}

}  // namespace tenon
