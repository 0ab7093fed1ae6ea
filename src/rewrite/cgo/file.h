// One Go file with what its rules ask of it, and where they put what they found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "format/gosource/source.h"
#include "format/tree/tree.h"
#include "rewrite/edit.h"
#include "rewrite/plan.h"

namespace tenon::rewrite::cgo {

// A use of C.name in Go code.
struct CName {
  std::string_view name;
  std::uint32_t at = 0;  // byte of the name
};

struct File {
  std::string path;
  std::string folder;  // of the package, as it was named; empty: the current one
  std::string_view text;
  gosource::Source source;
  std::optional<tree::Tree> tree;  // of files that import "C" and were read without error
  bool unreadable = false;         // the parser found an error in such a file
  std::vector<CName> names;
  unsigned minor = 0;         // the module's language is Go 1.minor; 0: not known
  std::string flags;          // of all #cgo lines of the package, with blanks between them
  std::string module_folder;  // with go.mod, absolute; empty with minor 0
  const Sources* sources = nullptr;

  [[nodiscard]] bool uses(std::string_view name) const;
  // "// " of a preamble of line comments, the blanks before a line of another.
  [[nodiscard]] std::string line_prefix(std::size_t at) const;
  // "\n" or "\r\n".
  [[nodiscard]] std::string_view line_end() const;
  [[nodiscard]] std::size_t line_start(std::size_t at) const;
  // Where the line ends, without its line end.
  [[nodiscard]] std::size_t line_stop(std::size_t at) const;
  // The first byte of a line, counted from 1.
  [[nodiscard]] std::size_t start_of_line(std::size_t line) const;
};

// Takes what the rules find; sorts it out into plans.
class Findings {
 public:
  Findings(const File& file, const Chosen& chosen) : file_(file), chosen_(chosen) {}

  [[nodiscard]] bool wants(std::string_view rule) const {
    return chosen_.empty() || chosen_.contains(rule);
  }

  // Somebody asked for this rule, not for all.
  [[nodiscard]] bool named(std::string_view rule) const { return chosen_.contains(rule); }

  // A number for edits that only make sense together, and their site.
  [[nodiscard]] std::uint32_t group() { return ++groups_; }
  void edit(std::size_t start, std::size_t end, std::string text, std::string_view rule,
            std::uint32_t group);
  // One edit with its site.
  void change(std::size_t start, std::size_t end, std::string text, std::string_view rule);
  void site(std::size_t at, std::string_view rule, std::uint32_t group);
  void leave(std::size_t at, std::string_view rule, std::string api, std::string_view why,
             std::string_view hint);
  // The preamble includes the header afterwards; false where no place for it is sure.
  bool include(std::string_view header, std::string_view rule, std::uint32_t group);
  // What package unsafe is called afterwards; empty where no place for an import is sure.
  [[nodiscard]] std::string unsafe_name(std::string_view rule, std::uint32_t group);
  void create(std::string path, std::string text, std::string_view rule, std::uint32_t group);

  // The plan of the file, and of those that come into being.
  void finish(FilePlan& plan, std::vector<FilePlan>& created);

 private:
  struct Placed {
    Site site;
    std::uint32_t group = 0;
  };

  struct Created {
    std::string path, text;
    std::string_view rule;
    std::uint32_t group = 0;
  };

  const File& file_;
  const Chosen& chosen_;
  Lines lines_{file_.text};
  std::vector<Edit> edits_;
  std::vector<Placed> sites_;
  std::vector<Left> left_;
  std::vector<Created> created_;
  std::map<std::string, Edit, std::less<>> shared_;  // an include or import that several sites need
  std::map<std::string, std::set<std::uint32_t>, std::less<>> users_;
  std::uint32_t groups_ = 0;
};

// The rules, one function for each family.
void directives(const File& file, Findings& out);  // #cgo lines
void header(const File& file, Findings& out);      // constraints, imports
void names(const File& file, Findings& out);       // C.name
void memory(const File& file, Findings& out);      // strings and slices that C gets
void exports(const File& file, Findings& out);     // //export

inline constexpr std::string_view rule_directive = "cgo/directive", rule_pair = "cgo/framework",
                                  rule_versioned = "cgo/versioned-so", rule_srcdir = "cgo/srcdir",
                                  rule_system = "cgo/system", rule_gap = "cgo/preamble-gap",
                                  rule_build = "cgo/build-line", rule_test = "cgo/test-import",
                                  rule_tags = "cgo/net-tags", rule_stdlib = "cgo/stdlib",
                                  rule_name = "cgo/name", rule_free = "cgo/free",
                                  rule_slice = "cgo/empty-slice", rule_string = "cgo/go-string",
                                  rule_export = "cgo/export";

// Whether a system that is not Apple's compiles the file (and holds the #cgo condition).
[[nodiscard]] bool beside_apple(const File& file, std::string_view condition);
// "stdio.h" for `#include <stdio.h>` and #import; empty for other lines.
[[nodiscard]] std::string_view included(std::string_view line);
// #include, #import or #include_next, whatever its form.
[[nodiscard]] bool takes_header(std::string_view line);
// The preamble includes headers of the C standard and POSIX only.
[[nodiscard]] bool only_standard_headers(const File& file);
// Names that cgo knows without a header: C.int, C.CString.
[[nodiscard]] bool is_own_name(std::string_view name);
// Whether C code has the word.
[[nodiscard]] bool has_word(std::string_view text, std::string_view word);

}  // namespace tenon::rewrite::cgo
