#include "base/reason.h"

#include <string>
#include <system_error>

#include "base/result.h"

namespace tenon {

std::string reason_text(const Error& error) {
  std::string out = error.what;
  if (error.os_errno != 0) out += ": " + std::generic_category().message(error.os_errno);
  return out;
}

}  // namespace tenon
