// Without the grammars.
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "format/tree/query.h"
#include "format/tree/tree.h"

namespace tenon::tree {

Kind kind_named(Language /*language*/, std::string_view /*name*/) { return 0; }

Field field_named(Language /*language*/, std::string_view /*name*/) { return 0; }

bool available() { return false; }

Result<Tree> parse(Language /*language*/, std::string_view /*text*/) {
  return fail(Errc::unsupported, "this build has no parser for source code");
}

struct Query::Parts {
  std::vector<std::string> names;
};

Query::Query(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Query::Query(Query&&) noexcept = default;
Query& Query::operator=(Query&&) noexcept = default;
Query::~Query() = default;

std::expected<Query, QueryError> Query::compile(Language /*language*/, std::string_view /*text*/) {
  return std::unexpected(QueryError{0, "this build has no parser"});
}

const std::vector<std::string>& Query::captures() const { return parts_->names; }

Result<Matches> find(Language /*language*/, std::string_view /*text*/,
                     std::span<const Query* const> /*queries*/) {
  return fail(Errc::unsupported, "this build has no parser");
}

}  // namespace tenon::tree
