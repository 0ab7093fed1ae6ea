// Strings and slices that Go hands to C. Sources: `go doc cmd/cgo` ("Passing pointers"), the Go
// specification, POSIX for what a function does with a pointer.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "format/tree/tree.h"
#include "rewrite/cgo/file.h"
#include "rewrite/cgo/go_grammar.h"

namespace tenon::rewrite::cgo {
namespace {

using tree::Index;
using tree::Tree;

// Functions of the C library that read a string and keep no pointer to it.
constexpr std::array<std::string_view, 62> borrowers = {
    "access",         "atof",      "atoi",       "atol",       "atoll",       "chdir",
    "chmod",          "chown",     "chroot",     "creat",      "dlopen",      "dlsym",
    "fdopen",         "fopen",     "fputs",      "getenv",     "getgrnam",    "getpwnam",
    "if_nametoindex", "inet_addr", "inet_pton",  "lchown",     "link",        "lstat",
    "mkdir",          "mkfifo",    "mknod",      "mount",      "open",        "opendir",
    "pathconf",       "perror",    "popen",      "puts",       "readlink",    "remove",
    "rename",         "rmdir",     "sem_open",   "sem_unlink", "setenv",      "setlocale",
    "sethostname",    "shm_open",  "shm_unlink", "stat",       "statvfs",     "strcasecmp",
    "strcmp",         "strcoll",   "strdup",     "strlen",     "strncasecmp", "strncmp",
    "strndup",        "symlink",   "system",     "truncate",   "umount",      "unlink",
    "unsetenv",       "utime"};

// Types of C without pointers in them.
constexpr std::array<std::string_view, 34> plain_types = {
    "byte",      "uint8",    "int8",       "uint16",      "int16",      "uint32",   "int32",
    "uint64",    "int64",    "int",        "uint",        "float32",    "float64",  "bool",
    "C.char",    "C.schar",  "C.uchar",    "C.short",     "C.ushort",   "C.int",    "C.uint",
    "C.long",    "C.ulong",  "C.longlong", "C.ulonglong", "C.float",    "C.double", "C.size_t",
    "C.uint8_t", "C.int8_t", "C.uint16_t", "C.int16_t",   "C.uint32_t", "C.int32_t"};

template <std::size_t size>
bool in(const std::array<std::string_view, size>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

std::string without_blanks(std::string_view text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c > ' '; });
  return out;
}

// A variable of a function, and where its name stands there.
struct Variable {
  Index declaration = Tree::none;  // the short_var_declaration, var_spec or parameter
  Index value = Tree::none;        // what it is set to there
  Index type = Tree::none;
  std::vector<Index> uses;  // without the declaration
};

class Walker {
 public:
  Walker(const File& file, Findings& out) : file_(file), out_(out), tree_(*file.tree) {}

  void run();

 private:
  void c_string(Index call);
  void named_string(Index call, Index declaration, Index name);
  void slice_pointer(Index address);
  void go_string(Index call);

  [[nodiscard]] bool is_call_of(Index node, std::string_view package,
                                std::string_view function) const;
  [[nodiscard]] std::vector<Index> arguments(Index call) const {
    return tree_.named_children(tree_.child(call, go_grammar().arguments));
  }
  [[nodiscard]] Index outermost(Index node) const;
  [[nodiscard]] Index function_around(Index node) const;
  [[nodiscard]] std::optional<Variable> variable(Index function, std::string_view name) const;
  [[nodiscard]] Index declaration_of(Index name) const;
  [[nodiscard]] Index consumer(Index use) const;
  [[nodiscard]] std::string_view c_function(Index call) const;
  [[nodiscard]] bool is_loop_between(Index node, Index function) const;
  [[nodiscard]] bool own_memory(const Variable& variable) const;
  [[nodiscard]] bool never_empty(const Variable& variable) const;
  [[nodiscard]] bool length_is_asked(Index function, std::string_view name) const;
  [[nodiscard]] std::string element_type(const Variable& variable) const;
  [[nodiscard]] std::string_view array_behind(Index argument) const;

  const File& file_;
  Findings& out_;
  const Tree& tree_;
};

bool Walker::is_call_of(Index node, std::string_view package, std::string_view function) const {
  const GoGrammar& g = go_grammar();
  if (tree_[node].kind != g.call) return false;
  const Index callee = tree_.child(node, g.function_field);
  return tree_[callee].kind == g.selector && tree_.text(tree_.child(callee, g.field)) == function &&
         tree_.text(tree_.child(callee, g.operand)) == package;
}

// "puts" of C.puts(x); empty for another call.
std::string_view Walker::c_function(Index call) const {
  const GoGrammar& g = go_grammar();
  const Index callee = tree_.child(call, g.function_field);
  if (tree_[call].kind != g.call || tree_[callee].kind != g.selector ||
      tree_.text(tree_.child(callee, g.operand)) != "C")
    return {};
  return tree_.text(tree_.child(callee, g.field));
}

Index Walker::function_around(Index node) const {
  const GoGrammar& g = go_grammar();
  while (node != 0) {
    node = tree_[node].parent;
    const tree::Kind kind = tree_[node].kind;
    if (kind == g.function || kind == g.method || kind == g.literal) return node;
  }
  return Tree::none;
}

Index Walker::outermost(Index node) const {
  Index out = Tree::none;
  for (Index at = function_around(node); at != Tree::none; at = function_around(at)) out = at;
  return out;
}

// Of an identifier that a statement declares: the statement.
Index Walker::declaration_of(Index name) const {
  const GoGrammar& g = go_grammar();
  const Index above = tree_[name].parent;
  const tree::Kind kind = tree_[above].kind;
  if ((kind == g.parameter || kind == g.variadic || kind == g.var_spec) &&
      tree_[name].field == g.name)
    return above;
  if (kind != g.expressions || tree_[above].field != g.left) return Tree::none;
  const tree::Kind statement = tree_[tree_[above].parent].kind;
  return statement == g.short_var || statement == g.range_clause ? tree_[above].parent : Tree::none;
}

// The variable of that name, where the function has one declaration of it.
std::optional<Variable> Walker::variable(Index function, std::string_view name) const {
  const GoGrammar& g = go_grammar();
  Variable out;
  for (Index i = function; i < tree_[function].after; ++i) {
    if (tree_[i].kind != g.identifier || tree_.text(i) != name) continue;
    const Index declaration = declaration_of(i);
    if (declaration == Tree::none) {
      out.uses.push_back(i);
      continue;
    }
    if (out.declaration != Tree::none) return std::nullopt;
    out.declaration = declaration;
    out.type = tree_.child(declaration, g.type);
    const bool short_form = tree_[declaration].kind == g.short_var;
    const Index values = tree_.child(declaration, short_form ? g.right : g.value);
    if (values == Tree::none) continue;
    const auto all = tree_.named_children(values);
    const bool one =
        all.size() == 1 &&
        (!short_form || tree_.named_children(tree_.child(declaration, g.left)).size() == 1);
    if (one) out.value = all.front();
  }
  if (out.declaration == Tree::none) return std::nullopt;
  return out;
}

// What gets the value of an identifier: it is taken out of parentheses, unsafe.Pointer(x) and
// (*C.T)(x) first.
Index Walker::consumer(Index use) const {
  const GoGrammar& g = go_grammar();
  for (Index at = tree_[use].parent; at != 0; at = tree_[at].parent) {
    const tree::Kind kind = tree_[at].kind;
    if (kind == g.arguments_list || kind == g.parenthesized) continue;
    if (kind != g.call) return at;
    const Index callee = tree_.child(at, g.function_field);
    const std::string text = without_blanks(tree_.text(callee));
    const bool conversion = text == "unsafe.Pointer" || text == "uintptr" ||
                            (tree_[callee].kind == g.parenthesized && text.starts_with("(*"));
    if (!conversion) return at;
  }
  return Tree::none;
}

bool Walker::is_loop_between(Index node, Index function) const {
  for (; node != function && node != 0; node = tree_[node].parent) {
    if (tree_[node].kind == go_grammar().for_statement) return true;
  }
  return false;
}

// ---- C.CString ----

void Walker::c_string(Index call) {
  const GoGrammar& g = go_grammar();
  const Index list = tree_[call].parent, statement = tree_[list].parent;
  const bool declares = tree_[list].kind == g.expressions && tree_[list].field == g.right &&
                        tree_[statement].kind == g.short_var;
  if (declares) {
    const auto names = tree_.named_children(tree_.child(statement, g.left));
    if (names.size() == 1 && tree_[names.front()].kind == g.identifier)
      return named_string(call, statement, names.front());
    return;
  }
  const Index user = consumer(call);
  const std::string_view function = user == Tree::none ? std::string_view() : c_function(user);
  if (!function.empty() && in(borrowers, function))
    out_.leave(tree_[call].start, rule_free, "C." + std::string(function) + "(C.CString(...))",
               "nothing can free the C string, as it has no name",
               "give it a name, and a defer C.free(unsafe.Pointer(name)) behind it");
}

void Walker::named_string(Index call, Index declaration, Index name) {
  const GoGrammar& g = go_grammar();
  const Index outer = outermost(call), own = function_around(call);
  const std::string text(tree_.text(name));
  if (outer == Tree::none || text == "_") return;
  const auto found = variable(outer, text);
  const std::string api = text + " := C.CString";
  const auto leave = [&](std::string_view why, std::string_view hint) {
    out_.leave(tree_[call].start, rule_free, api, why, hint);
  };
  std::string unknown;
  bool escapes = false;
  if (!found) {
    // Several variables of one name: whether one of them is freed is enough to be quiet.
    if (!has_word(tree_.text(outer), "free")) leave("the name stands for several variables", "");
    return;
  }
  for (const Index use : found->uses) {
    const Index user = consumer(use);
    const std::string_view function = user == Tree::none ? std::string_view() : c_function(user);
    if (tree_[user].kind == g.call) {
      const std::string callee = without_blanks(tree_.text(tree_.child(user, g.function_field)));
      // A function with such a name may well do it.
      for (const std::string_view word : {"free", "Free", "FREE", "elease", "estroy", "elete"}) {
        if (callee.contains(word)) return;
      }
    }
    const bool compared = tree_[user].kind == g.binary;
    // What runs beside the function may outlive it.
    const bool beside = tree_[tree_[user].parent].kind == g.go_statement;
    if (function_around(use) != own || beside || (function.empty() && !compared)) {
      escapes = true;
    } else if (!compared &&
               (!in(borrowers, function) || has_word(file_.source.preamble, function))) {
      unknown = function;
    }
  }
  if (found->uses.empty()) return;
  if (escapes) return;  // who gets it may free it
  if (!unknown.empty() || has_word(file_.source.preamble, "free")) {
    out_.leave(tree_[call].start, rule_free, api,
               "nothing here frees it, and whether the C function keeps it is not known",
               "put defer C.free(unsafe.Pointer(name)) behind it if the function keeps no pointer");
    return;
  }
  const Index above = tree_[declaration].parent;
  const std::size_t start = tree_[declaration].start, end = tree_[declaration].end;
  const std::size_t line = file_.line_start(start), stop = file_.line_stop(end);
  const std::string_view before = file_.text.substr(line, start - line);
  const std::string_view behind = trim(file_.text.substr(end, stop - end));
  if (tree_[above].kind != g.statements || tree_[tree_[above].parent].kind != g.block ||
      !trim(before).empty() || (!behind.empty() && !behind.starts_with("//"))) {
    return leave("the statement has no line of its own", "put C.free behind its last use");
  }
  if (is_loop_between(declaration, own))
    return leave("in a loop a defer would free it at the end of the function only",
                 "put C.free behind its last use");
  const std::uint32_t group = out_.group();
  const std::string package = out_.unsafe_name(rule_free, group);
  const bool header = file_.uses("free") || out_.include("stdlib.h", rule_free, group);
  if (package.empty() || !header)
    return leave("it takes an import of unsafe and stdlib.h, for which no place is sure",
                 "add both, and defer C.free(unsafe.Pointer(name))");
  out_.site(tree_[call].start, rule_free, group);
  out_.edit(stop, stop,
            std::string(file_.line_end()) + std::string(before) + "defer C.free(" + package +
                ".Pointer(" + text + "))",
            rule_free, group);
}

// ---- &slice[0] ----

// "byte" of []byte.
std::string Walker::element_type(const Variable& found) const {
  const GoGrammar& g = go_grammar();
  Index type = found.type;
  if (type == Tree::none && found.value != Tree::none) {
    const Index value = found.value;
    if (tree_[value].kind == g.composite) type = tree_.child(value, g.type);
    if (tree_[value].kind == g.conversion) type = tree_.child(value, g.type);
    if (tree_[value].kind == g.call && tree_.text(tree_.child(value, g.function_field)) == "make") {
      const auto all = arguments(value);
      if (!all.empty()) type = all.front();
    }
  }
  if (type == Tree::none || tree_[type].kind != g.slice_type) return {};
  return without_blanks(tree_.text(tree_.child(type, g.element)));
}

// Memory that is the slice's alone, so that cgo's check of pointers sees nothing else.
bool Walker::own_memory(const Variable& found) const {
  const GoGrammar& g = go_grammar();
  if (found.value == Tree::none) return false;
  return tree_[found.value].kind == g.composite || tree_[found.value].kind == g.conversion ||
         (tree_[found.value].kind == g.call &&
          tree_.text(tree_.child(found.value, g.function_field)) == "make");
}

bool Walker::never_empty(const Variable& found) const {
  const GoGrammar& g = go_grammar();
  if (found.value == Tree::none) return false;
  if (tree_[found.value].kind == g.composite) {
    const std::string text = without_blanks(tree_.text(found.value));
    return !text.ends_with("{}");
  }
  if (tree_[found.value].kind != g.call) return false;
  const auto all = arguments(found.value);
  if (all.size() < 2) return false;
  const std::string_view size = tree_.text(all[1]);
  // A number, a constant, or something and one more.
  return tree_[all[1]].kind == g.int_literal ? size != "0"
                                             : size.contains('+') || !size.contains("len(");
}

// len(s) in the function: its length is looked at somewhere.
bool Walker::length_is_asked(Index function, std::string_view name) const {
  const GoGrammar& g = go_grammar();
  for (Index i = function; i < tree_[function].after; ++i) {
    if (tree_[i].kind != g.binary && tree_[i].kind != g.range_clause) continue;
    const std::string text = without_blanks(tree_.text(i));
    if (text.contains("len(" + std::string(name) + ")") || text == std::string(name) + "==nil" ||
        text == std::string(name) + "!=nil")
      return true;
    if (tree_[i].kind == g.range_clause && has_word(text, name)) return true;
  }
  return false;
}

void Walker::slice_pointer(Index address) {
  const GoGrammar& g = go_grammar();
  const Index element = tree_.child(address, g.operand);
  if (tree_.text(tree_.child(address, g.operator_field)) != "&" || tree_[element].kind != g.index ||
      tree_.text(tree_.child(element, g.index_field)) != "0")
    return;
  const Index slice = tree_.child(element, g.operand);
  const Index list = tree_[address].parent, call = tree_[list].parent;
  const std::string package = "unsafe";
  if (tree_[slice].kind != g.identifier || tree_[list].kind != g.arguments_list ||
      !is_call_of(call, package, "Pointer"))
    return;
  const Index outer = outermost(address);
  const std::string name(tree_.text(slice));
  const auto found = outer == Tree::none ? std::nullopt : variable(outer, name);
  if (!found) return;
  const bool set_again = std::ranges::any_of(found->uses, [&](Index use) {
    const Index above = tree_[use].parent;
    return tree_[above].kind == g.expressions && tree_[above].field == g.left;
  });
  // What it holds here is not known.
  if (set_again) return;
  const std::string type = element_type(*found);
  if (type.empty() || never_empty(*found) || length_is_asked(outer, name)) return;
  const std::string api = "&" + name + "[0]";
  const auto leave = [&](std::string_view why) {
    out_.leave(tree_[address].start, rule_slice, api, why,
               "call it only if len of the slice is not 0, or use unsafe.SliceData");
  };
  if (!in(plain_types, type))
    return leave("an empty slice panics here; its elements may be pointers");
  if (file_.minor < 20) return leave("an empty slice panics here; unsafe.SliceData needs Go 1.20");
  const Index user = consumer(address);
  const Index converted = tree_[tree_[call].parent].parent;
  std::string cast;
  if (tree_[converted].kind == g.call)
    cast = without_blanks(tree_.text(tree_.child(converted, g.function_field)));
  const bool typed = cast.starts_with("(*C.") && cast.ends_with(')') &&
                     in(plain_types, std::string_view(cast).substr(2, cast.size() - 3));
  if (user != Tree::none && !c_function(user).empty() && !typed && !own_memory(*found))
    return leave("an empty slice panics here; whose memory it is decides what cgo checks");
  out_.change(tree_[address].start, tree_[address].end, "unsafe.SliceData(" + name + ")",
              rule_slice);
}

// ---- C.GoString of an array ----

// The array whose first element the argument points to: &a[0], (*C.char)(unsafe.Pointer(&a[0])).
std::string_view Walker::array_behind(Index argument) const {
  const GoGrammar& g = go_grammar();
  while (tree_[argument].kind == g.call || tree_[argument].kind == g.parenthesized) {
    if (tree_[argument].kind == g.call) {
      const std::string callee =
          without_blanks(tree_.text(tree_.child(argument, g.function_field)));
      const auto all = arguments(argument);
      if (all.size() != 1 || (callee != "(*C.char)" && callee != "unsafe.Pointer")) return {};
      argument = all.front();
    } else {
      const auto inner = tree_.named_children(argument);
      if (inner.size() != 1) return {};
      argument = inner.front();
    }
  }
  if (tree_[argument].kind != g.unary || tree_.text(tree_.child(argument, g.operator_field)) != "&")
    return {};
  const Index element = tree_.child(argument, g.operand);
  if (tree_[element].kind != g.index || tree_.text(tree_.child(element, g.index_field)) != "0")
    return {};
  const Index array = tree_.child(element, g.operand);
  return tree_[array].kind == g.identifier ? tree_.text(array) : std::string_view();
}

void Walker::go_string(Index call) {
  const GoGrammar& g = go_grammar();
  const auto all = arguments(call);
  if (all.size() != 1) return;
  const std::string_view array = array_behind(all.front());
  const Index outer = outermost(call);
  if (array.empty() || outer == Tree::none) return;
  const auto found = variable(outer, array);
  if (!found) return;
  Index type = found->type;
  if (type == Tree::none && found->value != Tree::none && tree_[found->value].kind == g.composite)
    type = tree_.child(found->value, g.type);
  if (type == Tree::none || tree_[type].kind != g.array_type) return;
  const bool strict = file_.flags.contains("-std=c") || file_.flags.contains("-ansi") ||
                      file_.source.preamble.contains("_XOPEN_SOURCE") ||
                      file_.source.preamble.contains("_POSIX_C_SOURCE") ||
                      has_word(file_.source.preamble, "strnlen");
  const std::string api = "C.GoString(" + std::string(tree_.text(all.front())) + ")";
  const auto leave = [&](std::string_view why) {
    out_.leave(tree_[call].start, rule_string, api, why,
               "use C.GoStringN with the length that is known");
  };
  if (strict)
    return leave("it reads past the array if no zero byte is in it; strnlen may not be declared");
  const std::uint32_t group = out_.group();
  if (!out_.include("string.h", rule_string, group))
    return leave("it reads past the array if no zero byte is in it; string.h has no sure place");
  const std::string pointer(tree_.text(all.front()));
  const Index function = tree_.child(tree_.child(call, g.function_field), g.field);
  out_.site(tree_[call].start, rule_string, group);
  out_.edit(tree_[function].start, tree_[function].end, "GoStringN", rule_string, group);
  out_.edit(tree_[all.front()].end, tree_[all.front()].end,
            ", C.int(C.strnlen(" + pointer + ", C.size_t(len(" + std::string(array) + "))))",
            rule_string, group);
}

void Walker::run() {
  const GoGrammar& g = go_grammar();
  for (Index i = 1; i < tree_.size(); ++i) {
    if (tree_[i].kind == g.unary && out_.wants(rule_slice)) slice_pointer(i);
    if (tree_[i].kind != g.call) continue;
    if (out_.wants(rule_free) && is_call_of(i, "C", "CString")) c_string(i);
    if (out_.wants(rule_string) && is_call_of(i, "C", "GoString")) go_string(i);
  }
}

}  // namespace

void memory(const File& file, Findings& out) {
  if (file.tree && file.source.import_c != 0) Walker(file, out).run();
}

}  // namespace tenon::rewrite::cgo
