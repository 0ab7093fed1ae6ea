#include "link/index/library_index.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "format/kind/kind.h"
#include "link/index/library.h"
#include "link/index/symbol_names.h"

namespace tenon::link {

std::string_view found_as_name(FoundAs found) {
  switch (found) {
    case FoundAs::archive: return "found-static";
    case FoundAs::shared: return "found-shared";
    case FoundAs::wrong_machine: return "found-wrong-arch";
    case FoundAs::unreadable: return "unreadable";
    case FoundAs::absent: break;
  }
  return "absent";
}

void LibraryIndex::finish() {
  find_shadowed();
  collect_definers();
}

void LibraryIndex::find_shadowed() {
  shadowed_.assign(libraries.size(), false);
  // By the file name of an archive, by the soname of a shared library.
  std::map<std::pair<std::string_view, bool>, std::size_t> seen;
  for (std::size_t i = 0; i < libraries.size(); ++i) {
    const Library& one = libraries[i];
    const bool archive = one.kind == LibraryKind::archive;
    const std::string_view key = archive || one.soname.empty() ? one.file : one.soname;
    if (one.state == LibraryState::usable || one.state == LibraryState::empty) {
      const auto [first, fresh] = seen.emplace(std::pair(key, archive), i);
      // A folder that has only a link of another name leads to the file elsewhere.
      const Library& before = libraries[first->second];
      const bool better = !fresh && !archive && before.loads_as != before.soname &&
                          one.loads_as == one.soname && !one.outside;
      if (better) shadowed_[std::exchange(first->second, i)] = true;
      if (!better && !fresh) shadowed_[i] = true;
    }
    for (const std::string& name : one.names) {
      by_name_[name].push_back(static_cast<std::uint32_t>(i));
    }
  }
  for (std::size_t i = 0; i < libraries.size(); ++i) {
    const Library& one = libraries[i];
    if (!one.usable_shared() || shadowed_[i]) continue;
    by_soname_.emplace(one.soname.empty() ? one.file : one.soname, static_cast<std::uint32_t>(i));
  }
}

// A table by symbol in two passes: how many each has, then who.
void LibraryIndex::collect_definers() {
  const auto for_each = [&](const auto& take) {
    for (std::size_t i = 0; i < libraries.size(); ++i) {
      const Library& one = libraries[i];
      if (shadowed_[i] || one.state != LibraryState::usable) continue;
      const auto number = static_cast<std::uint32_t>(i);
      if (one.kind == LibraryKind::shared) {
        for (const BoundSymbol& symbol : one.definitions) take(symbol, Definer{number, 0});
        continue;
      }
      for (std::uint32_t m = 0; m < one.members.size(); ++m) {
        for (const BoundSymbol& symbol : one.defined_by(one.members[m])) {
          take(symbol, Definer{number, m});
        }
      }
    }
  };
  first_definer_.assign(names.size() + 1, 0);
  for_each(
      [&](const BoundSymbol& symbol, const Definer&) { ++first_definer_[symbol.symbol() + 1]; });
  for (std::size_t i = 1; i < first_definer_.size(); ++i)
    first_definer_[i] += first_definer_[i - 1];
  definers_.resize(first_definer_.back());
  std::vector<std::uint32_t> at(first_definer_.begin(), first_definer_.end() - 1);
  for_each([&](const BoundSymbol& symbol, const Definer& who) {
    definers_[at[symbol.symbol()]++] = who;
  });
}

std::span<const Definer> LibraryIndex::definers(SymbolId symbol) const {
  if (symbol + std::size_t{1} >= first_definer_.size()) return {};
  return std::span(definers_).subspan(first_definer_[symbol],
                                      first_definer_[symbol + 1] - first_definer_[symbol]);
}

std::span<const std::uint32_t> LibraryIndex::named(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::span<const std::uint32_t>() : std::span(found->second);
}

const Library* LibraryIndex::by_soname(std::string_view soname) const {
  const auto found = by_soname_.find(soname);
  return found == by_soname_.end() ? nullptr : &libraries[found->second];
}

// "INPUT(libncurses.so.6 -ltinfo)" and "GROUP ( /lib/libc.so.6 ... )": the first that is there.
const Library* LibraryIndex::through_script(const Library& script) const {
  for (const kind::ScriptInput& input : script.inputs) {
    if (input.as_needed) continue;
    const std::size_t slash = input.name.rfind('/');
    const std::string_view file =
        std::string_view(input.name).substr(slash == input.name.npos ? 0 : slash + 1);
    const std::string_view name =
        input.is_library ? std::string_view(input.name) : library_name(file);
    if (const Library* found = by_soname(file)) return found;
    for (const std::uint32_t i : named(name)) {
      const Library& one = libraries[i];
      if (one.state == LibraryState::usable && one.kind != LibraryKind::script && !shadowed(i)) {
        return &one;
      }
    }
  }
  return nullptr;
}

Lookup LibraryIndex::look_up(std::string_view name) const {
  Lookup out;
  for (const std::uint32_t i : named(name)) {
    const Library* one = &libraries[i];
    if (shadowed_[i]) continue;
    if (one->kind == LibraryKind::script && one->state == LibraryState::usable) {
      const bool stands_for_archive = is_archive_name(one->file);
      const Library* inner = through_script(*one);
      if (inner == nullptr) continue;
      if (stands_for_archive != (inner->kind == LibraryKind::archive)) continue;
      one = inner;
    }
    const bool usable = one->state == LibraryState::usable || one->state == LibraryState::empty;
    if (!usable) {
      if (out.other == nullptr) out.other = one;
    } else if (one->kind == LibraryKind::archive) {
      if (out.archive == nullptr) out.archive = one;
    } else if (out.shared == nullptr || (one->plain_link && !out.shared->plain_link)) {
      out.shared = one;
    }
  }
  if (out.archive != nullptr) {
    out.found = FoundAs::archive;
  } else if (out.shared != nullptr) {
    out.found = FoundAs::shared;
  } else if (out.other != nullptr) {
    out.found = out.other->state == LibraryState::wrong_machine ? FoundAs::wrong_machine
                                                                : FoundAs::unreadable;
  }
  return out;
}

}  // namespace tenon::link
