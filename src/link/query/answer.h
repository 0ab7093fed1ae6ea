// What pkgconf would print for a command line.
#pragma once

#include <string>
#include <vector>

#include "link/pc/fragment.h"
#include "link/pc/package.h"
#include "link/pc/problem.h"
#include "link/pc/repository.h"
#include "link/query/environment.h"
#include "link/query/request.h"

namespace tenon::pc {

struct Answer {
  int code = 0;
  std::string out;    // standard output; bytes of the files, as pkgconf gives them
  std::string err;    // standard error
  std::string log;    // of --log-file
  Problems problems;  // also those that nobody asked to see

  // What was printed of the flags, for those who want them as data.
  Fragments cflags;
  Fragments libs;
  std::vector<Package> packages;  // all that the modules need
};

// `utf8`: the user's text is UTF-8, so that letters over 0x7f need no backslash.
[[nodiscard]] Answer answer(const Request& request, const Prepared& prepared,
                            const Personality& personality, Files& files, bool utf8);

// Where the flags that are equal to `flag` come from, one line for each origin, in both lists.
// Empty when no flag is equal to it.
[[nodiscard]] std::vector<Origin> origins_of(const std::string& flag, const Answer& answer);
// "/usr/lib/pkgconfig/a.pc:7 Libs.private, because b requires a (/usr/lib/pkgconfig/b.pc:5
// Requires)": file, line and field, and the way to it.
[[nodiscard]] std::string origin_text(const Origin& origin);

}  // namespace tenon::pc
