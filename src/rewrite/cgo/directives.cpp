// The #cgo lines. Sources: cmd/cgo and go/build (saveCgo) for their form, cmd/go's lists of flags
// for what it takes (internal/work/security.go), go/build (makePathsAbsolute) for
// relative paths, `go doc cmd/cgo` for ${SRCDIR}.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "format/gosource/source.h"
#include "rewrite/cgo/file.h"

namespace tenon::rewrite::cgo {
namespace {

constexpr std::array<std::string_view, 5> verbs = {"CFLAGS", "CPPFLAGS", "CXXFLAGS", "FFLAGS",
                                                   "LDFLAGS"};

struct Typo {
  std::string_view wrong, right;
};

constexpr Typo typos[] = {
    {"CFLAG", "CFLAGS"},         {"C_FLAGS", "CFLAGS"},       {"cflags", "CFLAGS"},
    {"LDFLAG", "LDFLAGS"},       {"LD_FLAGS", "LDFLAGS"},     {"ldflags", "LDFLAGS"},
    {"CXXFLAG", "CXXFLAGS"},     {"CXX_FLAGS", "CXXFLAGS"},   {"CPPFLAG", "CPPFLAGS"},
    {"CPP_FLAGS", "CPPFLAGS"},   {"pkgconfig", "pkg-config"}, {"pkg_config", "pkg-config"},
    {"PKG_CONFIG", "pkg-config"}};

// Directories that only a Mac has. /opt/local is also where illumos has packages.
constexpr std::array<std::string_view, 4> apple_folders = {
    "/opt/homebrew/", "/usr/local/Cellar/", "/System/Library/", "/Library/Frameworks/"};
constexpr std::array<std::string_view, 5> own_folders = {"/home/", "/Users/", "/root/", "/tmp/",
                                                         "/private/"};

// A flag of a line, with the blanks before it.
struct Word {
  std::size_t gap = 0, at = 0, end = 0;  // bytes of the text
  std::string raw;                       // as it will stand
  bool gone = false;                     // to a line of its own
};

struct Line {
  const gosource::CgoLine& cgo;
  std::vector<Word> words;
  std::uint32_t group = 0;
  bool changed = false;
  std::string_view rule = {};  // the first that changed it
};

// Words as go/build splits them; quotes stay.
std::vector<Word> words_of(const gosource::CgoLine& line) {
  std::vector<Word> out;
  const std::string_view value = line.value;
  for (std::size_t i = 0; i < value.size();) {
    const std::size_t gap = i;
    while (i < value.size() && (value[i] == ' ' || value[i] == '\t')) ++i;
    const std::size_t from = i;
    char quote = '\0';
    for (; i < value.size(); ++i) {
      const char c = value[i];
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == ' ' || c == '\t') {
        break;
      }
    }
    if (i > from)
      out.push_back({line.value_at + gap, line.value_at + from, line.value_at + i,
                     std::string(value.substr(from, i - from))});
  }
  return out;
}

bool is_plain(std::string_view word) { return word.find_first_of("\"'\\") == word.npos; }

// "CoreFoundation": a name without a path.
bool is_framework(std::string_view word) {
  return !word.empty() && word.front() >= 'A' && word.front() <= 'Z' &&
         std::ranges::all_of(word, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
         });
}

void replace(Line& line, Word& word, std::string text, std::string_view rule, Findings& out) {
  if (line.group == 0) line.group = out.group();
  out.site(word.at, rule, line.group);
  if (line.rule.empty()) line.rule = rule;
  word.raw = std::move(text);
  line.changed = true;
}

// ---- a colon, a verb ----

void spelling(const File& file, Findings& out) {
  for (const gosource::CgoLine& line : file.source.cgo_without_colon) {
    const auto words = split_words(line.value);
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      const std::size_t at =
          line.value_at + static_cast<std::size_t>(words[i].data() - line.value.data());
      if (std::ranges::find(verbs, words[i]) == verbs.end()) continue;
      if (words[i + 1].starts_with('-'))
        out.change(at + words[i].size(), at + words[i].size(), ":", rule_directive);
      break;
    }
  }
  for (const gosource::CgoLine& line : file.source.cgo) {
    const auto* typo = std::ranges::find(typos, line.verb, &Typo::wrong);
    if (typo == std::end(typos)) continue;
    const std::size_t head = file.text.find(':', line.at);
    const std::size_t at = file.text.rfind(line.verb, head);
    if (head == std::string_view::npos || at == std::string_view::npos || at < line.at) continue;
    out.change(at, at + line.verb.size(), std::string(typo->right), rule_directive);
  }
}

// ---- one -framework for each framework ----

void pairs(Line& line, Findings& out) {
  std::vector<Word>& words = line.words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string raw = words[i].raw;
    if (raw.starts_with("-framework=") && is_framework(raw.substr(11))) {
      replace(line, words[i], "-framework " + raw.substr(11), rule_pair, out);
      continue;
    }
    if (raw.size() > 13 && (raw.starts_with("\"-framework ") || raw.starts_with("'-framework ")) &&
        is_framework(raw.substr(12, raw.size() - 13))) {
      replace(line, words[i], raw.substr(1, raw.size() - 2), rule_pair, out);
      continue;
    }
    if (raw != "-framework" || i + 1 >= words.size() || !is_framework(words[i + 1].raw)) continue;
    for (++i; i + 1 < words.size() && is_framework(words[i + 1].raw); ++i)
      replace(line, words[i + 1], "-framework " + words[i + 1].raw, rule_pair, out);
  }
}

// ---- -lfoo.so.1 ----

// "foo.so", "foo.so.1.2": the name of a file, which -l takes for the name of a library.
bool is_shared_name(std::string_view name) {
  const std::size_t at = name.find(".so");
  if (at == std::string_view::npos || at == 0 || name.starts_with(':') || name.contains('/'))
    return false;
  const std::string_view rest = name.substr(at + 3);
  return std::ranges::all_of(rest, [](char c) { return c == '.' || (c >= '0' && c <= '9'); }) &&
         (rest.empty() || rest.starts_with('.'));
}

void versions(Line& line, Findings& out) {
  for (Word& word : line.words) {
    if (!word.raw.starts_with("-l") || !is_plain(word.raw)) continue;
    const std::string name = word.raw.substr(2);
    if (!is_shared_name(name)) continue;
    replace(line, word, "-l:" + (name.starts_with("lib") ? name : "lib" + name), rule_versioned,
            out);
  }
}

// ---- ${SRCDIR} ----

bool is_relative(std::string_view path) {
  return !path.empty() && path.front() != '/' && path.front() != '$' && path.front() != '=' &&
         path.front() != '-' && path.front() != '\\' && !path.contains(':');
}

std::string_view without_dot(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

bool is_there(const File& file, const std::string& path) {
  return file.sources->is_there && file.sources->is_there(path);
}

// The path from one absolute directory to a path below `root`, of which both are.
std::string path_between(std::string_view root, std::string_view from, std::string_view to) {
  auto of = split(from.substr(root.size()), '/'), wanted = split(to.substr(root.size()), '/');
  std::erase(of, "");
  std::erase(wanted, "");
  std::size_t same = 0;
  while (same < std::min(of.size(), wanted.size()) && of[same] == wanted[same]) ++same;
  std::string out;
  for (std::size_t i = same; i < of.size(); ++i) out += "/..";
  for (std::size_t i = same; i < wanted.size(); ++i) out += "/" + std::string(wanted[i]);
  return out;
}

// What stands for a path in a flag; empty: it stays.
std::string source_path(const File& file, std::string_view path, bool relative, const Word& word,
                        Findings& out) {
  if (relative && is_relative(path)) {
    const std::string_view below = without_dot(path);
    if (is_there(file, join_path(file.folder, below)))
      return below == "." || below.empty() ? "${SRCDIR}" : "${SRCDIR}/" + std::string(below);
    out.leave(
        word.at, rule_srcdir, word.raw,
        "a relative path is looked for where the go command runs, and the package has no such file",
        "write it as ${SRCDIR}/..., once the file is there");
    return {};
  }
  if (!path.starts_with('/')) return {};
  const std::string& here = file.sources->folder;
  if (!here.empty() && file.minor != 0) {
    const std::string root = absolute_path(here, file.module_folder);
    const std::string folder = absolute_path(here, file.folder);
    const std::string wanted = absolute_path("/", path);
    if (root.size() > 1 && (wanted == root || wanted.starts_with(root + "/")) &&
        (folder == root || folder.starts_with(root + "/")) && is_there(file, wanted))
      return "${SRCDIR}" + path_between(root, folder, wanted);
  }
  if (std::ranges::any_of(own_folders, [&](auto one) { return path.starts_with(one); }))
    out.leave(word.at, rule_srcdir, word.raw, "the directory is of one machine",
              "put the library below the module and write ${SRCDIR}, or give the directory with "
              "CGO_LDFLAGS or CGO_CFLAGS");
  return {};
}

bool is_library(std::string_view path) {
  return std::ranges::any_of(std::array<std::string_view, 4>{".a", ".o", ".so", ".dylib"},
                             [&](auto end) { return path.ends_with(end); });
}

void paths(const File& file, Line& line, Findings& out) {
  const bool link = line.cgo.verb == "LDFLAGS";
  for (std::size_t i = 0; i < line.words.size(); ++i) {
    Word& word = line.words[i];
    if (!is_plain(word.raw)) continue;
    const std::string raw = word.raw;
    std::string prefix;
    if ((raw.starts_with("-L") && link) || (raw.starts_with("-I") && !link)) {
      prefix = raw.substr(0, 2);
      if (raw == prefix) continue;  // with a word of its own: below
    } else if (i > 0 && (line.words[i - 1].raw == "-L" || line.words[i - 1].raw == "-I")) {
      if (raw.starts_with('-')) continue;
    } else if (!link || raw.starts_with('-') || !is_library(raw)) {
      continue;
    }
    // go makes the directories of -I and -L absolute itself, but no names of files.
    const bool relative = prefix.empty() && is_library(raw);
    const std::string fresh =
        source_path(file, std::string_view(raw).substr(prefix.size()), relative, word, out);
    if (!fresh.empty()) replace(line, word, prefix + fresh, rule_srcdir, out);
  }
}

// ---- flags of one system ----

bool is_apple_path(std::string_view path) {
  return std::ranges::any_of(apple_folders, [&](auto one) {
    return path.starts_with(one) || path == one.substr(0, one.size() - 1);
  });
}

// How many words from here are flags that only Apple's tools know; 0: none.
std::size_t apple_words(const std::vector<Word>& words, std::size_t at) {
  const std::string_view raw = words[at].raw;
  if (!is_plain(raw)) return 0;
  if (raw == "-framework" || raw == "-weak_framework")
    return at + 1 < words.size() && is_framework(words[at + 1].raw) ? 2 : 0;
  if (raw.starts_with("-framework ") || raw.starts_with("-Wl,-framework,") ||
      raw.starts_with("-mmacosx-version-min=") || raw.starts_with("-F/"))
    return 1;
  const bool folder = raw.starts_with("-L") || raw.starts_with("-I");
  return folder && is_apple_path(raw.substr(2)) ? 1 : 0;
}

void systems(const File& file, Line& line, Findings& out) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t i = 0; i < line.words.size();) {
    const std::size_t count = apple_words(line.words, i);
    if (count > 0) found.emplace_back(i, count);
    i += std::max<std::size_t>(count, 1);
  }
  if (found.empty() || !beside_apple(file, line.cgo.condition)) return;
  Word& first = line.words[found.front().first];
  if (!line.cgo.condition.empty()) {
    out.leave(first.at, rule_system, first.raw,
              "the flag is of macOS, and the condition of the line holds elsewhere too",
              "give the flag a line of its own: #cgo darwin ...");
    return;
  }
  if (line.group == 0) line.group = out.group();
  line.changed = true;
  for (const auto& [at, count] : found) {
    out.site(line.words[at].at, rule_system, line.group);
    for (std::size_t i = at; i < at + count; ++i) line.words[i].gone = true;
  }
}

// ---- writing ----

void write(const File& file, const Line& line, Findings& out) {
  const std::vector<Word>& words = line.words;
  const auto differs = [&](const Word& word) {
    return word.gone || word.raw != file.text.substr(word.at, word.end - word.at);
  };
  const auto first = std::ranges::find_if(words, differs);
  const auto last = std::ranges::find_if(words.rbegin(), words.rend(), differs).base();
  const bool all_gone = std::ranges::all_of(words, &Word::gone);
  std::string kept, moved;
  for (auto word = first; word != last; ++word) {
    std::string& to = word->gone && !all_gone ? moved : kept;
    if (!to.empty())
      to += word->gone ? " " : std::string(file.text.substr(word->gap, word->at - word->gap));
    to += word->raw;
  }
  std::size_t start = first->at, end = std::prev(last)->end;
  if (all_gone) {
    const std::size_t verb = file.text.rfind(line.cgo.verb, file.text.find(':', line.cgo.at));
    out.edit(verb, verb, "darwin ", rule_system, line.group);
    if (kept == file.text.substr(start, end - start)) return;
  } else if (kept.empty()) {
    // The blanks go with the words.
    if (first != words.begin())
      start = first->gap;
    else if (last != words.end())
      end = last->at;
  }
  out.edit(start, end, std::move(kept), line.rule.empty() ? rule_system : line.rule, line.group);
  if (moved.empty()) return;
  const std::size_t behind = line.cgo.value_at + line.cgo.value.size();
  out.edit(behind, behind,
           std::string(file.line_end()) + file.line_prefix(line.cgo.at) + "#cgo darwin " +
               line.cgo.verb + ": " + moved,
           rule_system, line.group);
}

}  // namespace

void directives(const File& file, Findings& out) {
  if (out.wants(rule_directive)) spelling(file, out);
  for (const gosource::CgoLine& cgo : file.source.cgo) {
    if (std::ranges::find(verbs, cgo.verb) == verbs.end()) continue;
    Line line{cgo, words_of(cgo)};
    const bool link = cgo.verb == "LDFLAGS";
    if (link && out.wants(rule_pair)) pairs(line, out);
    if (link && out.wants(rule_versioned)) versions(line, out);
    if (out.wants(rule_srcdir)) paths(file, line, out);
    if (out.wants(rule_system)) systems(file, line, out);
    if (line.changed) write(file, line, out);
  }
}

}  // namespace tenon::rewrite::cgo
