// Which libraries a program needs, found from symbols and not from what .pc files say.
//
// From beginning to end: the objects of the program, and archives that are taken whole, leave
// symbols open. Each is resolved by the first library that has it, in this order:
//   1. a library that is in the closure already
//   2. an archive that a module names, in the order of the modules
//   3. the C library and the compiler's own, which every link has
//   4. an archive of a library that libX.so of the asking libX.a lists as needed
//   5. the C++ runtime
//   6. a shared library that a module names, or that 4. would give
//   7. the archive that has the most of what is open, then the shared library that has
// An archive whose objects need a symbol that nobody has is put aside for its shared library, and
// the search begins again. Weak references and what the linker makes (linker_made.h) are not
// missing. The rules of ld for archives hold: a strong reference takes the first object that
// defines the symbol, and a weak one takes none.
//
// Ownership: the result refers to libraries by their number in the index.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "link/index/library.h"
#include "link/index/library_index.h"

namespace tenon::link {

enum class Mode : std::uint8_t {
  static_only,  // every library is an archive
  hybrid,       // archives where there are any; the C library and the rest shared
  as_is,        // as a usual link: shared libraries where there are any
};

struct ClosureRequest {
  Mode mode = Mode::hybrid;
  std::vector<const Library*> objects;  // of the program, read by read_object()
  std::vector<std::uint32_t> whole;     // archives of which every object is taken
  std::vector<std::uint32_t> kept;      // shared libraries that are in whatever needs them
  std::vector<std::string> named;       // X of -lX, in the order of the modules
  std::vector<std::string> shared;      // X of libraries whose archives are not wanted
  bool duplicates = false;              // the linker is told to accept a symbol defined twice
};

// How a library came into the closure.
enum class Ground : std::uint8_t {
  object,     // part of the program
  whole,      // taken whole
  named,      // a module names it
  toolchain,  // the C library or the compiler's own
  lists,      // the shared library of the asking archive lists it
  covers,     // it has most of what was open
};

// An object that needs a symbol. `library` is -1 for an object of the program.
struct Need {
  std::int64_t library = -1;
  std::uint32_t member = 0;
  SymbolId symbol = 0;
};

struct Choice {
  std::uint32_t library = 0;
  Ground ground = Ground::named;
  Need first;  // who asked first; of no meaning for object and whole
};

// A symbol that no library has.
struct Missing {
  Need need;
};

// An archive that is not used although it is there.
struct Demoted {
  enum class Why : std::uint8_t {
    missing,        // its object needs what nobody has: `because`
    defined_twice,  // the library of `because` defines the symbol as well
    exchanged,      // the program uses it and the shared library of `because`, which loads it too
  };
  std::uint32_t archive = 0;
  Need because;
  Why why = Why::missing;
};

// What is put aside; it grows from one search to the next.
struct Aside {
  std::set<std::uint32_t> archives;
  std::vector<Demoted> told;
};

struct Closure {
  std::vector<Choice> archives;  // in the order of choice; the order for a linker is order.h's
  std::vector<Choice> shared;    // in static_only: what has no archive
  std::vector<Missing> missing;
  // Left to the linker's own libraries: all that nobody has where the index has no C library, and
  // symbols of a C++ runtime where it has none.
  std::vector<Need> assumed;
  bool cxx_runtime = false;  // the driver has to add a C++ runtime
  std::vector<Demoted> demoted;
  // Objects that are taken, by archive.
  std::map<std::uint32_t, std::vector<std::uint32_t>> members;
};

// Adds to `aside` what has to be put aside for an answer.
[[nodiscard]] Closure solve(const LibraryIndex& index, const ClosureRequest& request, Aside& aside);

// The C library in its parts, the loader and the compiler's runtime: every driver adds them.
[[nodiscard]] bool is_toolchain_library(std::string_view name);
// Of those the ones that a driver adds without being told.
[[nodiscard]] bool is_implied_library(std::string_view name);

}  // namespace tenon::link
