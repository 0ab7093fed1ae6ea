// The answers of Apple's Security framework to each way of being wrong.
#pragma once

#include <string>
#include <string_view>

#include "codesign/blob/os_status.h"
#include "codesign/cms/cms.h"

namespace tenon::identity {

[[nodiscard]] inline Cause make_cause(std::string_view code, std::string message, std::string where,
                                      OsStatus status = OS_SIGNATURE_FAILED) {
  return {std::string(code), std::move(message), std::move(where), std::string(status.name),
          status.number};
}

[[nodiscard]] inline Check valid() { return {State::valid, {}}; }

[[nodiscard]] inline Check invalid(std::string_view code, std::string message, std::string where,
                                   OsStatus status = OS_SIGNATURE_FAILED) {
  return {State::invalid, make_cause(code, std::move(message), std::move(where), status)};
}

[[nodiscard]] inline Check unknown(std::string_view code, std::string message, std::string where) {
  return {State::unknown, make_cause(code, std::move(message), std::move(where), OS_NONE)};
}

}  // namespace tenon::identity
