#include <tree_sitter/api.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "format/tree/query.h"
#include "format/tree/tree.h"

extern "C" {
const TSLanguage* tree_sitter_java();
const TSLanguage* tree_sitter_go();
const TSLanguage* tree_sitter_c();
}

namespace tenon::tree {
namespace {

constexpr std::size_t most_bytes = 100'000'000;
constexpr std::chrono::seconds time_for_piece{2};
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t piece = std::size_t{4} << 20U;

const TSLanguage* grammar(Language language) {
  switch (language) {
    case Language::java: return tree_sitter_java();
    case Language::go: return tree_sitter_go();
    case Language::c: return tree_sitter_c();
  }
  return nullptr;
}

struct Input {
  std::string_view text;
  std::chrono::steady_clock::time_point end;
};

const char* read(void* payload, std::uint32_t offset, TSPoint /*position*/, std::uint32_t* size) {
  const auto& input = *static_cast<const Input*>(payload);
  if (offset >= input.text.size()) {
    *size = 0;
    return "";
  }
  *size = static_cast<std::uint32_t>(input.text.size() - offset);
  return input.text.data() + offset;
}

// Text in another encoding than UTF-8: each byte a character, so that offsets stay bytes.
std::uint32_t decode_byte(const std::uint8_t* bytes, std::uint32_t size, std::int32_t* character) {
  if (size == 0) return 0;
  *character = *bytes;
  return 1;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80U) {
      ++at;
      continue;
    }
    const std::size_t length = character_length(text.substr(at));
    if (length == 0) return false;
    at += length;
  }
  return true;
}

bool too_long(TSParseState* state) {
  return std::chrono::steady_clock::now() > static_cast<const Input*>(state->payload)->end;
}

struct Free {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }

  void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};

struct Cursor {
  explicit Cursor(const TSTree* tree) : state(ts_tree_cursor_new(ts_tree_root_node(tree))) {}

  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  ~Cursor() { ts_tree_cursor_delete(&state); }

  TSTreeCursor state;
};

Node node_at(const TSTreeCursor& cursor) {
  const TSNode node = ts_tree_cursor_current_node(&cursor);
  Node out;
  out.kind = ts_node_symbol(node);
  out.field = ts_tree_cursor_current_field_id(&cursor);
  out.start = ts_node_start_byte(node);
  out.end = ts_node_end_byte(node);
  out.named = ts_node_is_named(node);
  out.error = ts_node_is_error(node);
  out.missing = ts_node_is_missing(node);
  out.comment = ts_node_is_extra(node) && !out.error;
  return out;
}

// In the order of the text, with a list of the open nodes instead of recursion.
std::vector<Node> flatten(const TSTree* tree, std::size_t bytes) {
  std::vector<Node> out;
  out.reserve(bytes / 6 + 16);
  Cursor cursor(tree);
  std::vector<Index> open;  // kept nodes above, from the root
  std::vector<bool> kept;   // of all nodes above
  for (bool more = true; more;) {
    Node node = node_at(cursor.state);
    const bool keep = out.empty() || node.named || node.field != 0 || node.error || node.missing;
    if (keep) {
      node.parent = open.empty() ? 0 : open.back();
      open.push_back(static_cast<Index>(out.size()));
      out.push_back(node);
    }
    kept.push_back(keep);
    if (ts_tree_cursor_goto_first_child(&cursor.state)) continue;
    for (;;) {
      if (kept.back()) {
        out[open.back()].after = static_cast<Index>(out.size());
        open.pop_back();
      }
      kept.pop_back();
      if (ts_tree_cursor_goto_next_sibling(&cursor.state)) break;
      more = ts_tree_cursor_goto_parent(&cursor.state);
      if (!more) break;
    }
  }
  return out;
}

}  // namespace

Kind kind_named(Language language, std::string_view name) {
  return ts_language_symbol_for_name(grammar(language), name.data(),
                                     static_cast<std::uint32_t>(name.size()), true);
}

Field field_named(Language language, std::string_view name) {
  return ts_language_field_id_for_name(grammar(language), name.data(),
                                       static_cast<std::uint32_t>(name.size()));
}

bool available() { return true; }

namespace {

using ParsedTree = std::unique_ptr<TSTree, Free>;

Result<ParsedTree> parsed(Language language, std::string_view text) {
  if (text.size() > most_bytes) return fail(Errc::limit, "the file is larger than 100 MB");
  const std::unique_ptr<TSParser, Free> parser(ts_parser_new());
  if (parser == nullptr || !ts_parser_set_language(parser.get(), grammar(language))) {
    return fail(Errc::unsupported, "the grammar does not fit the parser");
  }
  Input input{text, std::chrono::steady_clock::now() +
                        time_for_piece * static_cast<int>(1 + text.size() / piece)};
  const bool utf8 = is_utf8(text);
  // In another encoding the byte order mark would be three characters.
  std::string without_mark;
  if (!utf8 && text.starts_with(byte_order_mark)) {
    without_mark =
        std::string(byte_order_mark.size(), ' ') + std::string(text.substr(byte_order_mark.size()));
    input.text = without_mark;
  }
  const TSInput source{&input, read, utf8 ? TSInputEncodingUTF8 : TSInputEncodingCustom,
                       utf8 ? nullptr : decode_byte};
  ParsedTree tree(ts_parser_parse_with_options(parser.get(), nullptr, source, {&input, too_long}));
  if (tree == nullptr) return fail(Errc::limit, "the parser took too long");
  return tree;
}

}  // namespace

Result<Tree> parse(Language language, std::string_view text) {
  const ParsedTree tree = TENON_TRY(parsed(language, text));
  const bool errors = ts_node_has_error(ts_tree_root_node(tree.get()));
  return Tree(text, flatten(tree.get(), text.size()), errors);
}

// ---- queries ----

namespace {

struct FreeQuery {
  void operator()(TSQuery* query) const { ts_query_delete(query); }

  void operator()(TSQueryCursor* cursor) const { ts_query_cursor_delete(cursor); }
};

// "(#eq? @a "x")": the capture on its left, and what it is compared with.
struct Predicate {
  bool wanted = true;  // false: of #not-eq?
  std::uint32_t capture = 0;
  std::vector<std::string> texts;
  std::optional<std::uint32_t> other;  // a capture instead of texts
};

struct Timer {
  std::chrono::steady_clock::time_point end;
};

bool query_too_long(TSQueryCursorState* state) {
  return std::chrono::steady_clock::now() > static_cast<const Timer*>(state->payload)->end;
}

// The parser of queries fails an assertion on a group that has no pattern, "((#eq? @a "b")) @c",
// and on a predicate in the place of one, "name: (#eq? @a "b")", and forgets one outside of all
// groups. Gives where such a group begins.
std::optional<std::size_t> group_without_pattern(std::string_view text) {
  struct Open {
    std::size_t at = 0;
    char before = '\0';  // the group, without blanks
    bool alternation = false, pattern = false, predicate = false;
  };
  std::vector<Open> open;
  char before = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\') ++i;
      }
      if (!open.empty()) open.back().pattern = true;
    } else if (c == ';') {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == '(' || c == '[') {
      open.push_back({i, before, c == '['});
    } else if ((c == ')' || c == ']') && !open.empty()) {
      const Open closed = open.back();
      open.pop_back();
      if (!closed.pattern && !closed.predicate) return closed.at;
      const bool within = !open.empty() && open.back().pattern && !open.back().alternation;
      if (closed.predicate && (!within || closed.before == ':')) return closed.at;
      if (!open.empty()) open.back().pattern = true;
    } else if (c == '#' && !open.empty() && !open.back().pattern) {
      open.back().predicate = true;
    } else if (c > ' ' && c != '@' && c != '.' && !open.empty()) {
      // Of "@name" the name alone would count.
      if (i == 0 || text[i - 1] != '@') open.back().pattern = true;
    }
    if (i < text.size() && text[i] > ' ') before = text[i];
  }
  return std::nullopt;
}

const char* reason_of(TSQueryError error) {
  switch (error) {
    case TSQueryErrorNodeType: return "the grammar has no node of this name";
    case TSQueryErrorField: return "the grammar has no field of this name";
    case TSQueryErrorCapture: return "no part has this name";
    case TSQueryErrorStructure: return "no node of the grammar looks like this";
    default: return "this is not the form of a query";
  }
}

// From "eq?" to what follows it; nothing for a predicate that is not known.
std::optional<Predicate> predicate_of(const TSQuery* query,
                                      std::span<const TSQueryPredicateStep> steps) {
  const auto text_of = [&](const TSQueryPredicateStep& step) {
    std::uint32_t size = 0;
    const char* text = ts_query_string_value_for_id(query, step.value_id, &size);
    return std::string(text, size);
  };
  if (steps.size() < 3 || steps[0].type != TSQueryPredicateStepTypeString ||
      steps[1].type != TSQueryPredicateStepTypeCapture)
    return std::nullopt;
  const std::string name = text_of(steps[0]);
  const bool any = name == "any-of?" || name == "not-any-of?";
  if (!any && name != "eq?" && name != "not-eq?") return std::nullopt;
  if (!any && steps.size() != 3) return std::nullopt;
  Predicate out{!name.starts_with("not-"), steps[1].value_id, {}, {}};
  for (const TSQueryPredicateStep& step : steps.subspan(2)) {
    if (step.type == TSQueryPredicateStepTypeString) {
      out.texts.push_back(text_of(step));
    } else if (any) {
      return std::nullopt;
    } else {
      out.other = step.value_id;
    }
  }
  return out;
}

}  // namespace

struct Query::Parts {
  std::unique_ptr<TSQuery, FreeQuery> query;
  std::vector<std::string> names;
  std::vector<std::vector<Predicate>> predicates;  // of each pattern
};

Query::Query(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Query::Query(Query&&) noexcept = default;
Query& Query::operator=(Query&&) noexcept = default;
Query::~Query() = default;

const std::vector<std::string>& Query::captures() const { return parts_->names; }

std::expected<Query, QueryError> Query::compile(Language language, std::string_view text) {
  if (const auto empty = group_without_pattern(text))
    return std::unexpected(QueryError{
        *empty, "a group begins with a pattern, and a predicate stands in a group after it"});
  std::uint32_t offset = 0;
  TSQueryError error = TSQueryErrorNone;
  auto parts = std::make_unique<Parts>();
  parts->query.reset(ts_query_new(grammar(language), text.data(),
                                  static_cast<std::uint32_t>(text.size()), &offset, &error));
  if (parts->query == nullptr) return std::unexpected(QueryError{offset, reason_of(error)});
  const TSQuery* query = parts->query.get();
  for (std::uint32_t i = 0; i < ts_query_capture_count(query); ++i) {
    std::uint32_t size = 0;
    const char* name = ts_query_capture_name_for_id(query, i, &size);
    parts->names.emplace_back(name, size);
  }
  for (std::uint32_t i = 0; i < ts_query_pattern_count(query); ++i) {
    std::vector<Predicate>& all = parts->predicates.emplace_back();
    std::uint32_t count = 0;
    const TSQueryPredicateStep* first = ts_query_predicates_for_pattern(query, i, &count);
    std::span<const TSQueryPredicateStep> steps(first, count);
    while (!steps.empty()) {
      std::size_t size = 0;
      while (size < steps.size() && steps[size].type != TSQueryPredicateStepTypeDone) ++size;
      auto one = predicate_of(query, steps.first(size));
      if (!one)
        return std::unexpected(
            QueryError{ts_query_start_byte_for_pattern(query, i),
                       "a predicate is not #eq?, #not-eq?, #any-of? or #not-any-of?"});
      all.push_back(std::move(*one));
      steps = steps.subspan(std::min(size + 1, steps.size()));
    }
  }
  return Query(std::move(parts));
}

namespace {

bool holds(const Predicate& one, std::string_view text, const std::vector<Captured>& row) {
  const auto part = [&](std::uint32_t capture) {
    return text.substr(row[capture].start, row[capture].end - row[capture].start);
  };
  // What is not there has no text to compare.
  if (!row[one.capture].there || (one.other && !row[*one.other].there)) return true;
  const bool same = one.other ? part(one.capture) == part(*one.other)
                              : std::ranges::find(one.texts, part(one.capture)) != one.texts.end();
  return same == one.wanted;
}

constexpr std::size_t most_matches = 100'000;

Result<std::vector<std::vector<Captured>>> matches_of(const Query::Parts& parts, TSNode root,
                                                      std::string_view text, Timer& timer) {
  const std::unique_ptr<TSQueryCursor, FreeQuery> cursor(ts_query_cursor_new());
  const TSQueryCursorOptions options{&timer, query_too_long};
  ts_query_cursor_exec_with_options(cursor.get(), parts.query.get(), root, &options);
  std::vector<std::vector<Captured>> out;
  TSQueryMatch match;
  while (ts_query_cursor_next_match(cursor.get(), &match)) {
    std::vector<Captured> row(parts.names.size());
    for (const TSQueryCapture& one : std::span(match.captures, match.capture_count)) {
      Captured& captured = row[one.index];
      const std::uint32_t start = ts_node_start_byte(one.node), end = ts_node_end_byte(one.node);
      captured.start = captured.there ? std::min(captured.start, start) : start;
      captured.end = captured.there ? std::max(captured.end, end) : end;
      captured.there = true;
    }
    const auto& predicates = parts.predicates[match.pattern_index];
    if (std::ranges::all_of(predicates, [&](const auto& one) { return holds(one, text, row); }))
      out.push_back(std::move(row));
    if (out.size() > most_matches) return fail(Errc::limit, "a query matches too many places");
  }
  if (std::chrono::steady_clock::now() > timer.end)
    return fail(Errc::limit, "the queries took longer than two seconds");
  return out;
}

}  // namespace

Result<Matches> find(Language language, std::string_view text,
                     std::span<const Query* const> queries) {
  const ParsedTree tree = TENON_TRY(parsed(language, text));
  const TSNode root = ts_tree_root_node(tree.get());
  Matches out;
  out.errors = ts_node_has_error(root);
  Timer timer{std::chrono::steady_clock::now() + time_for_piece};
  for (const Query* query : queries)
    out.of.push_back(TENON_TRY(matches_of(query->parts(), root, text, timer)));
  return out;
}

}  // namespace tenon::tree
