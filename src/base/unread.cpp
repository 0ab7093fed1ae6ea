#include "base/unread.h"

#include <string>
#include <system_error>

#include "base/result.h"

namespace tenon {

std::string unread_reason(const Error& error) {
  std::string out = error.what;
  // Without a system call the text says all.
  if (error.os_errno != 0) {
    out += ": ";
    out += std::generic_category().message(error.os_errno);
  }
  return out;
}

}  // namespace tenon
