#include "link/pc/fragment.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "link/pc/problem.h"
#include "link/pc/settings.h"
#include "link/pc/variables.h"
#include "link/pc/words.h"

namespace tenon::pc {
namespace {

// The letter alone takes the next word: "-I /usr/include".
constexpr std::array<std::string_view, 5> bare_flags{"-F", "-I", "-L", "-D", "-l"};
// Their argument is a path, which may need the sysroot in front.
constexpr std::array<std::string_view, 5> path_flags{"-F", "-I", "-L", "-isystem", "-idirafter"};
// Their argument is a word of its own, also when it is written without a blank.
constexpr std::array<std::string_view, 2> separate_flags{"-isystem", "-idirafter"};
// They hold the next word, and that one only.
constexpr std::array<std::string_view, 4> pair_flags{"-framework", "-isystem", "-idirafter",
                                                     "-include"};
// Not a letter and an argument.
constexpr std::array<std::string_view, 17> whole_flags{
    "-framework", "-isystem",   "-idirafter",   "-pthread",      "-Wa,",          "-Wl,",
    "-Wp,",       "-trigraphs", "-pedantic",    "-ansi",         "-std=",         "-stdlib=",
    "-include",   "-nostdinc",  "-nostdlibinc", "-nobuiltininc", "-nodefaultlibs"};
constexpr std::string_view group_start = "-Wl,--start-group";
constexpr std::string_view group_end = "-Wl,--end-group";

template <std::size_t count>
std::size_t length_of_prefix(const std::array<std::string_view, count>& flags,
                             std::string_view text) {
  for (const std::string_view flag : flags) {
    if (text.starts_with(flag)) return flag.size();
  }
  return 0;
}

template <std::size_t count>
bool begins_with_one_of(const std::array<std::string_view, count>& flags, std::string_view text) {
  return length_of_prefix(flags, text) != 0;
}

// A word that is not "-X" with an argument behind the letter.
bool is_whole(std::string_view text) {
  return !text.starts_with('-') || begins_with_one_of(whole_flags, text);
}

bool holds_children(const Fragment& fragment) {
  return begins_with_one_of(pair_flags, fragment.data) || fragment.data.starts_with(group_start);
}

bool ends_parent(const Fragment& parent, std::string_view text) {
  return begins_with_one_of(pair_flags, parent.data) || text.starts_with(group_end);
}

// Adds words, whose variables are expanded and whose quotes are gone, to a list.
class Builder {
 public:
  Builder(const FieldContext& context, const Origin& origin, Fragments& out)
      : rules_(context.sysroot), uninstalled_(context.uninstalled), origin_(origin), out_(out) {
    if (rules_.folder && *rules_.folder != "/" && *rules_.folder != ".") sysroot_ = *rules_.folder;
  }

  void add(std::string_view text) {
    if (text.empty()) return;
    const std::size_t separate = length_of_prefix(separate_flags, text);
    if (separate != 0 && separate < text.size()) {
      add_one(text.substr(0, separate));
      text.remove_prefix(separate);
    }
    add_one(text);
  }

 private:
  void add_one(std::string_view text) {
    Fragment* last = out_.empty() ? nullptr : &out_.back();
    Fragment fragment = fragment_of(text, last);
    const bool open = last != nullptr && last->type == 0 && is_whole(last->data) && !last->closed;
    if (open && ends_parent(*last, text)) last->closed = true;
    if (open && holds_children(*last)) {
      last->children.push_back(std::move(fragment));
    } else {
      out_.push_back(std::move(fragment));
    }
  }

  [[nodiscard]] Fragment fragment_of(std::string_view text, const Fragment* last) const {
    Fragment out;
    out.origin = origin_;
    const bool typed = text.size() > 1 && !is_whole(text) && !text.starts_with("-lib:");
    if (typed) out.type = text[1];
    const bool prefix = typed ? wants_sysroot(text)
                              : (last != nullptr && wants_sysroot(*last, text)) || is_file(text);
    if (prefix) out.data = sysroot_;
    out.data += typed ? text.substr(2) : text;
    return out;
  }

  [[nodiscard]] bool may_inject() const {
    return !sysroot_.empty() && rules_.inject && (!uninstalled_ || rules_.uninstalled);
  }

  [[nodiscard]] bool lies_below(std::string_view path) const {
    return path.starts_with(sysroot_) && (path.size() == sysroot_.size() ||
                                          path[sysroot_.size()] == '/' || sysroot_.ends_with('/'));
  }

  [[nodiscard]] bool wants_sysroot(std::string_view text) const {
    if (!may_inject()) return false;
    const std::size_t offset = length_of_prefix(path_flags, text);
    return offset != 0 && !lies_below(text.substr(offset)) && is_of_target(text.substr(offset));
  }

  // Whether the sysroot is meant by an absolute path.
  [[nodiscard]] bool is_of_target(std::string_view path) const {
    if (!rules_.exists) return true;
    if (!path.starts_with('/')) return false;
    return rules_.exists(sysroot_ + std::string(path)) || !rules_.exists(std::string(path));
  }

  // A library or object of the sysroot that is named by its path.
  [[nodiscard]] bool is_file(std::string_view text) const {
    return may_inject() && rules_.exists && text.starts_with('/') && !lies_below(text) &&
           rules_.exists(sysroot_ + std::string(text));
  }

  // The flag is the fragment before, this is its path.
  [[nodiscard]] bool wants_sysroot(const Fragment& last, std::string_view path) const {
    return may_inject() && last.type == 0 && !last.closed &&
           begins_with_one_of(path_flags, last.data) && !lies_below(path) && is_of_target(path);
  }

  const SysrootRules& rules_;
  bool uninstalled_;
  std::string sysroot_;
  const Origin& origin_;
  Fragments& out_;
};

// Words in which "-I" took the next one.
std::vector<std::string> joined(std::vector<std::string> words) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool bare = std::ranges::find(bare_flags, words[i]) != bare_flags.end();
    out.push_back(std::move(words[i]));
    if (bare && i + 1 < words.size()) out.back() += words[++i];
  }
  return out;
}

// -l, -L, -F and -I have their place by search order; a later one adds nothing in front.
bool stays_at_first(const Fragment& fragment) {
  return fragment.type == 'F' || fragment.type == 'L' || fragment.type == 'I';
}

bool can_merge(const Fragment& fragment) {
  return !stays_at_first(fragment) && fragment.children.empty() && is_whole(fragment.data);
}

// The old place may go when what stands before it is no flag that takes the next one.
bool may_leave(const std::list<Fragment>& list, std::list<Fragment>::const_iterator place) {
  if (place == list.begin()) return true;
  const char before = std::prev(place)->type;
  if (before == 'l' || before == 'L' || before == 'I') return true;
  return place->type == 0 || before == place->type;
}

int compare(const Fragment& one, const Fragment& other) {
  const auto a = static_cast<unsigned char>(one.type);
  const auto b = static_cast<unsigned char>(other.type);
  if (a != b) return a < b ? -1 : 1;
  return one.data.compare(other.data);
}

void note_origins(Fragment& kept, const Fragment& dropped) {
  const auto add = [&](const Origin& one) {
    if (one != kept.origin && std::ranges::find(kept.also, one) == kept.also.end()) {
      kept.also.push_back(one);
    }
  };
  add(dropped.origin);
  for (const Origin& one : dropped.also) add(one);
}

bool needs_backslash(unsigned char c, bool utf8) {
  if (c < 0x80) {
    return c <= '#' || (c >= '%' && c <= '\'') || c == '*' || c == ';' || c == '<' || c == '>' ||
           c == '?' || (c >= '[' && c <= ']') || c == '`' || (c >= '{' && c <= '}') || c == 0x7f;
  }
  return !utf8;
}

void add_shell_text(const Fragment& fragment, char separator, bool utf8, std::string& out) {
  if (fragment.type != 0) {
    out += '-';
    out += fragment.type;
  }
  for (const char c : fragment.data) {
    if (needs_backslash(static_cast<unsigned char>(c), utf8)) out += '\\';
    out += c;
  }
  for (const Fragment& child : fragment.children) {
    out += separator;
    add_shell_text(child, separator, utf8, out);
  }
}

bool needs_msvc_quotes(std::string_view text) {
  constexpr std::string_view plain = "$()+,-./:=@^_~";
  return std::ranges::any_of(
      text, [&](char c) { return !is_letter(c) && !is_number(c) && !plain.contains(c); });
}

}  // namespace

std::string Fragment::text() const {
  if (type == 0) return data;
  return std::string{'-', type} + data;
}

std::vector<std::string> Fragment::words() const {
  std::vector<std::string> out{text()};
  for (const Fragment& child : children) {
    for (std::string& word : child.words()) out.push_back(std::move(word));
  }
  return out;
}

bool add_fragments(std::string_view text, const FieldContext& context, const Origin& origin,
                   Fragments& out, Problems& problems) {
  auto words = split_words(text, Quotes::keep);
  if (!words) return false;
  Builder builder(context, origin, out);
  for (const std::string& word : joined(std::move(*words))) {
    const Expansion expanded = expand(word, context.variables, context.globals, problems);
    if (!expanded.complete) return false;
    auto parts = split_words(expanded.text, Quotes::remove);
    if (!parts) return false;
    for (const std::string& part : joined(std::move(*parts))) builder.add(part);
  }
  return true;
}

std::vector<Merger::Place>::iterator Merger::find(const Fragment& fragment) {
  auto from = index_.begin();
  auto to = index_.end();
  while (from < to) {
    const auto middle = from + (to - from) / 2;
    const auto order = compare(fragment, **middle);
    if (order == 0) return middle;
    if (order < 0) {
      to = middle;
    } else {
      from = middle + 1;
    }
  }
  return index_.end();
}

void Merger::add(const Fragment& fragment, bool exact) {
  const auto known = exact ? index_.end() : find(fragment);
  Fragment copy = fragment;
  if (known != index_.end()) {
    const Place old = *known;
    if (stays_at_first(fragment)) {
      note_origins(*old, fragment);
      return;
    }
    if (can_merge(fragment) && may_leave(list_, old)) {
      note_origins(copy, *old);
      index_.erase(known);
      list_.erase(old);
    }
  }
  list_.push_back(std::move(copy));
  const Place added = std::prev(list_.end());
  const auto place = std::ranges::lower_bound(
      index_, *added,
      [](const Fragment& one, const Fragment& other) { return compare(one, other) < 0; },
      [](const Place& one) -> const Fragment& { return *one; });
  index_.insert(place, added);
}

Fragments Merger::take() {
  Fragments out(std::make_move_iterator(list_.begin()), std::make_move_iterator(list_.end()));
  list_.clear();
  index_.clear();
  return out;
}

std::string shell_text(const Fragments& fragments, char separator, bool utf8) {
  std::string out;
  for (const Fragment& fragment : fragments) {
    if (&fragment != &fragments.front()) out += separator;
    add_shell_text(fragment, separator, utf8, out);
  }
  return out;
}

std::string msvc_text(const Fragments& fragments, char separator) {
  std::string out;
  for (const Fragment& fragment : fragments) {
    std::string_view start;
    switch (fragment.type) {
      case 'D': start = "/D"; break;
      case 'I': start = "/I"; break;
      case 'L': start = "/libpath:"; break;
      case 'l': break;
      default: continue;
    }
    const std::string text = fragment.data + (fragment.type == 'l' ? ".lib" : "");
    const std::string_view quote = needs_msvc_quotes(text) ? "\"" : "";
    if (!out.empty()) out += separator;
    out.append(start).append(quote).append(text).append(quote);
  }
  return out;
}

std::string without_double_slashes(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  for (const char c : path) {
    if (c != '/' || !out.ends_with('/')) out += c;
  }
  return out;
}

bool is_system_folder(const Fragment& fragment, const Settings& settings) {
  if (fragment.type != 'L' && fragment.type != 'I') return false;
  const auto& folders = fragment.type == 'L' ? settings.system_lib : settings.system_include;
  return std::ranges::find(folders, without_double_slashes(fragment.data)) != folders.end();
}

}  // namespace tenon::pc
