// The lists of PE images. Private to engine/inspect.
#pragma once

#include "engine/inspect/tables.h"

namespace tenon::inspect {

Result<void> pe_symbols(ByteView bytes, SymbolList list, const SymbolSink& sink);
[[nodiscard]] Result<std::vector<SectionRow>> pe_sections(ByteView bytes);

}  // namespace tenon::inspect
