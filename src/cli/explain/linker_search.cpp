#include "cli/explain/linker_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/explain/link_place.h"
#include "crossbuild/run/sysroot.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "diagnose/answer.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "diagnose/search.h"
#include "link/closure/answer.h"
#include "link/index/library.h"
#include "link/index/library_index.h"
#include "link/run/archive_packages.h"
#include "link/run/homebrew.h"
#include "link/run/index_folders.h"
#include "link/run/linker_folders.h"

namespace tenon::explain {
namespace {

constexpr std::size_t most_looked = 12, most_names = 500;

std::string_view unquoted(std::string_view name) {
  constexpr std::string_view quotes = "`'\"";
  while (!name.empty() && quotes.contains(name.front())) name.remove_prefix(1);
  while (!name.empty() && quotes.contains(name.back())) name.remove_suffix(1);
  return name;
}

// The names of an event's kind, each once, in the order of the log.
std::vector<std::string> names_of(const Log& log, EventKind kind) {
  std::vector<std::string> out;
  for (const LogEvent& event : log.events) {
    std::string_view name = unquoted(event.get("name"));
    if (kind == EventKind::library_missing && name.starts_with("-l")) name.remove_prefix(2);
    // A version behind @ is no part of the name; C++ that the linker has translated back names
    // nothing in an index.
    if (kind == EventKind::symbol_undefined) name = name.substr(0, name.find('@'));
    if (event.kind != kind || name.empty() || name.find_first_of("/ ()<>") != name.npos) continue;
    if (std::ranges::find(out, name) == out.end() && out.size() < most_names)
      out.emplace_back(name);
  }
  return out;
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most = 5;
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
    out += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > most) out += " and " + std::to_string(names.size() - most) + " more";
  return out;
}

class Searcher {
 public:
  Searcher(LinkPlace place, Progress& progress) : place_(std::move(place)) {
    link::IndexRequest request;
    request.platform = place_.target.platform;
    request.folders = place_.folders;
    const auto add = [&](const std::vector<std::string>& more) {
      request.folders.insert(request.folders.end(), more.begin(), more.end());
    };
    if (place_.target.darwin())
      add(link::homebrew_folders(place_.sysroot, *place_.target.platform).libraries);
    // Of the sysroot alone: a driver that is asked names directories of this machine too.
    add(link::linker_folders({}, place_.target, place_.sysroot).folders);
    if (!place_.target.darwin()) request.below = {place_.sysroot + "/usr/lib"};
    link::IndexCost cost;
    index_ = link::index_folders(request, progress, cost);
  }

  void find_libraries(const std::vector<std::string>& names, std::vector<Search>& out) const {
    for (const std::string& name : names) out.push_back(library(name));
  }

  // One search for each library that would define some of them, the most useful first, and one for
  // what no library defines.
  void find_symbols(const std::vector<std::string>& names, std::vector<Search>& out) const {
    std::map<std::string, std::vector<link::Definer>> open;
    std::vector<std::string> nowhere;
    for (const std::string& name : names) {
      std::vector<link::Definer> definers = definers_of(name);
      if (definers.empty()) {
        nowhere.push_back(name);
      } else {
        open[name] = std::move(definers);
      }
    }
    while (!open.empty()) {
      const std::uint32_t library = most_useful(open);
      out.push_back(definitions(library, open));
      std::erase_if(open, [&](const auto& one) { return defines(one.second, library); });
    }
    if (nowhere.empty()) return;
    Search none = begun(nowhere.front());
    for (const std::string& folder : index_.folders) add(none, folder, "no library defines it");
    none.result = "no library of " + shown_name() + " for " + place_.target.name() + " defines " +
                  listed(nowhere);
    out.push_back(std::move(none));
  }

 private:
  [[nodiscard]] std::string shown_name() const {
    return place_.name.empty() ? place_.sysroot : place_.name;
  }

  [[nodiscard]] Search begun(const std::string& subject, const std::string& library = {}) const {
    Search out;
    out.subject = subject;
    out.agrees = true;
    out.by = "tenon link" + (library.empty() ? std::string() : " --flag -l" + library) +
             " --target " + place_.target.name() + " --sysroot " + shown_name();
    return out;
  }

  static void add(Search& search, std::string where, std::string text) {
    if (search.looked.size() >= most_looked) {
      ++search.more;
    } else {
      search.looked.push_back({Evidence::Kind::file, std::move(where), std::move(text)});
    }
  }

  [[nodiscard]] std::vector<link::Definer> definers_of(const std::string& name) const {
    // Mach-O's names have an underscore in front, which ld prints and Go's linker does not.
    for (const std::string& spelling : {name, "_" + name}) {
      const auto symbol = index_.names.find(spelling);
      if (!symbol) continue;
      const auto found = index_.definers(*symbol);
      if (!found.empty()) return {found.begin(), found.end()};
    }
    return {};
  }

  static bool defines(const std::vector<link::Definer>& definers, std::uint32_t library) {
    return std::ranges::find(definers, library, &link::Definer::library) != definers.end();
  }

  // The one that defines most of what is open. Of equal ones the first in the linker's order.
  [[nodiscard]] std::uint32_t most_useful(
      const std::map<std::string, std::vector<link::Definer>>& open) const {
    std::map<std::uint32_t, std::size_t> counts;
    for (const auto& [name, definers] : open) {
      std::set<std::uint32_t> libraries;
      for (const link::Definer& one : definers) libraries.insert(one.library);
      for (const std::uint32_t library : libraries) ++counts[library];
    }
    return std::ranges::max_element(counts, {},
                                    [&](const auto& one) {
                                      return std::pair(one.second,
                                                       !index_.libraries[one.first].outside);
                                    })
        ->first;
  }

  [[nodiscard]] Search definitions(
      std::uint32_t number, const std::map<std::string, std::vector<link::Definer>>& open) const {
    const link::Library& library = index_.libraries[number];
    Search out = begun("-l" + library.name(), library.name());
    std::vector<std::string> defined;
    for (const auto& [name, definers] : open) {
      if (!defines(definers, number)) continue;
      defined.push_back(name);
      add_definers(out, name, definers, [&](std::uint32_t one) { return one == number; });
    }
    for (const auto& [name, definers] : open) {
      if (defines(definers, number))
        add_definers(out, name, definers, [&](std::uint32_t one) { return one != number; });
    }
    out.result = "-l" + library.name() + " defines " + listed(defined);
    const bool named = std::ranges::any_of(place_.named, [&](const std::string& one) {
      return std::ranges::find(library.names, one) != library.names.end();
    });
    if (named) {
      out.result += "; it is in the link already, and has to come after what needs it";
    } else if (library.outside) {
      out.result += "; no linker searches its directory without -L" + library.folder;
    } else {
      out.result += ", and the log names no -l" + library.name();
    }
    return out;
  }

  template <class Condition>
  void add_definers(Search& out, const std::string& name, const std::vector<link::Definer>& all,
                    Condition condition) const {
    for (const link::Definer& one : all) {
      if (condition(one.library)) add(out, definer_path(one), definer_text(one, name));
    }
  }

  [[nodiscard]] std::string definer_path(const link::Definer& one) const {
    return index_.libraries[one.library].path();
  }

  [[nodiscard]] std::string definer_text(const link::Definer& one, const std::string& name) const {
    const link::Library& library = index_.libraries[one.library];
    if (library.kind == link::LibraryKind::shared) return "exports " + name;
    return "member " + library.members[one.member].name + " defines " + name;
  }

  [[nodiscard]] Search library(const std::string& name) const {
    Search out = begun("-l" + name, name);
    const link::Lookup found = index_.look_up(name);
    for (const std::uint32_t number : index_.named(name)) {
      const link::Library& one = index_.libraries[number];
      add(out, one.path(), state_text(one));
    }
    switch (found.found) {
      case link::FoundAs::archive: out.result = there(*found.archive, name); break;
      case link::FoundAs::shared:
        out.result = found.shared->plain_link
                         ? there(*found.shared, name)
                         : found.shared->path() + " is there, and the name that -l" + name +
                               " asks for is not: lib" + name +
                               ".so is in the package for development";
        break;
      case link::FoundAs::wrong_machine:
        out.result = found.other->path() + " is for another processor: " + found.other->why;
        break;
      case link::FoundAs::unreadable:
        out.result = found.other->path() + " cannot be read: " + found.other->why;
        break;
      case link::FoundAs::absent: absent(name, out); break;
    }
    return out;
  }

  static std::string state_text(const link::Library& library) {
    if (library.state == link::LibraryState::usable)
      return library.outside ? "is there, in a directory that no linker searches by itself"
                             : "is there";
    if (library.state == link::LibraryState::empty) return "is an archive without objects";
    return library.why;
  }

  [[nodiscard]] std::string there(const link::Library& library, const std::string& name) const {
    if (library.outside)
      return library.path() + " is there; no linker searches its directory without -L" +
             library.folder;
    return library.path() + " is there now, for " + place_.target.name() +
           ": the linker that did not find -l" + name + " did not search the sysroot";
  }

  void absent(const std::string& name, Search& out) const {
    for (const std::string& folder : index_.folders)
      add(out, folder, fmt::format("has no lib{0}.so and no lib{0}.a", name));
    std::vector<link::Absent> asked(1);
    asked.front().name = name;
    link::find_packages(archive_list_path(place_.name), place_.name, place_.target, asked);
    out.result = shown_name() + " has no lib" + name;
    if (!asked.front().package.package.empty())
      out.result += "; package " + asked.front().package.package + " has it";
  }

  LinkPlace place_;
  link::LibraryIndex index_;
};

}  // namespace

void search_as_linker(Answer& answer, const std::vector<std::string>& command,
                      const std::string& root, Progress& progress) {
  const std::vector<std::string> symbols = names_of(answer.log, EventKind::symbol_undefined);
  const std::vector<std::string> libraries = names_of(answer.log, EventKind::library_missing);
  if (symbols.empty() && libraries.empty()) return;
  auto place = link_place(answer.log, command, root);
  if (!place) return;
  const Searcher searcher(*std::move(place), progress);
  searcher.find_libraries(libraries, answer.searches);
  searcher.find_symbols(symbols, answer.searches);
}

}  // namespace tenon::explain
