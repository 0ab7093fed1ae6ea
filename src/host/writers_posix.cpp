#include <fcntl.h>

#include <string>

#include "host/descriptor.h"
#include "host/file_identity.h"
#include "host/os.h"
#include "host/writers.h"

namespace tenon {

bool nobody_writes(const std::string& path, const FileIdentity& state) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) return false;
  const auto now = file_identity(file.get());
  return now && *now == state && os::has_no_writer(file.get());
}

}  // namespace tenon
