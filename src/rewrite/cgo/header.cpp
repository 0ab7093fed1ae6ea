// What stands above the code: build constraints and imports. Source: go/build (parseFileHeader,
// shouldBuild): "// +build" counts where a blank line stands behind it, and not at all beside
// "//go:build".
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "format/gosource/source.h"
#include "format/tree/tree.h"
#include "rewrite/cgo/file.h"

namespace tenon::rewrite::cgo {
namespace {

constexpr unsigned first_with_go_build = 18;  // whose modules need no "// +build" lines

bool stands_alone(const File& file, const gosource::Range& comment) {
  const std::size_t start = file.line_start(comment.at);
  return trim(file.text.substr(start, comment.at - start)).empty();
}

// A blank line is between the comment and the package clause, and not in a comment /* */.
bool counts(const File& file, const gosource::Range& comment) {
  const std::size_t block = std::min(file.text.find("/*", comment.at), file.source.package_at);
  for (std::size_t at = file.text.find('\n', comment.at);
       at != std::string_view::npos && at < block;) {
    const std::size_t next = file.text.find('\n', at + 1);
    if (next == std::string_view::npos || next > block) return false;
    if (trim(file.text.substr(at + 1, next - at - 1)).empty()) return true;
    at = next;
  }
  return false;
}

// Options of terms that are words, with "!" before some.
bool is_simple(std::string_view comment) {
  const auto is_tag = [](std::string_view term) {
    if (term.starts_with('!')) term.remove_prefix(1);
    return !term.empty() && std::ranges::all_of(term, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '.';
    });
  };
  return std::ranges::all_of(
      split_words(comment.substr(comment.find("+build") + 6)),
      [&](std::string_view option) { return std::ranges::all_of(split(option, ','), is_tag); });
}

struct Span {
  std::size_t start = 0, end = 0;  // with its line end
};

// A line, and the blank one behind it where a blank one stands before it too.
Span whole_line(const File& file, std::size_t at) {
  const auto blank = [&](std::size_t from, std::size_t to) {
    return trim(file.text.substr(from, to - from)).empty();
  };
  Span out{file.line_start(at), std::min(file.text.find('\n', at), file.text.size() - 1) + 1};
  const bool first = out.start == 0;
  const bool before = first || blank(file.line_start(out.start - 1), out.start);
  const std::size_t next = file.text.find('\n', out.end);
  if (before && next != std::string_view::npos && blank(out.end, next)) out.end = next + 1;
  return out;
}

void build_lines(const File& file, Findings& out) {
  const auto& old = file.source.plus_build;
  if (old.empty()) return;
  const bool all_alone =
      std::ranges::all_of(old, [&](const auto& one) { return stands_alone(file, one); });
  if (!all_alone) return;
  if (!file.source.go_build) {
    for (const gosource::Range& one : old) {
      if (counts(file, one)) continue;
      out.leave(one.at, rule_build, std::string(trim(file.text.substr(one.at, one.size))),
                "no blank line follows it, so go does not read it",
                "put a blank line after it if it is meant, else remove it");
      return;
    }
  }
  if (file.minor < first_with_go_build) return;
  if (!file.source.go_build && !std::ranges::all_of(old, [&](const gosource::Range& one) {
        return is_simple(trim(file.text.substr(one.at, one.size)));
      })) {
    out.leave(old.front().at, rule_build, "// +build", "a tag in it is not a word",
              "write it as //go:build");
    return;
  }
  const std::uint32_t group = out.group();
  for (const gosource::Range& one : old) {
    out.site(one.at, rule_build, group);
    if (&one == old.data() && !file.source.go_build) {
      const std::string_view comment = file.text.substr(one.at, one.size);
      const std::size_t size = comment.size() - (comment.ends_with('\r') ? 1 : 0);
      out.edit(one.at, one.at + size, "//go:build " + file.source.constraint, rule_build, group);
      continue;
    }
    const Span line = whole_line(file, one.at);
    out.edit(line.start, line.end, "", rule_build, group);
  }
}

// Behind the package clause it is a comment.
void late_constraint(const File& file, Findings& out) {
  if (!file.tree) return;
  constexpr std::string_view mark = "//go:build ";
  for (std::size_t at = file.text.find(mark, file.source.package_at); at != std::string_view::npos;
       at = file.text.find(mark, at + 1)) {
    for (tree::Index i = 1; i < file.tree->size(); ++i) {
      if ((*file.tree)[i].start != at || !(*file.tree)[i].comment) continue;
      out.leave(at, rule_build, std::string(file.text.substr(at, file.line_stop(at) - at)),
                "go reads it only above the package clause",
                "put it above the package clause, with a blank line after it");
      return;
    }
  }
}

bool holds_with(const File& file, std::vector<std::string> tags) {
  return gosource::satisfied(
      file.source.constraint,
      {.goos = "linux", .goarch = "amd64", .cgo = true, .minor = 99, .tags = std::move(tags)});
}

// netgo and netcgo exclude each other (package net does not compile with both).
void net_tags(const File& file, Findings& out) {
  if (file.source.constraint.contains("netcgo") && file.source.constraint.contains("netgo") &&
      holds_with(file, {"netgo", "netcgo"}) && !holds_with(file, {"netgo"}) &&
      !holds_with(file, {"netcgo"}) && !holds_with(file, {})) {
    out.leave(file.start_of_line(file.source.constraint_line), rule_tags, file.source.constraint,
              "package net does not compile with netgo and netcgo", "choose one of them");
  }
  constexpr std::string_view mark = "\n//go:generate ";
  for (std::size_t at = file.text.find(mark); at != std::string_view::npos;
       at = file.text.find(mark, at + 1)) {
    const std::string_view line = file.text.substr(at + 1, file.line_stop(at + 1) - at - 1);
    if (line.contains("-tags") && has_word(line, "netgo") && has_word(line, "netcgo"))
      out.leave(at + 1, rule_tags, std::string(line),
                "package net does not compile with netgo and netcgo", "choose one of them");
  }
}

// The comment is C code and belongs to the import, but a blank line parts them.
void preamble_gap(const File& file, Findings& out) {
  const gosource::Source& source = file.source;
  if (source.lost_preamble == 0 || !source.preamble_lines.empty() || !source.cgo.empty()) return;
  const std::size_t import = file.start_of_line(source.import_c);
  std::size_t start = import;
  while (start > 0) {
    const std::size_t before = file.line_start(start - 1);
    if (!trim(file.text.substr(before, start - before)).empty()) break;
    start = before;
  }
  if (start == import || start == 0) return;
  const std::size_t line = file.line_start(start - 1);
  const std::string_view comment = trim(file.text.substr(line, start - line));
  const std::string_view word = trim(file.text.substr(import, file.line_stop(import) - import));
  const bool sole = word == "import \"C\"" || word == "\"C\"";
  const bool needed =
      std::ranges::any_of(file.names, [](const CName& one) { return !is_own_name(one.name); });
  if (!sole || !(comment.starts_with("//") || comment.ends_with("*/"))) return;
  if (!needed) {
    out.leave(line, rule_gap, "#include",
              "nothing of this file needs the C code, so the comment may be meant as one",
              "remove the blank line if cgo is to see it");
    return;
  }
  out.change(start, import, "", rule_gap);
}

// cgo is not there for files of tests: go vet and go test refuse them.
void test_import(const File& file, Findings& out) {
  if (file.source.import_c == 0 || !base_name(file.path).ends_with("_test.go")) return;
  const std::size_t start = file.start_of_line(file.source.import_c);
  const std::string_view word = trim(file.text.substr(start, file.line_stop(start) - start));
  if (!file.tree || !file.names.empty() || word != "import \"C\"" ||
      !file.source.preamble_lines.empty() || file.source.lost_preamble != 0) {
    out.leave(start, rule_test, "import \"C\"", "go does not compile C in files of tests",
              "move what needs C into a file whose name does not end in _test.go");
    return;
  }
  const Span line = whole_line(file, start);
  out.change(line.start, line.end, "", rule_test);
}

}  // namespace

void header(const File& file, Findings& out) {
  if (out.wants(rule_build)) {
    build_lines(file, out);
    late_constraint(file, out);
  }
  if (out.wants(rule_tags)) net_tags(file, out);
  if (file.source.import_c == 0) return;
  if (out.wants(rule_gap) && file.tree) preamble_gap(file, out);
  if (out.wants(rule_test)) test_import(file, out);
}

}  // namespace tenon::rewrite::cgo
