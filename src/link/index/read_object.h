// One object file to its part of a library's symbols.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "format/elf/elf.h"
#include "link/index/library.h"
#include "link/index/symbol_names.h"
#include "platform/platforms.h"

namespace tenon::link {

struct ObjectFacts {
  enum class Kind : std::uint8_t { added, no_object, other_machine, unreadable };
  Kind kind = Kind::added;
  std::string machine;  // of other_machine
  std::string why;      // of unreadable
};

// Adds a member with its symbols to `library`, and sets `cxx` where it needs a C++ runtime.
[[nodiscard]] ObjectFacts add_object(ByteView bytes, const Platform& platform, SymbolNames& names,
                                     Library& library, std::string_view member);

[[nodiscard]] bool is_machine_of(const elf::Header& header, const Platform& platform);
// The GOARCH, or "machine 8" for one without.
[[nodiscard]] std::string machine_name(const elf::Header& header);

}  // namespace tenon::link
