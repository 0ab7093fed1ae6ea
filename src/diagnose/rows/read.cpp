#include "diagnose/rows/read.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/template.h"
#include "base/text.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "diagnose/origin.h"
#include "diagnose/rows/row.h"
#include "diagnose/rows/tests.h"
#include "diagnose/rows/wording.h"
#include "format/toml/toml.h"

namespace tenon::rows {
namespace {

constexpr std::size_t most_entries = 400, most_string = 16384, most_depth = 4;

// What is_of() of the context knows.
constexpr auto kinds_of_log =
    std::to_array<std::string_view>({"darwin", "linux", "windows", "alpine", "android", "freebsd",
                                     "arm64", "amd64", "cross", "static", "zig", "journal"});

struct OriginPart {
  std::string_view prefix;
  Known tenon::Origin::* member;
};

constexpr auto origin_parts =
    std::to_array<OriginPart>({{"host:", &tenon::Origin::host},
                               {"libc:", &tenon::Origin::libc},
                               {"distribution:", &tenon::Origin::distribution},
                               {"release:", &tenon::Origin::release},
                               {"speaker:", &tenon::Origin::speaker}});

constexpr auto sureness_names =
    std::to_array<std::string_view>({"certain", "likely", "possible", "weak"});
constexpr std::array<Sureness, 4> sureness_values{Sureness::certain, Sureness::likely,
                                                  Sureness::possible, Sureness::weak};

class Reader {
 public:
  Reader(std::string_view file, Origin origin) : file_(file), origin_(origin) {}

  Read run(std::string_view text);

 private:
  void fail(std::size_t line, std::string message) {
    if (out_.errors.size() < most_row_errors)
      out_.errors.push_back({file_, line, std::move(message)});
  }
  void fail(const toml::node& node, std::string message) {
    fail(node.source().begin.line, std::move(message));
  }
  void unknown(const toml::node& node, std::string_view what, std::string_view word,
               const Names& allowed);
  // Each key of a table to its handler; keys that have none are errors.
  template <class Handlers>
  void keys(const toml::table& table, std::string_view what, const Handlers& handlers);

  std::string text_of(const toml::node& node);
  std::string template_of(const toml::node& node);
  bool bool_of(const toml::node& node);
  std::vector<const toml::node*> list_of(const toml::node& node);
  std::vector<std::string> texts_of(const toml::node& node);
  std::vector<std::string> words_of(const toml::node& node);
  std::vector<std::string> templates_of(const toml::node& node);
  std::size_t count_of(const toml::node& node);
  Sureness sureness_of(const toml::node& node);
  Captures captures_of(const toml::node& node);
  std::vector<NewName> new_names_of(const toml::node& node);

  EventKind event_of(const toml::node& node, std::string_view word);
  TextTest text_test(const toml::node& node);
  std::vector<FieldTest> where_of(const toml::node& node);
  void sought_key(Sought& out, std::string_view key, const toml::node& node);
  Sought sought_of(const toml::node& node);
  Clue word_clue(const toml::node& node);
  Clue clue_of(const toml::node& node, std::size_t depth);
  std::vector<Clue> clues_of(const toml::node& node, std::size_t depth);
  bool clues_key(Clues& out, std::string_view key, const toml::node& node, std::size_t depth);
  Clues needs_of(const toml::node& node);
  bool (*test_of(const toml::node& node, std::string_view word))(const Log&, Proof&);
  When when_of(const toml::table& table);
  Sample sample_of(const toml::table& table);
  void page_key(Page& page, std::string_view key, const toml::node& node);
  Row row_of(const toml::table& table);

  std::string file_;
  Origin origin_;
  Read out_;
};

void Reader::unknown(const toml::node& node, std::string_view what, std::string_view word,
                     const Names& allowed) {
  const std::string_view near = nearest(word, allowed);
  std::string message = fmt::format("there is no {} '{}'", what, word);
  message +=
      near.empty() ? "; there are: " + listed(allowed) : fmt::format("; did you mean {}?", near);
  fail(node, std::move(message));
}

std::string Reader::text_of(const toml::node& node) {
  const auto text = node.value<std::string>();
  if (!text || !node.is_string()) {
    fail(node, "expected a string in quotes");
    return {};
  }
  if (text->empty()) fail(node, "an empty text matches every line");
  if (text->size() > most_string) fail(node, "a text has at most 16384 bytes");
  return *text;
}

std::string Reader::template_of(const toml::node& node) {
  std::string out = text_of(node);
  if (const std::string problem = template_problem(out); !problem.empty())
    fail(node, fmt::format("the template \"{}\" {}", out, problem));
  return out;
}

bool Reader::bool_of(const toml::node& node) {
  if (!node.is_boolean()) fail(node, "expected true or false");
  return node.value<bool>().value_or(false);
}

std::size_t Reader::count_of(const toml::node& node) {
  const auto count = node.value<std::int64_t>();
  if (node.is_integer() && count && *count >= 1 && *count <= 64)
    return static_cast<std::size_t>(*count);
  fail(node, "expected a number from 1 to 64");
  return 1;
}

// The entries of a list; a single value is a list of one.
std::vector<const toml::node*> Reader::list_of(const toml::node& node) {
  std::vector<const toml::node*> out;
  const toml::array* list = node.as_array();
  if (list == nullptr) return {&node};
  if (list->size() > most_entries) fail(node, "a list has at most 400 entries");
  for (std::size_t i = 0; i < std::min(list->size(), most_entries); ++i)
    out.push_back(list->get(i));
  if (out.empty()) fail(node, "the list is empty");
  return out;
}

std::vector<std::string> Reader::texts_of(const toml::node& node) {
  std::vector<std::string> out;
  for (const toml::node* one : list_of(node)) out.push_back(text_of(*one));
  return out;
}

// A command: no text is split at its blanks, which a name may have.
std::vector<std::string> Reader::words_of(const toml::node& node) {
  if (node.is_array()) return texts_of(node);
  fail(node, "a command is a list of words, such as [\"go\", \"env\", \"CC\"]");
  return {};
}

std::vector<std::string> Reader::templates_of(const toml::node& node) {
  std::vector<std::string> out;
  for (const toml::node* one : list_of(node)) out.push_back(template_of(*one));
  return out;
}

Sureness Reader::sureness_of(const toml::node& node) {
  const std::string word = text_of(node);
  const auto found = std::ranges::find(sureness_names, word);
  if (found != sureness_names.end())
    return sureness_values[static_cast<std::size_t>(found - sureness_names.begin())];
  unknown(node, "confidence", word, Names(sureness_names.begin(), sureness_names.end()));
  return Sureness::weak;
}

Captures Reader::captures_of(const toml::node& node) {
  Captures out;
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    fail(node, "expected a table of names, such as { name = \"x\" }");
    return out;
  }
  for (const auto& [key, value] : *table) out.emplace_back(key.str(), text_of(value));
  return out;
}

// { cc = "{program}", symbol = "bare_symbol(name)" }
std::vector<NewName> Reader::new_names_of(const toml::node& node) {
  std::vector<NewName> out;
  for (const auto& [name, value] : captures_of(node)) {
    NewName& one = out.emplace_back(NewName{name, value, nullptr});
    const std::size_t open = value.find('(');
    if (value.contains('{') || open == value.npos || !value.ends_with(')')) continue;
    one.value = value.substr(open + 1, value.size() - open - 2);
    const std::string word = value.substr(0, open);
    const auto found = std::ranges::find(transforms(), word, &Transform::name);
    if (found == transforms().end()) {
      unknown(node, "function of names", word, names_of(transforms()));
    } else {
      one.made = found->made;
    }
  }
  return out;
}

EventKind Reader::event_of(const toml::node& node, std::string_view word) {
  const Names names = event_names();
  const auto found = std::ranges::find(names, word);
  if (found != names.end()) return static_cast<EventKind>(found - names.begin());
  unknown(node, "event", word, names);
  return EventKind::relay;
}

TextTest Reader::text_test(const toml::node& node) {
  using Kind = TextTest::Kind;
  struct Op {
    std::string_view name;
    Kind kind;
  };
  constexpr std::array<Op, 5> ops{{{"starts:", Kind::starts},
                                   {"ends:", Kind::ends},
                                   {"contains:", Kind::contains},
                                   {"equals:", Kind::equals},
                                   {"option:", Kind::option}}};
  const std::string word = text_of(node);
  std::string_view rest = word;
  TextTest out;
  out.negated = rest.starts_with('!');
  if (out.negated) rest.remove_prefix(1);
  for (const Op& op : ops) {
    if (!rest.starts_with(op.name)) continue;
    out.kind = op.kind;
    out.literal = rest.substr(op.name.size());
    if (out.literal.empty() && op.kind != Kind::equals) fail(node, "expected a text after ':'");
    return out;
  }
  const auto found = std::ranges::find(predicates(), rest, &Predicate::name);
  out.kind = Kind::predicate;
  out.predicate = [](std::string_view) { return false; };
  if (found != predicates().end()) {
    out.predicate = found->holds;
    return out;
  }
  Names allowed = names_of(predicates());
  for (const Op& op : ops) allowed.push_back(op.name);
  unknown(node, "condition", rest, allowed);
  return out;
}

// "x", ["x", "y"] for one of them, [["x", "y"], ["z"]] for one of each.
std::vector<FieldTest> Reader::where_of(const toml::node& node) {
  std::vector<FieldTest> out;
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    fail(node, "expected a table, such as { header = \"libc_header\" }");
    return out;
  }
  for (const auto& [key, value] : *table) {
    FieldTest field{std::string(key.str()), {}};
    const auto entries = list_of(value);
    const bool nested =
        std::ranges::any_of(entries, [](const auto* one) { return one->is_array(); });
    if (!nested) field.groups.emplace_back();
    for (const toml::node* one : entries) {
      if (nested) field.groups.emplace_back();
      for (const toml::node* word : list_of(*one)) field.groups.back().push_back(text_test(*word));
    }
    out.push_back(std::move(field));
  }
  return out;
}

// Keys that say what to look for.
void Reader::sought_key(Sought& out, std::string_view key, const toml::node& node) {
  if (key == "event") {
    for (const toml::node* one : list_of(node)) out.events.push_back(event_of(*one, text_of(*one)));
  } else if (key == "line") {
    out.lines = templates_of(node);
  } else if (key == "where") {
    out.where = where_of(node);
  } else if (key == "least") {
    out.least = count_of(node);
  }
}

constexpr std::array<std::string_view, 4> sought_keys{"event", "line", "where", "least"};
constexpr std::array<std::string_view, 3> clue_keys{"all", "any", "none"};

template <class List>
bool is_one_of(const List& list, std::string_view key) {
  return std::ranges::find(list, key) != list.end();
}

Sought Reader::sought_of(const toml::node& node) {
  Sought out;
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    out.lines = {template_of(node)};
    return out;
  }
  for (const auto& [key, value] : *table) {
    if (is_one_of(sought_keys, key.str())) {
      sought_key(out, key.str(), value);
    } else {
      unknown(value, "key", key.str(), Names(sought_keys.begin(), sought_keys.end()));
    }
  }
  return out;
}

bool (*Reader::test_of(const toml::node& node, std::string_view word))(const Log&, Proof&) {
  const auto found = std::ranges::find(tests(), word, &Test::name);
  if (found != tests().end()) return found->holds;
  unknown(node, "test", word, names_of(tests()));
  return nullptr;
}

// "event:no_space", "on:darwin", "goos:linux", "goarch:arm64", "host:darwin", "test:of_a_module", a
// template or a text.
Clue Reader::word_clue(const toml::node& node) {
  Clue out;
  out.text = text_of(node);
  const std::string_view text = out.text;
  const auto behind = [&](std::string_view prefix) { return text.substr(prefix.size()); };
  if (text.starts_with("event:")) {
    out.kind = Clue::Kind::sought;
    out.sought.events = {event_of(node, behind("event:"))};
  } else if (text == "on:tenon") {
    out.kind = Clue::Kind::tenon;
  } else if (text.starts_with("on:")) {
    out.kind = Clue::Kind::of;
    const std::string name(behind("on:"));
    if (std::ranges::find(kinds_of_log, name) == kinds_of_log.end())
      unknown(node, "system or flag", name, Names(kinds_of_log.begin(), kinds_of_log.end()));
    out.text = name;
  } else if (text.starts_with("test:")) {
    out.kind = Clue::Kind::test;
    out.test = test_of(node, behind("test:"));
  } else if (text.starts_with("goos:") || text.starts_with("goarch:")) {
    out.kind = text.starts_with("goos:") ? Clue::Kind::goos : Clue::Kind::goarch;
    out.text = std::string(text.substr(text.find(':') + 1));
  } else if (const auto part = std::ranges::find_if(
                 origin_parts, [&](const OriginPart& one) { return text.starts_with(one.prefix); });
             part != origin_parts.end()) {
    out.kind = Clue::Kind::origin;
    out.known = part->member;
    out.text = std::string(text.substr(part->prefix.size()));
  } else if (is_template(text)) {
    out.kind = Clue::Kind::line;
    out.text = template_of(node);
  }
  return out;
}

Clue Reader::clue_of(const toml::node& node, std::size_t depth) {
  const toml::table* table = node.as_table();
  if (table == nullptr) return word_clue(node);
  Clue out;
  out.kind = Clue::Kind::sought;
  if (depth == 0) {
    fail(node, "clues are nested too deeply");
    return out;
  }
  Names allowed(sought_keys.begin(), sought_keys.end());
  allowed.insert(allowed.end(), clue_keys.begin(), clue_keys.end());
  for (const auto& [key, value] : *table) {
    if (is_one_of(sought_keys, key.str())) {
      sought_key(out.sought, key.str(), value);
    } else if (!clues_key(out.beside, key.str(), value, depth - 1)) {
      unknown(value, "key", key.str(), allowed);
    }
  }
  return out;
}

std::vector<Clue> Reader::clues_of(const toml::node& node, std::size_t depth) {
  std::vector<Clue> out;
  for (const toml::node* one : list_of(node)) out.push_back(clue_of(*one, depth));
  return out;
}

bool Reader::clues_key(Clues& out, std::string_view key, const toml::node& node,
                       std::size_t depth) {
  if (key == "all") {
    out.all = clues_of(node, depth);
  } else if (key == "none") {
    out.none = clues_of(node, depth);
  } else if (key == "any") {
    const auto entries = list_of(node);
    const bool nested =
        std::ranges::all_of(entries, [](const auto* one) { return one->is_array(); });
    if (!nested) out.any.push_back(clues_of(node, depth));
    for (std::size_t i = 0; nested && i < entries.size(); ++i) {
      out.any.push_back(clues_of(*entries[i], depth));
    }
  } else {
    return false;
  }
  return true;
}

Clues Reader::needs_of(const toml::node& node) {
  Clues out;
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    fail(node, "expected a table of all, any and none");
    return out;
  }
  for (const auto& [key, value] : *table) {
    if (!clues_key(out, key.str(), value, most_depth))
      unknown(value, "key", key.str(), Names(clue_keys.begin(), clue_keys.end()));
  }
  return out;
}

constexpr auto when_keys = std::to_array<std::string_view>(
    {"event", "line", "where", "least", "test", "all", "any", "none", "also", "confidence",
     "certain_if", "likely_if", "possible_if", "weak_if", "captures", "hides"});

When Reader::when_of(const toml::table& table) {
  When out;
  for (const auto& [key, value] : table) {
    const std::string_view name = key.str();
    if (is_one_of(sought_keys, name)) {
      sought_key(out.sought, name, value);
    } else if (clues_key(out.clues, name, value, most_depth)) {
      continue;
    } else if (name == "test") {
      out.test = test_of(value, text_of(value));
    } else if (name == "also") {
      for (const toml::node* one : list_of(value)) out.also.push_back(sought_of(*one));
    } else if (name == "confidence") {
      out.sureness = sureness_of(value);
    } else if (name == "captures") {
      out.captures = new_names_of(value);
    } else if (name == "hides") {
      out.hides = texts_of(value);
    } else if (!is_one_of(when_keys, name)) {
      unknown(value, "key", name, Names(when_keys.begin(), when_keys.end()));
    }
  }
  for (std::size_t i = 0; i < sureness_names.size(); ++i) {
    const toml::node* node = table.get(std::string(sureness_names[i]) + "_if");
    if (node != nullptr) out.instead.emplace_back(sureness_values[i], clues_of(*node, most_depth));
  }
  if (out.sought.empty() && out.test == nullptr)
    fail(table, "an alternative looks for an event, a line or a test");
  return out;
}

Sample Reader::sample_of(const toml::table& table) {
  Sample out;
  for (const auto& [key, value] : table) {
    if (key == "log") {
      out.log = text_of(value);
    } else if (key == "captures") {
      out.captures = captures_of(value);
    } else if (key == "first") {
      out.first = bool_of(value);
    } else if (key == "confidence") {
      out.sureness = sureness_of(value);
    } else {
      unknown(value, "key", key.str(), {"log", "captures", "first", "confidence"});
    }
  }
  if (out.log.empty()) fail(table, "a sample has a log");
  return out;
}

struct PageText {
  std::string_view name;
  std::string Page::* member;
};

constexpr auto page_texts = std::to_array<PageText>({{"code", &Page::code},
                                                     {"title", &Page::title},
                                                     {"happens", &Page::happens},
                                                     {"tell", &Page::tell},
                                                     {"fix", &Page::fix},
                                                     {"prevent", &Page::prevent},
                                                     {"since", &Page::since},
                                                     {"versions", &Page::versions}});

// Of the catalogue; scripts/make_catalog.py checks them.
constexpr std::array<std::string_view, 3> catalog_keys{"group", "explains_c", "retired"};

constexpr auto cause_keys = std::to_array<std::string_view>(
    {"slug",    "code",     "title",  "happens",    "tell",   "fix",      "prevent",
     "since",   "versions", "decide", "commands",   "rivals", "harmless", "installs",
     "general", "needs",    "hides",  "confidence", "when",   "sample"});

void Reader::page_key(Page& page, std::string_view key, const toml::node& node) {
  const auto text = std::ranges::find(page_texts, key, &PageText::name);
  if (text != page_texts.end()) {
    page.*(text->member) = text_of(node);
  } else if (key == "commands") {
    for (const toml::node* one : list_of(node)) page.commands.push_back(words_of(*one));
  } else if (key == "decide") {
    page.decide = words_of(node);
  } else if (key == "rivals") {
    page.rivals = texts_of(node);
  } else if (key == "harmless") {
    page.harmless = bool_of(node);
  } else if (key == "installs") {
    page.installs = bool_of(node);
  } else if (key == "general") {
    page.general = bool_of(node);
  } else if (!is_one_of(cause_keys, key) &&
             (origin_ == Origin::team || !is_one_of(catalog_keys, key))) {
    unknown(node, "key", key, Names(cause_keys.begin(), cause_keys.end()));
  }
}

Row Reader::row_of(const toml::table& table) {
  Row out;
  out.line = table.source().begin.line;
  if (const toml::node* slug = table.get("slug")) out.slug = text_of(*slug);
  if (!out.slug.contains('/')) fail(table, "a cause has a slug such as \"area/name\"");
  std::optional<Sureness> sureness;
  for (const auto& [key, value] : table) {
    if (key == "needs") {
      out.needs = needs_of(value);
    } else if (key == "hides") {
      out.hides = texts_of(value);
    } else if (key == "confidence") {
      sureness = sureness_of(value);
    } else if (key == "when" || key == "sample") {
      for (const toml::node* one : list_of(value)) {
        const toml::table* entry = one->as_table();
        if (entry == nullptr) {
          fail(*one, fmt::format("[[cause.{}]] is a table", key.str()));
        } else if (key == "sample") {
          out.samples.push_back(sample_of(*entry));
        } else {
          out.when.push_back(when_of(*entry));
          if (sureness && !entry->contains("confidence")) out.when.back().sureness = *sureness;
        }
      }
    } else {
      page_key(out.page, key.str(), value);
    }
  }
  return out;
}

Read Reader::run(std::string_view text) {
  if (text.size() > most_row_text) {
    fail(0, "the file is larger than 1 MiB");
    return std::move(out_);
  }
  const auto result = parse_toml(text, file_);
  if (!result) {
    fail(0, "the text is not valid TOML");
    return std::move(out_);
  }
  const toml::parse_result& parsed = *result;
  if (!parsed) {
    fail(parsed.error().source().begin.line, std::string(parsed.error().description()));
    return std::move(out_);
  }
  for (const auto& [key, value] : parsed.table()) {
    if (key != "cause") {
      unknown(value, "key", key.str(), {"cause"});
      continue;
    }
    for (const toml::node* one : list_of(value)) {
      const std::size_t before = out_.errors.size();
      const toml::table* table = one->as_table();
      if (table == nullptr) {
        fail(*one, "a cause begins with [[cause]]");
        continue;
      }
      Row row = row_of(*table);
      if (out_.errors.size() == before) out_.rows.push_back(std::move(row));
    }
  }
  return std::move(out_);
}

}  // namespace

Read read_rows(std::string_view text, std::string_view file, Origin origin) {
  return Reader(file, origin).run(text);
}

}  // namespace tenon::rows
