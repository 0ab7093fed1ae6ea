// Names behind "C." that cannot be resolved as they stand.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/path.h"
#include "base/text.h"
#include "format/gosource/source.h"
#include "rewrite/cgo/file.h"

namespace tenon::rewrite::cgo {
namespace {

constexpr std::array<std::string_view, 5> own_functions = {"CString", "CBytes", "GoString",
                                                           "GoStringN", "GoBytes"};
// Functions of stdlib.h that Go code calls most.
constexpr std::array<std::string_view, 8> of_stdlib = {"free",   "malloc", "calloc", "realloc",
                                                       "setenv", "getenv", "abort",  "exit"};
// Headers whose C libraries (glibc, musl, Apple's, MinGW's) do not include stdlib.h.
constexpr std::array<std::string_view, 12> without_stdlib = {
    "errno.h",  "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "string.h",
    "limits.h", "math.h",    "ctype.h",  "assert.h", "float.h", "inttypes.h"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// C.Cstring is C.CString. A name of the program's own may differ in capitals only.
void misspelled(const File& file, Findings& out) {
  if (!only_standard_headers(file)) return;
  for (const CName& one : file.names) {
    if (one.name.front() != 'C' && one.name.front() != 'G') continue;
    const auto* right = std::ranges::find_if(
        own_functions, [&](auto name) { return lower(name) == lower(one.name); });
    if (right == own_functions.end() || *right == one.name) continue;
    if (has_word(file.source.preamble, one.name)) continue;
    out.change(one.at, one.at + one.name.size(), std::string(*right), rule_name);
  }
}

enum class Brings : std::uint8_t { no, unknown, yes };

// Whether headers that a text includes bring stdlib.h; those of the package's directory are read.
Brings brings_stdlib(const File& file, std::string_view text, std::string_view name, int depth) {
  constexpr int deepest = 4;
  Brings all = Brings::no;
  for (const std::string_view line : split(text, '\n')) {
    if (!takes_header(line)) continue;
    const std::string_view header = included(line);
    if (header == "stdlib.h") return Brings::yes;
    if (std::ranges::find(without_stdlib, header) != without_stdlib.end()) continue;
    Brings one = Brings::unknown;
    if (line.contains('"') && !header.empty() && depth < deepest) {
      const auto own = file.sources->read(join_path(file.folder, header));
      if (own && has_word(*own, name)) return Brings::yes;
      if (own) one = brings_stdlib(file, *own, name, depth + 1);
    }
    if (one == Brings::yes) return one;
    if (one == Brings::unknown) all = one;
  }
  return all;
}

// C.free without stdlib.h. A header of a library may bring it: then the line is added where this
// rule was asked for by name, since a second include of stdlib.h is harmless.
void stdlib(const File& file, Findings& out) {
  const auto* found = std::ranges::find_if(of_stdlib, [&](auto name) { return file.uses(name); });
  if (found == of_stdlib.end() || has_word(file.source.preamble, *found)) return;
  std::string includes;
  for (const gosource::Range& line : file.source.preamble_lines)
    includes += std::string(file.text.substr(line.at, line.size)) + "\n";
  const Brings brings = brings_stdlib(file, includes, *found, 0);
  if (brings == Brings::yes || (brings == Brings::unknown && !out.named(rule_stdlib))) return;
  if (file.source.lost_preamble != 0) return;
  const std::uint32_t group = out.group();
  const auto use = std::ranges::find(file.names, *found, &CName::name);
  if (out.include("stdlib.h", rule_stdlib, group)) {
    out.site(use->at, rule_stdlib, group);
  } else {
    out.leave(use->at, rule_stdlib, "C." + std::string(*found), "stdlib.h is not included",
              "put #include <stdlib.h> into the comment above import \"C\"");
  }
}

}  // namespace

void names(const File& file, Findings& out) {
  if (!file.tree || file.source.import_c == 0) return;
  if (out.wants(rule_name)) misspelled(file, out);
  if (out.wants(rule_stdlib)) stdlib(file, out);
}

}  // namespace tenon::rewrite::cgo
