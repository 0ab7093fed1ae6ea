// How wide text is on a terminal.
#pragma once

#include <cstddef>
#include <string_view>

namespace tenon {

// Columns of valid UTF-8 without control characters: two for a character whose East Asian Width is
// wide or fullwidth (Unicode Standard Annex 11), none for a mark that combines with the one before
// it, one for every other. By blocks: a character that Unicode has not assigned is as its
// neighbours.
[[nodiscard]] std::size_t columns_of(std::string_view text);

}  // namespace tenon
