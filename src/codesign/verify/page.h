// The judgement as one page for a browser: bundle, file, slice, CodeDirectory and slot as a tree to
// fold. What is broken is red, what is unknown is gray, and both are said in words. No script runs.
#pragma once

#include <cstddef>
#include <string>

#include "codesign/verify/answer.h"

namespace tenon::codesign {

// Files and causes that a page lists; it counts the others.
inline constexpr std::size_t page_files = 1000;
inline constexpr std::size_t page_causes = 100;  // of one judgement

[[nodiscard]] std::string verify_page(const VerifyResult& result);

}  // namespace tenon::codesign
