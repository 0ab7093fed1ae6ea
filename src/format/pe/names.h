// Names of sections and symbols, of which longer ones lie in a string table. Private to format/pe.
#pragma once

#include <string_view>

#include "format/pe/pe.h"

namespace tenon::pe {

// 8 bytes, or "/123" or "//AAAAAA" for an offset in `strings`.
[[nodiscard]] std::string_view section_name(const SectionHeader& raw, ByteView strings);

// The table at `offset`, with `count` records and the strings behind them.
Result<void> read_symbols(ByteView bytes, std::uint64_t offset, std::uint64_t count, bool big,
                          const std::function<void(const Symbol&)>& sink);

}  // namespace tenon::pe
