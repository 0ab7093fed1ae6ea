#include "link/closure/given.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "link/index/library.h"

namespace tenon::link {
namespace {

constexpr std::string_view group_start = "-Wl,--start-group", group_end = "-Wl,--end-group";

bool takes_next(std::string_view word) {
  return word == "-framework" || word == "-weak_framework" || word == "-L" || word == "-l" ||
         word == "-Xlinker" || word == "-u" || word == "-F";
}

void add_library(Given& out, std::string name, const std::string& word, const GivenFlag& flag) {
  const auto known = std::ranges::find(out.libraries, name, &GivenLibrary::name);
  if (known != out.libraries.end()) {
    known->own = known->own || flag.own;
    return;
  }
  out.libraries.push_back({std::move(name), word, flag.origin, flag.own});
}

// True for a word that names a library or a folder.
bool take_word(Given& out, const std::string& word, const GivenFlag& flag) {
  const std::string_view text = word;
  if (text.starts_with("-L") && text.size() > 2) {
    std::string folder(text.substr(2));
    if (std::ranges::find(out.folders, folder) == out.folders.end()) {
      out.folders.push_back(std::move(folder));
    }
    return true;
  }
  if (text.starts_with("-l:") && text.size() > 3) {
    const std::string_view name = library_name(text.substr(3));
    if (name.empty()) return false;
    add_library(out, std::string(name), word, flag);
    return true;
  }
  if (text.starts_with("-l") && text.size() > 2) {
    add_library(out, std::string(text.substr(2)), word, flag);
    return true;
  }
  if (!text.starts_with('-') && !library_name(base_name(text)).empty()) {
    add_library(out, std::string(library_name(base_name(text))), word, flag);
    return true;
  }
  // Groups and the choice between archives and shared libraries are made anew.
  return text == group_start || text == group_end || text == "-Wl,-Bstatic" ||
         text == "-Wl,-Bdynamic" || text == "-Wl,--as-needed" || text == "-Wl,--no-as-needed" ||
         text == "-static";
}

}  // namespace

Given take_apart(const std::vector<GivenFlag>& flags) {
  Given out;
  for (const GivenFlag& flag : flags) {
    const bool pair = flag.words.size() == 2 && takes_next(flag.words.front());
    if (pair && (flag.words.front() == "-L" || flag.words.front() == "-l")) {
      take_word(out, flag.words.front() + flag.words.back(), flag);
      continue;
    }
    if (pair) {
      out.others.push_back(flag);
      continue;
    }
    for (const std::string& word : flag.words) {
      if (!take_word(out, word, flag)) out.others.push_back({{word}, flag.origin, flag.own});
    }
  }
  return out;
}

std::vector<GivenFlag> flags_of_words(const std::vector<std::string>& words,
                                      const std::string& origin, bool own) {
  std::vector<GivenFlag> out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    GivenFlag flag{{words[i]}, origin, own};
    if (takes_next(words[i]) && i + 1 < words.size()) {
      flag.words.push_back(words[++i]);
    } else if (words[i] == group_start) {
      while (i + 1 < words.size() && flag.words.back() != group_end) {
        flag.words.push_back(words[++i]);
      }
    }
    out.push_back(std::move(flag));
  }
  return out;
}

}  // namespace tenon::link
