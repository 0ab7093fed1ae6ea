// Variables of a .pc file and their expansion. A value is kept in pieces, because a variable means
// what it holds when a field is read, not when it was written: prefix=${prefix}/x is allowed, and
// --define-variable replaces what a file says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "link/pc/problem.h"
#include "link/pc/settings.h"

namespace tenon::pc {

struct Piece {
  enum class Kind : std::uint8_t { text, variable, sysroot };
  Kind kind = Kind::text;
  std::string text;  // of a variable: its name
};

using Value = std::vector<Piece>;

struct Variable {
  std::string name;
  Value value;
  std::size_t line = 0;  // 0: not of a file
};

class Variables {
 public:
  // `taken_as_it_is`: "$" means nothing. A value that names its own variable continues the old one.
  void set(std::string_view name, std::string_view text, std::size_t line,
           bool taken_as_it_is = false);
  [[nodiscard]] const Variable* find(std::string_view name) const;
  // In the order of their first lines.
  [[nodiscard]] const std::vector<Variable>& all() const { return all_; }

 private:
  std::vector<Variable> all_;
};

// Those of the command line and of the search: they come before and behind those of a file.
struct Globals {
  explicit Globals(const Settings& settings);

  Variables defined;   // --define-variable
  Variables fallback;  // pc_sysrootdir, pc_top_builddir
  std::string sysroot;
};

struct Expansion {
  std::string text;
  // False: a variable holds itself, or the text has more than 65,534 bytes or 512 variables. What
  // was expanded until then stands in `text`.
  bool complete = true;
  bool used_sysroot = false;  // ${pc_sysrootdir} was in it
};

[[nodiscard]] Expansion expand(std::string_view text, const Variables& variables,
                               const Globals& globals, Problems& problems);

// The value of --variable=NAME: with the sysroot in front when it is a path and has none yet.
[[nodiscard]] std::string variable_value(std::string_view name, const Variables& variables,
                                         const Globals& globals, const SysrootRules& rules,
                                         Problems& problems);
// The value without the rule of the sysroot, for --env.
[[nodiscard]] std::string plain_value(const Variable& variable, const Variables& variables,
                                      const Globals& globals, Problems& problems);

}  // namespace tenon::pc
