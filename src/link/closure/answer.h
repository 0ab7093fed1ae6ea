// What `tenon link` answers: the closure with the state of each library, what is absent and why,
// and what a program would load when it runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "link/closure/closure.h"
#include "link/closure/given.h"
#include "link/closure/line.h"
#include "link/closure/order.h"
#include "link/index/library_index.h"

namespace tenon::link {

// A library that a module names, as it stands in the sysroot.
struct NamedState {
  std::string name;    // X of -lX
  std::string origin;  // where it is named
  FoundAs found = FoundAs::absent;
  std::string path;  // of the file that says so; empty when absent
  std::string why;   // of wrong_machine and unreadable
};

// Which package would bring an archive.
struct PackageOfArchive {
  enum class State : std::uint8_t {
    not_asked,  // no index of files was at hand: `why` says how to get one
    named,
    none,  // the distribution has no package with it
  };
  State state = State::not_asked;
  std::string package;
  std::string path;  // in the package
};

// A library that has to be shared, or is not there at all.
struct Absent {
  std::string name;
  std::string shared;       // its shared library; empty when it has none
  std::string origin;       // where a module names it; empty when only symbols lead to it
  std::vector<Need> needs;  // who needs it, at most a few
  std::size_t more = 0;     // further ones
  bool demoted = false;     // the archive is there and cannot be used
  PackageOfArchive package;
};

// A library that a program would hold twice: in itself and in a shared library of its closure.
struct HeldTwice {
  std::string name, archive, shared;
  std::string through;  // the shared library that loads it
};

struct RuntimeLibraries {
  std::vector<std::string> names;    // sonames, sorted; without the loader, and macOS's own
  std::vector<std::string> unfound;  // that no folder has
};

struct Answer {
  Mode mode = Mode::hybrid;
  Ordered ordered;
  std::vector<NamedState> named;
  std::vector<LineFlag> flags;
  std::vector<Absent> absent;
  std::vector<HeldTwice> twice;
  RuntimeLibraries before, after;  // of a usual dynamic link, and of this one
  bool cxx = false;                // a C++ runtime is part of it
};

// Everything that follows from the index and the request.
[[nodiscard]] Answer answer(const LibraryIndex& index, const ClosureRequest& request,
                            const Given& given, const Dialect& dialect);

// What loading these shared libraries loads.
[[nodiscard]] RuntimeLibraries runtime_of(const LibraryIndex& index,
                                          const std::vector<const Library*>& first);

}  // namespace tenon::link
