#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "link/closure/closure.h"
#include "link/closure/linker_made.h"
#include "link/index/library.h"
#include "link/index/library_index.h"
#include "link/index/symbol_names.h"

namespace tenon::link {
namespace {

// The lists of preferred libraries that no symbol changes.
struct Preference {
  std::vector<std::uint32_t> archives, shared;
};

class Search {
 public:
  Search(const LibraryIndex& index, const ClosureRequest& request, const Aside& aside)
      : index_(index), request_(request), aside_(aside) {
    defined_.assign(index.names.size(), false);
    chosen_.assign(index.libraries.size(), false);
    for (const std::string& name : request.named) add_by_name(name, named_);
  }

  // The archive to put aside before the next search, if one is.
  std::optional<Demoted> run();

  Closure out;

 private:
  struct Candidate {
    std::uint32_t library = 0;
    std::uint32_t member = 0;
    Ground ground = Ground::covers;
  };

  void add_by_name(std::string_view name, Preference& to) const;
  const Preference& listed_by(std::int64_t library);
  [[nodiscard]] bool may_use(std::uint32_t library) const;
  [[nodiscard]] bool is_shared(std::uint32_t library) const {
    return index_.libraries[library].kind == LibraryKind::shared;
  }
  [[nodiscard]] std::optional<Candidate> preferred(const Need& need);
  [[nodiscard]] std::optional<Candidate> first_in(const std::vector<std::uint32_t>& order,
                                                  std::span<const Definer> definers,
                                                  Ground ground) const;
  [[nodiscard]] std::optional<Candidate> of_toolchain(std::span<const Definer> definers) const;
  [[nodiscard]] std::optional<Candidate> of_chosen(std::span<const Definer> definers,
                                                   bool shared) const;
  [[nodiscard]] std::optional<std::uint32_t> best_cover(bool shared) const;
  void take(const Candidate& candidate, const Need& need);
  void choose(std::uint32_t library, Ground ground, const Need& need);
  void load(std::uint32_t library, std::uint32_t member);
  void add_object(const Library& object);
  void drain();
  bool cover();
  std::optional<Demoted> give_up();

  const LibraryIndex& index_;
  const ClosureRequest& request_;
  const Aside& aside_;
  std::vector<bool> defined_, chosen_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> loaded_;
  std::vector<Need> open_, postponed_;
  Preference named_;
  std::map<std::int64_t, Preference> listed_;
};

void Search::add_by_name(std::string_view name, Preference& to) const {
  const Lookup found = index_.look_up(name);
  if (found.archive != nullptr) {
    to.archives.push_back(static_cast<std::uint32_t>(index_.number_of(*found.archive)));
  }
  if (found.shared != nullptr) {
    to.shared.push_back(static_cast<std::uint32_t>(index_.number_of(*found.shared)));
  }
}

const Preference& Search::listed_by(std::int64_t library) {
  const auto known = listed_.find(library);
  if (known != listed_.end()) return known->second;
  Preference& lists = listed_[library];
  if (library < 0) return lists;
  const Lookup twin = index_.look_up(index_.libraries[static_cast<std::size_t>(library)].name());
  if (twin.shared == nullptr) return lists;
  for (const std::string& soname : twin.shared->needed) {
    const Library* needed = index_.by_soname(soname);
    if (needed == nullptr) continue;
    lists.shared.push_back(static_cast<std::uint32_t>(index_.number_of(*needed)));
    const Lookup archive = index_.look_up(needed->name());
    if (archive.archive != nullptr) {
      lists.archives.push_back(static_cast<std::uint32_t>(index_.number_of(*archive.archive)));
    }
  }
  return lists;
}

bool Search::may_use(std::uint32_t library) const {
  const Library& one = index_.libraries[library];
  if (one.kind == LibraryKind::shared) return !one.outside;
  if (aside_.archives.contains(library)) return false;
  // What libc.so adds to a program that uses it shared.
  if (one.name() == "c_nonshared") return request_.mode != Mode::static_only;
  // The C library is shared in a hybrid program: two of them cannot live in one process.
  return request_.mode == Mode::static_only || !is_toolchain_library(one.name()) ||
         one.name() == "gcc" || one.name() == "gcc_eh";
}

std::optional<Search::Candidate> Search::first_in(const std::vector<std::uint32_t>& order,
                                                  std::span<const Definer> definers,
                                                  Ground ground) const {
  for (const std::uint32_t library : order) {
    const auto found = std::ranges::find(definers, library, &Definer::library);
    if (found != definers.end() && may_use(library)) {
      return Candidate{library, found->member, ground};
    }
  }
  return std::nullopt;
}

std::optional<Search::Candidate> Search::of_chosen(std::span<const Definer> definers,
                                                   bool shared) const {
  for (const Definer& one : definers) {
    if (chosen_[one.library] && may_use(one.library) && is_shared(one.library) == shared) {
      return Candidate{one.library, one.member, Ground::named};
    }
  }
  return std::nullopt;
}

std::optional<Search::Candidate> Search::of_toolchain(std::span<const Definer> definers) const {
  std::optional<Candidate> shared;
  for (const Definer& one : definers) {
    if (!is_toolchain_library(index_.libraries[one.library].name())) continue;
    if (!may_use(one.library)) continue;
    const Candidate found{one.library, one.member, Ground::toolchain};
    if (!is_shared(one.library)) return found;
    if (!shared && request_.mode != Mode::static_only) shared = found;
  }
  return shared;
}

std::optional<Search::Candidate> Search::preferred(const Need& need) {
  const auto definers = index_.definers(need.symbol);
  if (definers.empty()) return std::nullopt;
  if (request_.mode == Mode::as_is) {
    if (auto found = of_chosen(definers, true)) return found;
    if (auto found = first_in(named_.shared, definers, Ground::named)) return found;
  }
  if (auto found = of_chosen(definers, false)) return found;
  if (auto found = first_in(named_.archives, definers, Ground::named)) return found;
  const bool any_archive = std::ranges::any_of(definers, [&](const Definer& one) {
    return !is_shared(one.library) && may_use(one.library);
  });
  // A program that is to be static takes what is shared only where nothing else has the symbol.
  if (request_.mode != Mode::static_only || !any_archive) {
    if (auto found = of_chosen(definers, true)) return found;
  }
  if (auto found = of_toolchain(definers)) return found;
  const Preference& listed = listed_by(need.library);
  if (auto found = first_in(listed.archives, definers, Ground::lists)) return found;
  for (const Definer& one : definers) {
    const Library& library = index_.libraries[one.library];
    const bool runtime = library.usable_archive() && library.name() == "stdc++";
    if (runtime && may_use(one.library)) {
      return Candidate{one.library, one.member, Ground::toolchain};
    }
  }
  if (request_.mode == Mode::static_only) return std::nullopt;
  if (auto found = first_in(named_.shared, definers, Ground::named)) return found;
  return first_in(listed.shared, definers, Ground::lists);
}

void Search::choose(std::uint32_t library, Ground ground, const Need& need) {
  if (chosen_[library]) return;
  chosen_[library] = true;
  auto& list = is_shared(library) ? out.shared : out.archives;
  list.push_back({library, ground, need});
}

void Search::take(const Candidate& candidate, const Need& need) {
  choose(candidate.library, candidate.ground, need);
  if (is_shared(candidate.library)) {
    defined_[need.symbol] = true;
  } else {
    load(candidate.library, candidate.member);
  }
}

void Search::load(std::uint32_t library, std::uint32_t member) {
  if (!loaded_.emplace(library, member).second) return;
  const Library& archive = index_.libraries[library];
  const LibraryMember& object = archive.members[member];
  out.members[library].push_back(member);
  for (const BoundSymbol& symbol : archive.defined_by(object)) defined_[symbol.symbol()] = true;
  for (const BoundSymbol& symbol : archive.needed_by(object)) {
    if (!symbol.weak() && !defined_[symbol.symbol()]) {
      open_.push_back({static_cast<std::int64_t>(library), member, symbol.symbol()});
    }
  }
}

void Search::add_object(const Library& object) {
  for (const BoundSymbol& symbol : object.definitions) defined_[symbol.symbol()] = true;
  for (const BoundSymbol& symbol : object.references) {
    if (!symbol.weak()) open_.push_back({-1, 0, symbol.symbol()});
  }
}

// All that has a preferred library; the rest is postponed.
void Search::drain() {
  for (std::size_t at = 0; at < open_.size(); ++at) {
    const Need need = open_[at];
    if (defined_[need.symbol]) continue;
    if (const auto found = preferred(need)) {
      take(*found, need);
    } else if (!is_linker_made(index_.names.text(need.symbol))) {
      postponed_.push_back(need);
    }
  }
  open_.clear();
}

std::optional<std::uint32_t> Search::best_cover(bool shared) const {
  std::map<std::uint32_t, std::size_t> counts;
  std::set<SymbolId> seen;
  for (const Need& need : postponed_) {
    if (defined_[need.symbol] || !seen.insert(need.symbol).second) continue;
    const auto definers = index_.definers(need.symbol);
    const auto fits = [&](const Definer& one) {
      return is_shared(one.library) == shared && may_use(one.library);
    };
    const bool inside = std::ranges::any_of(definers, [&](const Definer& one) {
      return fits(one) && !index_.libraries[one.library].outside;
    });
    std::uint32_t last = 0;
    bool any = false;
    for (const Definer& one : definers) {
      if (!fits(one) || (inside && index_.libraries[one.library].outside)) continue;
      if (!any || one.library != last) ++counts[one.library];
      last = one.library;
      any = true;
    }
  }
  const auto best = std::ranges::max_element(
      counts, [](const auto& one, const auto& other) { return one.second < other.second; });
  if (best == counts.end()) return std::nullopt;
  return best->first;
}

// Adds the library that has most of what is postponed. False when none has any of it.
bool Search::cover() {
  const bool shared_first = request_.mode == Mode::as_is;
  for (const bool shared : {shared_first, !shared_first}) {
    const auto best = best_cover(shared);
    if (!best) continue;
    for (const Need& need : postponed_) {
      const auto definers = index_.definers(need.symbol);
      if (std::ranges::find(definers, *best, &Definer::library) == definers.end()) continue;
      choose(*best, Ground::covers, need);
      break;
    }
    open_ = std::exchange(postponed_, {});
    return true;
  }
  return false;
}

// Nobody has what is still postponed. The archive that asks for it gives way to its shared library.
std::optional<Demoted> Search::give_up() {
  std::set<SymbolId> told;
  const bool no_libc = index_.look_up("c").found == FoundAs::absent;
  const bool no_cxx = index_.look_up("stdc++").found == FoundAs::absent;
  for (const Need& need : postponed_) {
    if (defined_[need.symbol]) continue;
    const bool cxx = no_cxx && is_cxx_runtime(index_.names.text(need.symbol));
    if (cxx || no_libc) {
      out.cxx_runtime = out.cxx_runtime || cxx;
      out.assumed.push_back(need);
      continue;
    }
    const auto library = static_cast<std::uint32_t>(need.library);
    const bool whole =
        need.library >= 0 && std::ranges::find(request_.whole, library) != request_.whole.end();
    if (need.library >= 0 && !whole && request_.mode != Mode::static_only) {
      const Lookup twin = index_.look_up(index_.libraries[library].name());
      const auto choice = std::ranges::find(out.archives, library, &Choice::library);
      const bool guessed = choice != out.archives.end() && choice->ground == Ground::covers;
      if (twin.shared != nullptr || guessed) return Demoted{library, need, Demoted::Why::missing};
    }
    if (told.insert(need.symbol).second) out.missing.push_back({need});
  }
  return std::nullopt;
}

std::optional<Demoted> Search::run() {
  for (const Library* object : request_.objects) add_object(*object);
  for (const std::uint32_t library : request_.whole) {
    choose(library, Ground::whole, {});
    const auto members = static_cast<std::uint32_t>(index_.libraries[library].members.size());
    for (std::uint32_t member = 0; member < members; ++member) load(library, member);
  }
  for (const std::uint32_t library : request_.kept) choose(library, Ground::named, {});
  do {
    drain();
  } while (cover());
  return give_up();
}

constexpr auto implied =
    std::to_array<std::string_view>({"c", "c_nonshared", "gcc", "gcc_eh", "gcc_s"});
constexpr auto parts =
    std::to_array<std::string_view>({"anl", "dl", "m", "mvec", "pthread", "resolv", "rt", "util"});

}  // namespace

bool is_implied_library(std::string_view name) {
  return std::ranges::find(implied, name) != implied.end() || name.starts_with("ld-") ||
         name == "ld64";
}

bool is_toolchain_library(std::string_view name) {
  return is_implied_library(name) || std::ranges::find(parts, name) != parts.end();
}

Closure solve(const LibraryIndex& index, const ClosureRequest& request, Aside& aside) {
  for (;;) {
    Search search(index, request, aside);
    const auto demoted = search.run();
    // Each round puts another archive aside, so this ends.
    if (demoted && aside.archives.insert(demoted->archive).second) {
      aside.told.push_back(*demoted);
      continue;
    }
    search.out.demoted = aside.told;
    return std::move(search.out);
  }
}

}  // namespace tenon::link
