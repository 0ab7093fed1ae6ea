// Without the grammars.
#include "format/tree/tree.h"

namespace tenon::tree {

Kind kind_named(Language /*language*/, std::string_view /*name*/) { return 0; }

Field field_named(Language /*language*/, std::string_view /*name*/) { return 0; }

bool available() { return false; }

Result<Tree> parse(Language /*language*/, std::string_view /*text*/) {
  return fail(Errc::unsupported, "this build has no parser for source code");
}

}  // namespace tenon::tree
