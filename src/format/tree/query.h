// Queries of tree-sitter over source code: patterns of nodes with names for parts of them.
//
// Form: docs of tree-sitter, "Query Syntax". Of the predicates #eq?, #not-eq?, #any-of? and
// #not-any-of? are known; there are no regular expressions, and nothing runs programs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "format/tree/tree.h"

namespace tenon::tree {

struct QueryError {
  std::size_t offset = 0;  // byte of the query
  const char* what = "";   // static
};

class Query {
 public:
  [[nodiscard]] static std::expected<Query, QueryError> compile(Language language,
                                                                std::string_view text);
  Query(Query&&) noexcept;
  Query& operator=(Query&&) noexcept;
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query();

  // Without "@", by number.
  [[nodiscard]] const std::vector<std::string>& captures() const;

  struct Parts;
  [[nodiscard]] const Parts& parts() const { return *parts_; }

 private:
  explicit Query(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// A part of a match that has a name. Of a name that stands for several nodes: from the first to
// the last.
struct Captured {
  bool there = false;
  std::uint32_t start = 0, end = 0;  // bytes of the text
};

struct Matches {
  // For each query its matches in the order of the text, each with a row for every capture.
  std::vector<std::vector<std::vector<Captured>>> of;
  bool errors = false;  // the parser could not read all of the text
};

// One parse for all queries, which are of the language. Errors as of parse(), and limit where the
// queries took longer than two seconds or found more than 100,000 places.
[[nodiscard]] Result<Matches> find(Language language, std::string_view text,
                                   std::span<const Query* const> queries);

}  // namespace tenon::tree
