#include "link/closure/answer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "link/closure/closure.h"
#include "link/closure/given.h"
#include "link/closure/line.h"
#include "link/closure/order.h"
#include "link/index/library.h"
#include "link/index/library_index.h"
#include "link/index/symbol_names.h"

namespace tenon::link {
namespace {

constexpr std::size_t most_needs = 5;

NamedState state_of(const LibraryIndex& index, const GivenLibrary& library) {
  NamedState out{library.name, library.origin, {}, {}, {}};
  const Lookup found = index.look_up(library.name);
  out.found = found.found;
  const Library* file = found.archive != nullptr  ? found.archive
                        : found.shared != nullptr ? found.shared
                                                  : found.other;
  if (file != nullptr) out.path = file->path();
  if (file != nullptr && file == found.other) out.why = file->why;
  return out;
}

// Objects of the closure that need a symbol of this shared library.
void find_needs(const LibraryIndex& index, const ClosureRequest& request, const Closure& closure,
                std::uint32_t shared, Absent& out) {
  std::set<SymbolId> exports;
  for (const BoundSymbol& one : index.libraries[shared].definitions) exports.insert(one.symbol());
  std::set<SymbolId> defined;
  for (const auto& [number, members] : closure.members) {
    const Library& library = index.libraries[number];
    for (const std::uint32_t member : members) {
      for (const BoundSymbol& one : library.defined_by(library.members[member])) {
        defined.insert(one.symbol());
      }
    }
  }
  const auto take = [&](std::int64_t library, std::uint32_t member, const BoundSymbol& one) {
    if (one.weak() || !exports.contains(one.symbol()) || defined.contains(one.symbol())) {
      return false;
    }
    if (out.needs.size() < most_needs) {
      out.needs.push_back({library, member, one.symbol()});
    } else {
      ++out.more;
    }
    return true;
  };
  for (const Library* object : request.objects) {
    for (const BoundSymbol& one : object->references) take(-1, 0, one);
  }
  for (const auto& [number, members] : closure.members) {
    const Library& library = index.libraries[number];
    for (const std::uint32_t member : members) {
      for (const BoundSymbol& one : library.needed_by(library.members[member])) {
        if (take(static_cast<std::int64_t>(number), member, one)) break;
      }
    }
  }
}

void add_absent(const LibraryIndex& index, const ClosureRequest& request, const Given& given,
                const Closure& closure, std::vector<Absent>& out) {
  for (const Choice& one : closure.shared) {
    const Library& library = index.libraries[one.library];
    if (is_toolchain_library(library.name())) continue;
    Absent absent;
    absent.name = library.name();
    absent.shared = library.loads_as;
    const auto named = std::ranges::find_if(given.libraries, [&](const GivenLibrary& given_one) {
      return std::ranges::find(library.names, given_one.name) != library.names.end();
    });
    if (named != given.libraries.end()) absent.origin = named->origin;
    absent.demoted = index.look_up(library.name()).archive != nullptr;
    find_needs(index, request, closure, one.library, absent);
    out.push_back(std::move(absent));
  }
  // What modules name and nobody has at all, or only shared and no symbol asks for it.
  for (const GivenLibrary& one : given.libraries) {
    const Lookup found = index.look_up(one.name);
    if (found.archive != nullptr || is_toolchain_library(one.name)) continue;
    const auto known = std::ranges::find_if(out, [&](const Absent& absent) {
      return absent.name == one.name ||
             (found.shared != nullptr && absent.shared == found.shared->loads_as);
    });
    if (known != out.end()) continue;
    Absent absent;
    absent.name = one.name;
    absent.origin = one.origin;
    if (found.shared != nullptr) absent.shared = found.shared->loads_as;
    out.push_back(std::move(absent));
  }
}

// Which shared library of the closure loads another one, by soname.
std::map<std::string, std::string> loaders_of(const LibraryIndex& index,
                                              const std::vector<const Library*>& first,
                                              std::set<std::string>* unfound) {
  std::map<std::string, std::string> out;
  std::vector<const Library*> todo = first;
  for (std::size_t at = 0; at < todo.size(); ++at) {
    for (const std::string& soname : todo[at]->needed) {
      if (is_loader_name(soname) || !out.emplace(soname, todo[at]->loads_as).second) continue;
      const Library* next = index.by_soname(soname);
      if (next != nullptr) {
        todo.push_back(next);
      } else if (unfound != nullptr) {
        unfound->insert(soname);
      }
    }
  }
  return out;
}

void add_held_twice(const LibraryIndex& index, const Closure& closure,
                    const std::vector<const Library*>& shared, std::vector<HeldTwice>& out) {
  const auto loaders = loaders_of(index, shared, nullptr);
  for (const auto& [soname, through] : loaders) {
    const Library* library = index.by_soname(soname);
    if (library == nullptr || is_toolchain_library(library->name())) continue;
    for (const Choice& choice : closure.archives) {
      const Library& archive = index.libraries[choice.library];
      if (std::ranges::find(library->names, archive.name()) == library->names.end()) continue;
      out.push_back({archive.name(), archive.path(), soname, through});
    }
  }
}

std::vector<const Library*> shared_of(const LibraryIndex& index, const Closure& closure) {
  std::vector<const Library*> out;
  for (const Choice& one : closure.shared) out.push_back(&index.libraries[one.library]);
  return out;
}

// What a usual link takes: shared libraries wherever there are any.
RuntimeLibraries usual_runtime(const LibraryIndex& index, const ClosureRequest& request) {
  ClosureRequest usual = request;
  usual.mode = Mode::as_is;
  usual.whole.clear();
  for (const std::uint32_t number : request.whole) {
    const Lookup found = index.look_up(index.libraries[number].name());
    if (found.shared != nullptr) {
      usual.kept.push_back(static_cast<std::uint32_t>(index.number_of(*found.shared)));
    } else {
      usual.whole.push_back(number);
    }
  }
  Aside aside;
  return runtime_of(index, shared_of(index, solve(index, usual, aside)));
}

// Install names of macOS itself: every program there has some, and no sysroot has the files.
bool is_of_macos(const std::string& name) {
  return name.starts_with("/usr/lib/") || name.starts_with("/System/Library/");
}

}  // namespace

RuntimeLibraries runtime_of(const LibraryIndex& index, const std::vector<const Library*>& first) {
  RuntimeLibraries out;
  std::set<std::string> unfound, names;
  for (const Library* library : first) {
    const std::string& name = library->soname.empty() ? library->loads_as : library->soname;
    if (!is_loader_name(name)) names.insert(name);
  }
  for (const auto& [soname, through] : loaders_of(index, first, &unfound)) names.insert(soname);
  std::erase_if(unfound, is_of_macos);
  std::erase_if(names, is_of_macos);
  out.names.assign(names.begin(), names.end());
  out.unfound.assign(unfound.begin(), unfound.end());
  return out;
}

Answer answer(const LibraryIndex& index, const ClosureRequest& request, const Given& given,
              const Dialect& dialect) {
  Answer out;
  out.mode = request.mode;
  for (const GivenLibrary& one : given.libraries) out.named.push_back(state_of(index, one));
  out.ordered = close_over(index, request);
  const Closure& closure = out.ordered.closure;
  out.flags = line_of({&index, &request, &closure, out.ordered.items, dialect, given.others});
  if (request.mode == Mode::static_only && !(closure.shared.empty() && closure.missing.empty())) {
    // What stands in the way of a static program is what a hybrid one leaves shared.
    ClosureRequest hybrid = request;
    hybrid.mode = Mode::hybrid;
    add_absent(index, hybrid, given, close_over(index, hybrid).closure, out.absent);
  } else {
    add_absent(index, request, given, closure, out.absent);
  }
  const auto shared = shared_of(index, closure);
  if (request.mode == Mode::hybrid) add_held_twice(index, closure, shared, out.twice);
  if (request.mode != Mode::static_only) out.after = runtime_of(index, shared);
  out.before = usual_runtime(index, request);
  out.cxx = closure.cxx_runtime || std::ranges::any_of(closure.archives, [&](const Choice& one) {
              return index.libraries[one.library].cxx && closure.members.contains(one.library);
            });
  return out;
}

}  // namespace tenon::link
