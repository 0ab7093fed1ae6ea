#include "link/closure/order.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "link/closure/closure.h"
#include "link/closure/linker_made.h"
#include "link/index/library.h"
#include "link/index/library_index.h"
#include "link/index/symbol_names.h"

namespace tenon::link {
namespace {

// Who needs whom among the archives of a closure, as numbers of its list.
using Graph = std::vector<std::set<std::size_t>>;

Graph graph_of(const LibraryIndex& index, const Closure& closure) {
  std::map<SymbolId, std::size_t> definer;
  const auto for_each_object = [&](const auto& take) {
    for (std::size_t i = 0; i < closure.archives.size(); ++i) {
      const std::uint32_t number = closure.archives[i].library;
      const auto taken = closure.members.find(number);
      if (taken == closure.members.end()) continue;
      const Library& library = index.libraries[number];
      for (const std::uint32_t member : taken->second) take(i, library, library.members[member]);
    }
  };
  for_each_object([&](std::size_t i, const Library& library, const LibraryMember& member) {
    for (const BoundSymbol& one : library.defined_by(member)) definer.emplace(one.symbol(), i);
  });
  Graph graph(closure.archives.size());
  for_each_object([&](std::size_t i, const Library& library, const LibraryMember& member) {
    for (const BoundSymbol& one : library.needed_by(member)) {
      const auto found = definer.find(one.symbol());
      if (!one.weak() && found != definer.end() && found->second != i) {
        graph[i].insert(found->second);
      }
    }
  });
  return graph;
}

// Tarjan's strongly connected components: they come out with what they need before them.
class Components {
 public:
  explicit Components(const Graph& graph)
      : graph_(graph),
        number_(graph.size(), 0),
        low_(graph.size(), 0),
        waiting_(graph.size(), false) {
    // The last ones first, so that the reversed result keeps the order of choice.
    for (std::size_t i = graph.size(); i-- > 0;) {
      if (number_[i] == 0) visit(i);
    }
    std::ranges::reverse(found);
    for (auto& one : found) std::ranges::sort(one);
  }

  std::vector<std::vector<std::size_t>> found;

 private:
  void visit(std::size_t at) {
    number_[at] = low_[at] = ++count_;
    stack_.push_back(at);
    waiting_[at] = true;
    for (auto to = graph_[at].rbegin(); to != graph_[at].rend(); ++to) {
      if (number_[*to] == 0) {
        visit(*to);
        low_[at] = std::min(low_[at], low_[*to]);
      } else if (waiting_[*to]) {
        low_[at] = std::min(low_[at], number_[*to]);
      }
    }
    if (low_[at] != number_[at]) return;
    found.emplace_back();
    for (std::size_t top = graph_.size(); top != at;) {
      top = stack_.back();
      stack_.pop_back();
      waiting_[top] = false;
      found.back().push_back(top);
    }
  }

  const Graph& graph_;
  std::vector<std::size_t> number_, low_;
  std::vector<bool> waiting_;
  std::vector<std::size_t> stack_;
  std::size_t count_ = 0;
};

class Linker {
 public:
  Linker(const LibraryIndex& index, const ClosureRequest& request, const Closure& closure)
      : index_(index), request_(request), closure_(closure) {}

  Replay run(const std::vector<OrderedItem>& items) {
    for (const Library* object : request_.objects) {
      for (const LibraryMember& member : object->members) add(*object, -1, 0, member);
    }
    for (const std::uint32_t library : request_.whole) take_all(library);
    for (const OrderedItem& item : items) search(item.archives);
    std::vector<std::uint32_t> driver;
    for (std::size_t i = 0; i < index_.libraries.size(); ++i) {
      const Library& one = index_.libraries[i];
      const bool given = one.usable_archive() && !index_.shadowed(i) &&
                         is_implied_library(one.name()) &&
                         one.name() != (request_.mode == Mode::static_only ? "c_nonshared" : "c");
      if (given) driver.push_back(static_cast<std::uint32_t>(i));
    }
    search(driver);
    finish();
    return std::move(out_);
  }

 private:
  void add(const Library& library, std::int64_t number, std::uint32_t at,
           const LibraryMember& member) {
    ++out_.objects;
    for (const BoundSymbol& one : library.defined_by(member)) {
      auto& seen = state_[one.symbol()];
      seen.defined = true;
      if (one.binding() != Binding::strong) continue;
      if (seen.strong) {
        out_.twice.push_back({one.symbol(), seen.definer, number});
      } else {
        seen.definer = number;
      }
      seen.strong = true;
    }
    for (const BoundSymbol& one : library.needed_by(member)) {
      auto& seen = state_[one.symbol()];
      if (one.weak() || seen.wanted) continue;
      seen.wanted = true;
      seen.need = {number, at, one.symbol()};
    }
  }

  void take_all(std::uint32_t number) {
    const Library& library = index_.libraries[number];
    for (std::uint32_t at = 0; at < library.members.size(); ++at) take(number, at);
  }

  bool take(std::uint32_t number, std::uint32_t at) {
    if (!taken_.emplace(number, at).second) return false;
    const Library& library = index_.libraries[number];
    add(library, number, at, library.members[at]);
    return true;
  }

  [[nodiscard]] bool open(SymbolId symbol) const {
    const auto found = state_.find(symbol);
    return found != state_.end() && found->second.wanted && !found->second.defined;
  }

  // One archive until it gives nothing more, a group until none of it does.
  void search(const std::vector<std::uint32_t>& archives) {
    for (bool again = true; again;) {
      again = false;
      for (const std::uint32_t number : archives) again = search_one(number) || again;
    }
  }

  bool search_one(std::uint32_t number) {
    const Library& library = index_.libraries[number];
    bool any = false;
    for (bool again = true; again;) {
      again = false;
      for (std::uint32_t at = 0; at < library.members.size(); ++at) {
        const auto symbols = library.defined_by(library.members[at]);
        const bool wanted = std::ranges::any_of(
            symbols, [&](const BoundSymbol& one) { return open(one.symbol()); });
        if (wanted && take(number, at)) again = any = true;
      }
    }
    return any;
  }

  void finish() {
    std::set<std::uint32_t> shared;
    for (const Choice& one : closure_.shared) shared.insert(one.library);
    for (const auto& [symbol, seen] : state_) {
      if (!seen.wanted || seen.defined || is_linker_made(index_.names.text(symbol))) continue;
      const bool given = std::ranges::any_of(index_.definers(symbol), [&](const Definer& one) {
        const Library& library = index_.libraries[one.library];
        return shared.contains(one.library) ||
               (library.kind == LibraryKind::shared && is_implied_library(library.name()) &&
                request_.mode != Mode::static_only);
      });
      if (!given) out_.open.push_back(seen.need);
    }
  }

  struct State {
    bool defined = false, strong = false, wanted = false;
    std::int64_t definer = -1;  // of the strong definition
    Need need;
  };

  const LibraryIndex& index_;
  const ClosureRequest& request_;
  const Closure& closure_;
  std::map<SymbolId, State> state_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> taken_;
  Replay out_;
};

}  // namespace

std::vector<OrderedItem> order_archives(const LibraryIndex& index, const Closure& closure) {
  std::vector<OrderedItem> out;
  for (const auto& component : Components(graph_of(index, closure)).found) {
    OrderedItem item;
    for (const std::size_t i : component) item.archives.push_back(closure.archives[i].library);
    out.push_back(std::move(item));
  }
  return out;
}

Replay replay(const LibraryIndex& index, const ClosureRequest& request, const Closure& closure,
              const std::vector<OrderedItem>& items) {
  return Linker(index, request, closure).run(items);
}

namespace {

// The archive of a pair that can give way, the later one first.
std::optional<std::uint32_t> gives_way(const LibraryIndex& index, const ClosureRequest& request,
                                       const Closure& closure, const Twice& twice) {
  const auto place = [&](std::int64_t library) {
    return std::ranges::find(
               closure.archives, library,
               [](const Choice& one) { return static_cast<std::int64_t>(one.library); }) -
           closure.archives.begin();
  };
  std::array<std::int64_t, 2> pair{twice.first, twice.second};
  if (place(pair[0]) > place(pair[1])) std::swap(pair[0], pair[1]);
  for (const std::int64_t one : {pair[1], pair[0]}) {
    if (one < 0) continue;
    const auto library = static_cast<std::uint32_t>(one);
    const Library& archive = index.libraries[library];
    if (std::ranges::find(request.whole, library) != request.whole.end()) continue;
    if (is_toolchain_library(archive.name())) continue;
    if (index.look_up(archive.name()).shared != nullptr) return library;
  }
  return std::nullopt;
}

// Whether the replay misses what the closure has.
bool needs_group(const Closure& closure, const Replay& replayed) {
  std::set<SymbolId> known;
  for (const Missing& one : closure.missing) known.insert(one.need.symbol);
  for (const Need& one : closure.assumed) known.insert(one.symbol);
  return std::ranges::any_of(replayed.open,
                             [&](const Need& need) { return !known.contains(need.symbol); });
}

std::vector<OrderedItem> one_group(const std::vector<OrderedItem>& items) {
  OrderedItem all;
  for (const OrderedItem& item : items) {
    all.archives.insert(all.archives.end(), item.archives.begin(), item.archives.end());
  }
  return {std::move(all)};
}

}  // namespace

namespace {

std::optional<Demoted> defined_twice(const LibraryIndex& index, const ClosureRequest& request,
                                     const Ordered& ordered) {
  if (request.mode == Mode::static_only || request.duplicates) return std::nullopt;
  for (const Twice& twice : ordered.replayed.twice) {
    const auto archive = gives_way(index, request, ordered.closure, twice);
    if (!archive) continue;
    const std::int64_t other = *archive == twice.second ? twice.first : twice.second;
    return Demoted{*archive, {other, 0, twice.symbol}, Demoted::Why::defined_twice};
  }
  return std::nullopt;
}

// The sonames that a shared library loads, itself and through others.
std::set<std::string> loaded_by(const LibraryIndex& index, const Library& library) {
  std::set<std::string> out;
  std::vector<const Library*> todo{&library};
  for (std::size_t at = 0; at < todo.size(); ++at) {
    for (const std::string& soname : todo[at]->needed) {
      const Library* next = out.insert(soname).second ? index.by_soname(soname) : nullptr;
      if (next != nullptr) todo.push_back(next);
    }
  }
  return out;
}

// The program calls a shared library and passes it what another library made, as a program of GTK
// passes objects of GLib: then there may be one copy of the other library only.
std::optional<Demoted> exchanged(const LibraryIndex& index, const ClosureRequest& request,
                                 const Closure& closure) {
  if (request.mode != Mode::hybrid) return std::nullopt;
  std::set<SymbolId> wanted;
  for (const Library* object : request.objects) {
    for (const BoundSymbol& one : object->references) wanted.insert(one.symbol());
  }
  const auto used = [&](std::span<const BoundSymbol> list) {
    return std::ranges::find_if(
        list, [&](const BoundSymbol& one) { return wanted.contains(one.symbol()); });
  };
  for (const Choice& shared : closure.shared) {
    const Library& library = index.libraries[shared.library];
    if (is_toolchain_library(library.name())) continue;
    if (used(library.definitions) == std::span<const BoundSymbol>(library.definitions).end())
      continue;
    const auto loaded = loaded_by(index, library);
    for (const Choice& choice : closure.archives) {
      const Library& archive = index.libraries[choice.library];
      const Lookup twin = index.look_up(archive.name());
      const auto symbol = used(archive.definitions);
      if (twin.shared == nullptr || !loaded.contains(twin.shared->soname)) continue;
      if (symbol == std::span<const BoundSymbol>(archive.definitions).end()) continue;
      return Demoted{choice.library,
                     {static_cast<std::int64_t>(shared.library), 0, symbol->symbol()},
                     Demoted::Why::exchanged};
    }
  }
  return std::nullopt;
}

}  // namespace

Ordered close_over(const LibraryIndex& index, const ClosureRequest& request) {
  Aside aside;
  for (const std::string& name : request.shared) {
    const Lookup found = index.look_up(name);
    if (found.archive == nullptr || found.shared == nullptr) continue;
    aside.archives.insert(static_cast<std::uint32_t>(index.number_of(*found.archive)));
  }
  for (;;) {
    Ordered out;
    out.closure = solve(index, request, aside);
    out.items = order_archives(index, out.closure);
    out.replayed = replay(index, request, out.closure, out.items);
    if (needs_group(out.closure, out.replayed)) {
      out.items = one_group(out.items);
      out.replayed = replay(index, request, out.closure, out.items);
    }
    auto demoted = exchanged(index, request, out.closure);
    if (!demoted) demoted = defined_twice(index, request, out);
    if (!demoted || !aside.archives.insert(demoted->archive).second) return out;
    aside.told.push_back(*demoted);
  }
}

}  // namespace tenon::link
