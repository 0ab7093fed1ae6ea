// Verdicts of one cause, with the answer of Apple's Security framework to each way of being wrong.
#pragma once

#include <string>
#include <string_view>

#include "codesign/blob/os_status.h"
#include "codesign/verdict.h"

namespace tenon::cms {

using codesign::make_cause;
using codesign::State;
using codesign::Verdict;

[[nodiscard]] inline Verdict valid() { return {State::valid, {}}; }

[[nodiscard]] inline Verdict invalid(std::string_view code, std::string message, std::string where,
                                     OsStatus status = OS_SIGNATURE_FAILED) {
  return {State::invalid, {make_cause(code, std::move(message), std::move(where), status)}};
}

[[nodiscard]] inline Verdict unknown(std::string_view code, std::string message,
                                     std::string where) {
  return {State::unknown, {make_cause(code, std::move(message), std::move(where))}};
}

}  // namespace tenon::cms
