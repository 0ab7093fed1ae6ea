#include <cstddef>
#include <span>

#include "base/result.h"
#include "crossbuild/run/archive.h"

namespace tenon {

bool reads_archives() { return false; }

Result<void> read_archive(std::span<const std::byte> /*archive*/, ArchiveVisitor& /*visitor*/) {
  return fail(Errc::unsupported, "this tenon was built without libarchive");
}

}  // namespace tenon
