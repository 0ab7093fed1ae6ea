// Why code does not meet a condition, in words. Not for other folders.
#pragma once

#include <string>
#include <string_view>

#include "base/lifetime.h"
#include "codesign/requirement/evaluate.h"

namespace tenon::requirement {

// Slots count from the leaf up, negative ones from the root down; nullptr beyond the chain.
[[nodiscard]] const CertificateFacts* certificate_at(const Context& context TENON_LIFETIMEBOUND,
                                                     std::int32_t slot);

// The field that `certificate[subject.X]` means; nullptr when it is missing or not known.
[[nodiscard]] const std::string* subject_field(
    const CertificateFacts& certificate TENON_LIFETIMEBOUND, std::string_view name);

// Of a condition that does not hold or cannot be decided: what was found in place of what it wants.
[[nodiscard]] std::string reason_of(const Expression& e, const Context& context);

}  // namespace tenon::requirement
