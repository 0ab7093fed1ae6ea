// The order of archives on a linker's command line, from who needs whom.
#pragma once

#include <cstdint>
#include <vector>

#include "link/closure/closure.h"
#include "link/index/library_index.h"

namespace tenon::link {

// One place on the command line: an archive, or several that need each other and are searched
// until nothing new is found (--start-group).
struct OrderedItem {
  std::vector<std::uint32_t> archives;

  [[nodiscard]] bool group() const { return archives.size() > 1; }
};

// Each archive before those that it needs; in the order of choice where nothing else decides.
[[nodiscard]] std::vector<OrderedItem> order_archives(const LibraryIndex& index,
                                                      const Closure& closure);

// Two taken objects that both define a symbol: ld's "multiple definition". -1: the program.
struct Twice {
  SymbolId symbol = 0;
  std::int64_t first = -1, second = -1;  // libraries
};

// What a linker that reads the items once, from left to right, would do.
struct Replay {
  std::vector<Need> open;    // strong references that stay undefined
  std::vector<Twice> twice;  // strong definitions that two taken objects have
  std::size_t objects = 0;   // taken
};

// Archives that every driver adds are searched behind all items.
[[nodiscard]] Replay replay(const LibraryIndex& index, const ClosureRequest& request,
                            const Closure& closure, const std::vector<OrderedItem>& items);

// A closure with the order in which a linker finds all of it.
struct Ordered {
  Closure closure;
  std::vector<OrderedItem> items;
  Replay replayed;
};

// solve(), put in order and replayed. Where two archives define one symbol, the one that was chosen
// later gives way to its shared library, unless `request` allows duplicates; where the order still
// leaves something open, all archives become one group.
[[nodiscard]] Ordered close_over(const LibraryIndex& index, const ClosureRequest& request);

}  // namespace tenon::link
