#include <tree_sitter/api.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"
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

Result<Tree> parse(Language language, std::string_view text) {
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
  const std::unique_ptr<TSTree, Free> tree(
      ts_parser_parse_with_options(parser.get(), nullptr, source, {&input, too_long}));
  if (tree == nullptr) return fail(Errc::limit, "the parser took too long");
  const bool errors = ts_node_has_error(ts_tree_root_node(tree.get()));
  return Tree(text, flatten(tree.get(), text.size()), errors);
}

}  // namespace tenon::tree
