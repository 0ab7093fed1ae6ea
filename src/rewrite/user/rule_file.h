// Rules of one's own: a query of tree-sitter and what stands in the place of its parts.
//
//   rule new-error
//   text an error without a format
//   language go
//   match
//     (call_expression
//       function: (selector_expression operand: (identifier) @package field: (field_identifier) @f)
//       arguments: (argument_list . (interpreted_string_literal) @text .)
//       (#eq? @package "fmt") (#eq? @f "Errorf")) @call
//   replace @call
//     errors.New(@text)
//   before
//     fmt.Errorf("x")
//   after
//     errors.New("x")
//
// A word at the start of a line begins a part, lines that are indented are its text, "#" at the
// start of a line a comment. "replace" may stand several times, for parts that do not overlap;
// "leave @part" instead lists the place with the reason that is its text. "@name" in a replacement
// is the text of that part, "@@" an "@". "before" and "after" are examples: a rule that does not
// make the one of the other is refused. A rule names no programs and no files. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "format/tree/query.h"
#include "format/tree/tree.h"
#include "rewrite/plan.h"

namespace tenon::rewrite {

struct RuleFileError {
  std::size_t line = 0, column = 0;  // from 1, columns in bytes
  std::string what;
};

// A piece of a replacement: text, or a part of the match.
struct TemplatePiece {
  std::string text;
  std::uint32_t capture = 0;
  bool is_capture = false;
};

struct UserRule {
  std::string name, text;
  tree::Language language = tree::Language::go;
  tree::Query query;

  struct Replacement {
    std::uint32_t capture = 0;
    std::vector<TemplatePiece> pieces;
  };

  std::vector<Replacement> replacements = {};
  bool leaves = false;  // with the place and the reason:
  std::uint32_t left_capture = 0;
  std::string why = {};
  std::string before = {}, after = {};
};

struct RuleFile {
  std::vector<UserRule> rules;
};

[[nodiscard]] std::expected<RuleFile, RuleFileError> read_rules(std::string_view text);

// The rules as a pack, whose name is that of the file. `file` must outlive it.
class UserPack {
 public:
  UserPack(std::string name, const RuleFile& file);
  UserPack(const UserPack&) = delete;
  UserPack& operator=(const UserPack&) = delete;
  [[nodiscard]] const Pack& pack() const { return pack_; }

 private:
  std::string name_, endings_;
  std::vector<Rule> rules_;
  Pack pack_;
};

}  // namespace tenon::rewrite
