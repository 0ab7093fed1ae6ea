// Flags of compilers and linkers, in atoms: what must stay together is one fragment, and each knows
// the line that it comes from.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "link/pc/problem.h"
#include "link/pc/settings.h"
#include "link/pc/variables.h"

namespace tenon::pc {

// One module that needs another, and the line that says so.
struct Step {
  std::string module;  // who requires
  std::string file;    // its .pc file
  std::size_t line = 0;
  std::string field;  // "Requires", "Requires.private", ...

  friend bool operator==(const Step&, const Step&) = default;
};

// Where a flag comes from.
struct Origin {
  std::string module;  // whose flag it is
  std::string file;    // its .pc file
  std::size_t line = 0;
  std::string field;  // "Libs", "Libs.private", "Cflags", ...
  // From the module that was asked for to `module`: empty when that is the same.
  std::vector<Step> path = {};

  friend bool operator==(const Origin&, const Origin&) = default;
};

struct Fragment {
  // The letter of the flag: 'I', 'L', 'l', 'D', ...; 0 for text that is not a flag of one letter:
  // a file, "-Wl,...", "-framework", "-pthread".
  char type = 0;
  // What follows the letter; the whole text when there is none. Without quotes.
  std::string data;
  // -framework, -isystem, -idirafter and -include hold their argument; -Wl,--start-group what
  // follows up to -Wl,--end-group.
  std::vector<Fragment> children;
  bool closed = false;  // takes no further children
  Origin origin;
  std::vector<Origin> also;  // of equal fragments that were merged into this one

  // "-lz", "-framework": the text of this one alone.
  [[nodiscard]] std::string text() const;
  // Arguments of a command line: itself and its children, "-framework" "Cocoa".
  [[nodiscard]] std::vector<std::string> words() const;
};

using Fragments = std::vector<Fragment>;

// What the text of a field needs to become fragments.
struct FieldContext {
  const Variables& variables;
  const Globals& globals;
  const SysrootRules& sysroot;
  bool uninstalled = false;  // of X-uninstalled.pc
};

// Adds the fragments of the text of a field to those that are there. False when a quote is left
// open or a variable cannot be expanded; what came before it is added.
bool add_fragments(std::string_view text, const FieldContext& context, const Origin& origin,
                   Fragments& out, Problems& problems);

// The fragments of several modules in one list. An equal fragment goes to its last place, but -I,
// -L and -F stay at the first one; fragments with children are never dropped. These are the rules
// of pkgconf 3.
class Merger {
 public:
  // `exact`: of a private field, whose repeats all stay.
  void add(const Fragment& fragment, bool exact);
  [[nodiscard]] Fragments take();

 private:
  using Place = std::list<Fragment>::iterator;

  [[nodiscard]] std::vector<Place>::iterator find(const Fragment& fragment);

  std::list<Fragment> list_;
  // By type and text; of equal ones the newest comes first. Which of several equal fragments moves
  // follows from a search by halves over it, as in pkgconf.
  std::vector<Place> index_;
};

// What a shell reads as the fragments. `utf8`: bytes over 0x7f stay as they are.
[[nodiscard]] std::string shell_text(const Fragments& fragments, char separator, bool utf8);
// For Microsoft's tools: /I, /D, /libpath: and NAME.lib; what has no such form is left out.
[[nodiscard]] std::string msvc_text(const Fragments& fragments, char separator);

// The path with runs of slashes as one.
[[nodiscard]] std::string without_double_slashes(std::string_view path);
// Whether a -I or -L names one of the system's directories.
[[nodiscard]] bool is_system_folder(const Fragment& fragment, const Settings& settings);

}  // namespace tenon::pc
