#include "macos_headers/attributes.h"

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "macos_headers/cursor.h"

namespace macos_headers {

namespace {

// A condition of #[cfg(...)] for macOS with 64 bits and all features.
bool holds(Cursor& at) {
  const std::string name = at.take_name();
  if (at.take_if("=")) {
    const std::string value = unquoted(at.take().text);
    if (name == "feature") return !value.starts_with("unstable");
    if (name == "target_os") return value == "macos";
    if (name == "target_vendor") return value == "apple";
    return name == "target_pointer_width" ? value == "64" : false;
  }
  if (!at.take_if("(")) return name == "unix";
  bool all = true;
  bool any = false;
  while (!at.take_if(")")) {
    const bool one = holds(at);
    all = all && one;
    any = any || one;
    if (!at.is(")")) at.expect(",");
  }
  if (name == "not") return !any;
  return name == "any" ? any : all;
}

void representation(Cursor& at, Attributes& out) {
  while (!at.take_if(")")) {
    const std::string word(at.take().text);
    unsigned* field = word == "packed" ? &out.packed : word == "align" ? &out.aligned : nullptr;
    if (word == "packed") out.packed = 1;
    if (word == "isize" || word == "usize" || word == "u32" || word == "i32") out.integer = word;
    if (field != nullptr && at.take_if("(")) {
      *field =
          static_cast<unsigned>(std::strtoul(std::string(at.take().text).c_str(), nullptr, 10));
      at.expect(")");
    }
  }
}

void link(Cursor& at, Attributes& out) {
  std::string name;
  bool framework = false;
  while (!at.take_if(")")) {
    const std::string key(at.take().text);
    if (!at.take_if("=")) continue;
    const std::string value = unquoted(at.take().text);
    if (key == "name") name = value;
    if (key == "kind") framework = value == "framework";
  }
  if (framework) out.framework = name;
}

void attribute(Cursor& at, Attributes& out) {
  at.take_if("unsafe");
  at.take_if("(");
  const std::string name = at.take_name();
  if (name == "cfg" && at.take_if("(")) {
    out.for_macos = holds(at) && out.for_macos;
  } else if (name == "doc" && at.take_if("(") && at.take_if("alias") && at.take_if("=")) {
    std::string alias = unquoted(at.take().text);
    (out.alias.empty() ? out.alias : out.others.emplace_back()) = std::move(alias);
  } else if (name == "method" && at.take_if("(")) {
    while (!at.is(")")) out.selector += at.take().text;
  } else if (name == "method_family" && at.take_if("=")) {
    out.family = at.take().text;
  } else if (name == "super" && at.take_if("(")) {
    out.super = at.take_name();
  } else if (name == "name" && at.take_if("=")) {
    out.c_name = unquoted(at.take().text);
  } else if (name == "optional") {
    out.optional = true;
  } else if (name == "repr" && at.take_if("(")) {
    representation(at, out);
  } else if (name == "link" && at.take_if("(")) {
    link(at, out);
  }
}

}  // namespace

std::string unquoted(std::string_view text) {
  const std::size_t first = text.find('"');
  if (first == std::string_view::npos || text.size() < first + 2) return {};
  return std::string(text.substr(first + 1, text.size() - first - 2));
}

Attributes parse_attributes(Cursor& at) {
  Attributes out;
  while (at.is("#")) {
    at.take();
    at.take_if("!");
    const std::size_t start = at.place();
    at.skip_balanced();
    const std::size_t end = at.place();
    at.go_to(start + 1);
    attribute(at, out);
    at.go_to(end);
  }
  return out;
}

}  // namespace macos_headers
