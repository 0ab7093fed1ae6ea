// Bytes of a library to the facts of the index.
//
// Rules: gABI chapter 4 (symbols of objects), chapter 5 (exports); ld's manual for what a script in
// the place of a library means. The machine is read from the members of an archive, not from its
// beginning, where a symbol table may fill more than any head.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "link/index/library.h"
#include "link/index/symbol_names.h"
#include "platform/platforms.h"

namespace tenon::link {

// The bytes of a member of a thin archive, by its path relative to the archive; valid as long as
// the call of read_library().
using OpenMember = std::function<Result<ByteView>(std::string_view name)>;

// Fills kind, state, machine, members, symbols, soname, needed and inputs of `library`, whose path,
// name and stamp the caller knows. What cannot be read makes the state unreadable and says why.
void read_library(ByteView bytes, const Platform& platform, const OpenMember& open_member,
                  SymbolNames& names, Library& library);

// An object of its own, as one member of an archive without a name.
void read_object(ByteView bytes, const Platform& platform, SymbolNames& names, Library& library);

}  // namespace tenon::link
