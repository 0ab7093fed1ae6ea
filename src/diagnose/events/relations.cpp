// Which event explains which. Tools go on after the first trouble, and messengers repeat it: what
// they say later is noise of an earlier event.
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "diagnose/events/events.h"
#include "diagnose/log_event.h"
#include "diagnose/rows/names.h"

namespace tenon {
namespace {

using enum EventKind;

struct Relation {
  EventKind later, earlier;
  bool same_package = false;  // both speak of one package
};

// Of one line the reasons with the strongest first.
constexpr auto relations = std::to_array<Relation>({
    // A linker only warns of a file for another machine; then all of its symbols are missing.
    {symbol_undefined, file_ignored},
    {symbol_undefined, file_format},
    {symbol_undefined, library_missing},
    {symbol_undefined, framework_missing},
    {library_missing, file_ignored},
    // A folder that is gone holds no library.
    {library_missing, search_path_missing},
    {framework_missing, search_path_missing},
    {header_missing, sdk_missing},
    {header_missing, tools_missing},
    {header_missing, license_open},
    {program_missing, tools_missing},
    // Without its header no name of it is known.
    {c_name_undeclared, header_missing, true},
    {c_name_unknown, header_missing, true},
    {c_name_unknown, program_missing},
    {header_refused, header_missing, true},
    // Packages whose files are left out have no names.
    {go_name_undefined, files_excluded},
    {go_error, files_excluded},
    {go_name_undefined, cgo_required},
    // What could not be fetched is not there.
    {package_missing, module_unreachable},
    {module_sum, module_unreachable},
    {go_name_undefined, package_missing},
    // A compiler for another machine knows neither its options nor its instructions.
    {assembler_refuses, option_unknown, true},
    {option_unused, option_unknown, true},
    {killed, signature_refused},
    {killed, quarantine},
    {library_not_loaded, signature_refused},
});

bool hides_all(EventKind kind) {
  return kind == no_space || kind == no_memory || kind == no_threads;
}

// Below tenon's own answer stands what it was read from; the next answer ends it.
std::optional<std::size_t> answered(std::span<const LogEvent> events, std::size_t at) {
  if (events[at].kind == finding) return std::nullopt;
  for (std::size_t i = at; i-- > 0;) {
    if (events[i].kind == finding && events[i].weight == Weight::failure) return i;
  }
  return std::nullopt;
}

// Without room or memory any tool fails, in its own words.
std::optional<std::size_t> exhausted(std::span<const LogEvent> events, std::size_t at) {
  if (hides_all(events[at].kind)) return std::nullopt;
  for (std::size_t i = 0; i < at; ++i) {
    if (hides_all(events[i].kind)) return i;
  }
  return std::nullopt;
}

// Where the start files of the C library are missing its own libraries are, too.
std::optional<std::size_t> lacks_libc(std::span<const LogEvent> events, std::size_t at) {
  std::string_view name = events[at].get("name");
  name = name.substr(0, name.find_first_of(": \t'`"));  // "pthread: No such file or directory"
  if (events[at].kind != library_missing || !rows::is_libc_library(name)) return std::nullopt;
  for (std::size_t i = at; i-- > 0;) {
    if (events[i].kind == start_file_missing && events[i].package == events[at].package) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> reason(std::span<const LogEvent> events, std::size_t at) {
  for (const Relation& one : relations) {
    if (one.later != events[at].kind) continue;
    for (std::size_t i = at; i-- > 0;) {
      if (events[i].kind != one.earlier) continue;
      if (one.same_package && events[i].package != events[at].package) continue;
      return i;
    }
  }
  return std::nullopt;
}

// What a messenger passes on: the nearest failure above, of its package if there is one.
std::optional<std::size_t> message(std::span<const LogEvent> events, std::size_t at) {
  std::optional<std::size_t> any;
  for (std::size_t i = at; i-- > 0;) {
    if (events[i].weight != Weight::failure) continue;
    if (events[i].package == events[at].package) return i;
    if (!any) any = i;
  }
  if (any) return any;
  for (std::size_t i = at; i-- > 0;) {
    if (events[i].weight == Weight::warning) return i;
  }
  return std::nullopt;
}

}  // namespace

void relate_events(std::vector<LogEvent>& events) {
  // Looking back over all of a very long log would cost its square.
  constexpr std::size_t most_related = 2000;
  const std::size_t count = std::min(events.size(), most_related);
  const std::span<LogEvent> near(events.data(), count);
  for (std::size_t i = 0; i < count; ++i) {
    LogEvent& event = near[i];
    event.follows = answered(near, i);
    if (!event.follows) event.follows = exhausted(near, i);
    if (!event.follows) event.follows = lacks_libc(near, i);
    if (event.follows) continue;
    event.follows = event.weight == Weight::relay ? message(near, i) : reason(near, i);
  }
  // The root, not the next link of a chain: each reason stands earlier than its consequence.
  for (LogEvent& event : near) {
    while (event.follows && near[*event.follows].follows) {
      event.follows = near[*event.follows].follows;
    }
  }
}

}  // namespace tenon
