// The undefined symbols of a Mach-O link: what its objects, and just those members of its archives
// that a linker would take, leave open.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "platform/target.h"

namespace tenon {

// One input of the link. Borrows bytes and name.
struct LinkInput {
  std::string_view path;
  ByteView bytes;
  bool whole_archive = false;  // -force_load, -all_load
};

struct OpenSymbol {
  std::string_view name;
  std::string user;   // "libfoo.a(bar.o)" that first asked for it
  bool weak = false;  // every reference is weak
};

struct Closure {
  std::vector<OpenSymbol> open;  // in the order of first use
  // -framework and -l options that objects carry in LC_LINKER_OPTION, as written: "-framework X".
  std::set<std::vector<std::string>> auto_linked;
  // The newest deployment target of an object, and the object.
  Version newest_min;
  std::string newest_min_user;
  // The deployment target of Go's own object, go.o.
  Version go_min;
};

// What went wrong with one input.
struct InputProblem {
  std::string path;
  std::string found;  // "an ELF object for aarch64", "no slice for arm64"
};

struct ClosureResult {
  Closure closure;
  std::vector<InputProblem> problems;
};

// `cpu` is the target's CPU type. `roots` are symbols wanted from outside ("_main").
[[nodiscard]] ClosureResult close_over(const std::vector<LinkInput>& inputs, std::uint32_t cpu,
                                       const std::vector<std::string>& roots);

}  // namespace tenon
