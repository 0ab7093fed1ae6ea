// The flags that modules give, taken apart: libraries, folders, and what is passed on.
#pragma once

#include <string>
#include <vector>

namespace tenon::link {

// A flag with where it stands: "libxml-2.0.pc:12 Libs.private, required by libgit2".
struct GivenFlag {
  std::vector<std::string> words;  // several that belong together: "-framework X", a group
  std::string origin;
  bool own = false;  // of a module that was asked for, and not of what it requires
};

struct GivenLibrary {
  std::string name;  // X of -lX and of -l:libX.a; a path when it was given as one
  std::string word;  // as given
  std::string origin;
  bool own = false;
};

struct Given {
  std::vector<GivenLibrary> libraries;  // each once, in the order of their first places
  std::vector<std::string> folders;     // of -L, each once
  std::vector<GivenFlag> others;
};

[[nodiscard]] Given take_apart(const std::vector<GivenFlag>& flags);

// Words of one line to flags: -framework and the word behind it, and --start-group with all to its
// end, stay together.
[[nodiscard]] std::vector<GivenFlag> flags_of_words(const std::vector<std::string>& words,
                                                    const std::string& origin, bool own);

}  // namespace tenon::link
