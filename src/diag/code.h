// Codes of what the product says. A code is public and stable, never used again, and has one entry
// in the catalogue: src/diag/catalog/AREA.toml for what commands find,
// src/diagnose/causes/TOPIC.toml for what logs betray. scripts/make_catalog.py makes C++ of both.
//
// The enumerators are named by slug, Code::cgo_flag_not_allowed, and stand in diag/codes.h: a file
// that names no code does not compile again when one is added.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tenon {

enum class Code : std::uint16_t;  // 0 is Code::none, the code of what has none
struct CodeEntry;                 // diag/catalog.h

// That of Code::none has empty texts.
[[nodiscard]] const CodeEntry& entry(Code code);
// "TN0204", "tn0204" or "cgo/flag-not-allowed"; nothing for what is neither.
[[nodiscard]] std::optional<Code> find_code(std::string_view code_or_slug);
// "TN0204"; "" of Code::none.
[[nodiscard]] std::string_view code_text(Code code);
// "cgo/flag-not-allowed"; "" of Code::none.
[[nodiscard]] std::string_view slug_of(Code code);

}  // namespace tenon
