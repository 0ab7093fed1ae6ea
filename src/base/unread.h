// What a walk met and could not read. A command that judges is never "ok" with one of them.
#pragma once

#include <string>

#include "base/result.h"

namespace tenon {

struct Unread {
  std::string path;
  Error error;
};

// "cannot open the file: Permission denied"
[[nodiscard]] std::string unread_reason(const Error& error);

}  // namespace tenon
