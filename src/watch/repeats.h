// A loop that starts the same short programs until one of them succeeds. Internal.
#pragma once

#include <optional>

#include "watch/verdict.h"

namespace tenon::watch {

// nullopt: the samples do not show one for as long as the limit of silence.
[[nodiscard]] std::optional<Verdict> repeated(const Question& question);

}  // namespace tenon::watch
