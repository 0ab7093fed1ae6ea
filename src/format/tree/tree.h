// Source code as a tree of syntax: the one door to tree-sitter and its grammars.
//
// From beginning to end: parse() runs the grammar over the text and copies its tree, in the order
// of the text, into one flat list; the parser's own tree is gone when it returns. A node's children
// follow it, and `after` is where the next node stands that is not below it, so every walk is a
// loop over indices and no depth of nesting can overflow a stack. Kept are the nodes with a name in
// the grammar, the tokens that stand in a field (operators), and what the parser could not read.
// Offsets are bytes of the text, which the tree borrows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/lifetime.h"
#include "base/result.h"

namespace tenon::tree {

enum class Language : std::uint8_t { java, go, c };

using Kind = std::uint16_t;   // of one language; 0: none
using Field = std::uint16_t;  // of one language; 0: none
using Index = std::uint32_t;

// The number of a kind of node, as node-types.json of the grammar names it; 0 when the grammar has
// none.
[[nodiscard]] Kind kind_named(Language language, std::string_view name);
[[nodiscard]] Field field_named(Language language, std::string_view name);
// Whether this build has the parsers.
[[nodiscard]] bool available();

struct Node {
  Kind kind = 0;
  Field field = 0;  // that it fills in its parent
  std::uint32_t start = 0, end = 0;
  Index parent = 0;  // of the root: itself
  Index after = 0;   // the first node behind it that is not below it
  bool named = false;
  bool error = false;    // text that fits no rule
  bool missing = false;  // a token that the parser put there itself
  bool comment = false;  // allowed everywhere
};

class Tree {
 public:
  static constexpr Index none = 0;  // the root is nobody's child

  Tree(std::string_view text TENON_LIFETIMEBOUND, std::vector<Node> nodes, bool errors)
      : text_(text), nodes_(std::move(nodes)), errors_(errors) {}

  [[nodiscard]] Index size() const { return static_cast<Index>(nodes_.size()); }

  [[nodiscard]] const Node& operator[](Index index) const { return nodes_[index]; }

  [[nodiscard]] std::string_view text() const { return text_; }

  [[nodiscard]] std::string_view text(Index index) const {
    const Node& node = nodes_[index];
    return text_.substr(node.start, node.end - node.start);
  }

  [[nodiscard]] bool has_errors() const { return errors_; }

  // The first child in a field or of a kind; none where there is none.
  [[nodiscard]] Index child(Index of, Field field) const;
  [[nodiscard]] Index child_of_kind(Index of, Kind kind) const;
  // Children with a name, in order, without what the grammar allows everywhere (comments).
  [[nodiscard]] std::vector<Index> named_children(Index of) const;
  // The nearest node above that is of the kind; none where there is none.
  [[nodiscard]] Index above(Index of, Kind kind) const;

 private:
  std::string_view text_;
  std::vector<Node> nodes_;
  bool errors_ = false;
};

// The tree of a text of at most 100 MB. Errors: unsupported (no parser in this build), limit (the
// text is too long, or took longer than two seconds a started 4 MB).
[[nodiscard]] Result<Tree> parse(Language language, std::string_view text TENON_LIFETIMEBOUND);

}  // namespace tenon::tree
