// Rows on logs: which alternative holds, and what proves it.
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/template.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "diagnose/origin.h"
#include "diagnose/rows/row.h"

namespace tenon::rows {
namespace {

// An event or a line that was found.
struct Hit {
  const LogEvent* event = nullptr;
  std::optional<LogMatch> line;
};

std::string_view weight_name(Weight weight) {
  switch (weight) {
    case Weight::failure: return "failure";
    case Weight::warning: return "warning";
    case Weight::relay: return "relay";
  }
  return "";
}

// "foo" of "-lfoo: No such file", "-lfoo'" and "lib 'foo'".
std::string_view library_name(std::string_view name) {
  return name.substr(0, name.find_first_of(": \t'\"`,;"));
}

// "/usr/bin/aarch64-linux-gnu-gcc" of "/usr/bin/aarch64-linux-gnu-gcc: error: ...".
std::string_view speaker_of(std::string_view text) { return text.substr(0, text.find(": ")); }

std::string_view field_of(const Log& /*log*/, const LogEvent& event, std::string_view field) {
  if (field == "text") return event.text;
  if (field == "speaker") return speaker_of(event.text);
  if (field == "tool") return event.voice.tool;
  if (field == "stage") return event.voice.stage;
  if (field == "package") return event.package;
  if (field == "weight") return weight_name(event.weight);
  if (field == "library") return library_name(event.get("name"));
  if (field == "follows") return event.follows ? "another" : "";
  return event.get(field);
}

std::string_view field_of(const Log& log, const LogMatch& line, std::string_view field) {
  if (field == "text") return line.text;
  if (field == "speaker") return speaker_of(line.text);
  if (field == "library") return library_name(capture(line.captures, "name"));
  if (field == "follows") {
    const LogEvent* event = log.event_at(line.line);
    return event != nullptr && event->follows ? "another" : "";
  }
  return capture(line.captures, field);
}

// "'-m64'; did you mean" is "-m64'; did you mean".
std::string_view from_dash(std::string_view text) {
  const std::size_t at = text.find('-');
  return at == text.npos ? std::string_view() : text.substr(at);
}

bool holds(const TextTest& test, std::string_view text) {
  switch (test.kind) {
    case TextTest::Kind::starts: return text.starts_with(test.literal);
    case TextTest::Kind::ends: return text.ends_with(test.literal);
    case TextTest::Kind::contains: return text.contains(test.literal);
    case TextTest::Kind::equals: return text == test.literal;
    case TextTest::Kind::option: return from_dash(text).starts_with(test.literal);
    case TextTest::Kind::predicate: return test.predicate(text);
  }
  return false;
}

bool group_holds(const std::vector<TextTest>& group, std::string_view text) {
  bool wanted = false, found = false;
  for (const TextTest& test : group) {
    const bool now = holds(test, text);
    if (test.negated && now) return false;
    if (test.negated) continue;
    wanted = true;
    found = found || now;
  }
  return found || !wanted;
}

template <class Found>
bool fields_hold(const std::vector<FieldTest>& where, const Log& log, const Found& found) {
  return std::ranges::all_of(where, [&](const FieldTest& one) {
    const std::string_view text = field_of(log, found, one.field);
    return std::ranges::all_of(one.groups,
                               [&](const auto& group) { return group_holds(group, text); });
  });
}

// Of the events that fit the first that no earlier one explains, else the first.
const LogEvent* find_event(const Sought& sought, const Log& log) {
  for (const EventKind kind : sought.events) {
    const LogEvent* first = nullptr;
    std::size_t count = 0;
    for (const LogEvent& one : log.events) {
      if (one.kind != kind || !fields_hold(sought.where, log, one)) continue;
      ++count;
      if (first == nullptr || (first->follows && !one.follows)) first = &one;
      if (!first->follows && count >= sought.least) return first;
    }
    if (first != nullptr && count >= sought.least) return first;
  }
  return nullptr;
}

std::optional<LogMatch> find_line(const Sought& sought, const Log& log) {
  for (const std::string& pattern : sought.lines) {
    // Without further conditions the first line is as good as any.
    const std::size_t most = sought.where.empty() && sought.least == 1 ? 1 : 64;
    auto lines = log.all(pattern, most);
    std::erase_if(lines, [&](const LogMatch& one) { return !fields_hold(sought.where, log, one); });
    if (!lines.empty() && lines.size() >= sought.least) return std::move(lines.front());
  }
  return std::nullopt;
}

bool find(const Sought& sought, const Log& log, Hit& hit) {
  hit.event = find_event(sought, log);
  if (hit.event == nullptr) hit.line = find_line(sought, log);
  return hit.event != nullptr || hit.line.has_value();
}

void take(const Hit& hit, Proof& proof) {
  proof.take(hit.event);
  proof.take(hit.line);
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A short word is one, and no part of another: "apt" is not in "captured".
bool occurs(std::string_view text, std::string_view wanted) {
  constexpr std::size_t most = 4;
  const bool word = wanted.size() <= most && std::ranges::all_of(wanted, is_letter);
  for (std::size_t at = text.find(wanted); at != text.npos; at = text.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    const bool alone =
        (at == 0 || !is_letter(text[at - 1])) && (end == text.size() || !is_letter(text[end]));
    if (!word || alone) return true;
  }
  return false;
}

bool clues_hold(const Clues& clues, const Log& log);

bool holds(const Clue& clue, const Log& log) {
  Proof unused;
  Hit hit;
  switch (clue.kind) {
    case Clue::Kind::text: return occurs(log.text(), clue.text);
    case Clue::Kind::line: return log.find(clue.text).has_value();
    case Clue::Kind::of: return is_of(log.origin, clue.text);
    case Clue::Kind::goos: return log.goos == clue.text;
    case Clue::Kind::goarch: return log.goarch == clue.text;
    case Clue::Kind::origin: return (log.origin.*clue.known).is(clue.text);
    case Clue::Kind::tenon: return log.build.tenon;
    case Clue::Kind::test: return clue.test(log, unused);
    case Clue::Kind::sought:
      return (clue.sought.empty() || find(clue.sought, log, hit)) && clues_hold(clue.beside, log);
  }
  return false;
}

bool one_holds(const std::vector<Clue>& clues, const Log& log) {
  return std::ranges::any_of(clues, [&](const Clue& one) { return holds(one, log); });
}

bool clues_hold(const Clues& clues, const Log& log) {
  return std::ranges::all_of(clues.all, [&](const Clue& one) { return holds(one, log); }) &&
         std::ranges::all_of(clues.any, [&](const auto& group) { return one_holds(group, log); }) &&
         !one_holds(clues.none, log);
}

Sureness sureness_of(const When& when, const Log& log) {
  for (const auto& [sureness, clues] : when.instead) {
    if (one_holds(clues, log)) return sureness;
  }
  return when.sureness;
}

std::string_view field_of(const Log& log, const Hit& hit, const Proof& proof,
                          std::string_view field) {
  if (hit.event != nullptr) return field_of(log, *hit.event, field);
  return hit.line ? field_of(log, *hit.line, field) : capture(proof.captures, field);
}

// Before what was found is taken: the first name of a kind counts.
void add_names(const When& when, const Log& log, const Hit& hit, Proof& proof) {
  for (const NewName& one : when.captures) {
    std::string value;
    if (one.made != nullptr) {
      value = one.made(field_of(log, hit, proof, one.value));
    } else {
      const Captures& own = hit.event != nullptr ? hit.event->captures
                            : hit.line           ? hit.line->captures
                                                 : proof.captures;
      value = fill(one.value, own);
    }
    if (!value.empty()) proof.captures.emplace_back(one.name, std::move(value));
  }
}

bool when_holds(const When& when, const Log& log, Proof& proof) {
  Hit hit;
  if (!when.sought.empty() && !find(when.sought, log, hit)) return false;
  if (!clues_hold(when.clues, log)) return false;
  if (when.test != nullptr && !when.test(log, proof)) return false;
  add_names(when, log, hit, proof);
  take(hit, proof);
  for (const Sought& further : when.also) {
    Hit another;
    if (find(further, log, another)) take(another, proof);
  }
  return true;
}

}  // namespace

std::string_view sureness_name(Sureness sureness) {
  switch (sureness) {
    case Sureness::weak: return "weak";
    case Sureness::possible: return "possible";
    case Sureness::likely: return "likely";
    case Sureness::certain: return "certain";
  }
  return "";
}

bool match_row(const Row& row, const Log& log, Match& match) {
  if (!clues_hold(row.needs, log)) return false;
  for (const When& when : row.when) {
    Proof proof;
    if (!when_holds(when, log, proof)) continue;
    match = {sureness_of(when, log), std::move(proof), &when};
    return true;
  }
  return false;
}

bool means(std::string_view pattern, std::string_view slug) {
  if (!pattern.ends_with('*')) return pattern == slug;
  return slug.starts_with(pattern.substr(0, pattern.size() - 1));
}

}  // namespace tenon::rows
