#include "link/pc/variables.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "link/pc/problem.h"
#include "link/pc/settings.h"
#include "link/pc/words.h"

namespace tenon::pc {
namespace {

constexpr std::size_t longest_text = 65534;
constexpr int most_expansions = 512;
constexpr std::size_t longest_name = 5119;

// A value that begins with a quote loses its quotes.
std::string without_quotes(std::string_view text) {
  const char quote = !text.empty() && (text[0] == '\'' || text[0] == '"') ? text[0] : '\0';
  if (quote == 0) return std::string(text);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == quote) {
      out += text[++i];
    } else if (text[i] != quote) {
      out += text[i];
    }
  }
  return out;
}

void add_text(Value& value, std::string_view text) {
  if (text.empty()) return;
  if (!value.empty() && value.back().kind == Piece::Kind::text) {
    value.back().text += text;
  } else {
    value.push_back({Piece::Kind::text, std::string(text)});
  }
}

// "$$" is a dollar, "${NAME}" a variable; everything else is text.
Value pieces_of(std::string_view text) {
  Value out;
  while (!text.empty()) {
    const std::size_t dollar = std::min(text.find('$'), text.size());
    add_text(out, text.substr(0, dollar));
    text.remove_prefix(dollar);
    if (text.empty()) break;
    if (text.starts_with("$$")) {
      add_text(out, "$");
      text.remove_prefix(2);
      continue;
    }
    const std::size_t end = text.starts_with("${") ? text.find('}') : std::string_view::npos;
    if (end == std::string_view::npos) {
      add_text(out, text.substr(0, 1));
      text.remove_prefix(1);
      continue;
    }
    const std::string_view name = text.substr(2, end - 2);
    if (name.empty() || name.size() > longest_name) {
      add_text(out, text.substr(0, end + 1));
    } else if (name == "pc_sysrootdir") {
      out.push_back({Piece::Kind::sysroot, {}});
    } else {
      out.push_back({Piece::Kind::variable, std::string(name)});
    }
    text.remove_prefix(end + 1);
  }
  return out;
}

class Expander {
 public:
  Expander(const Variables& variables, const Globals& globals, Problems& problems)
      : variables_(variables), globals_(globals), problems_(problems) {}

  [[nodiscard]] const Variable* find(std::string_view name) const {
    if (const Variable* found = globals_.defined.find(name)) return found;
    if (const Variable* found = variables_.find(name)) return found;
    return globals_.fallback.find(name);
  }

  bool run(const Value& value, Expansion& out) {
    if (++count_ > most_expansions) {
      warn("warning: bytecode program exceeds iteration limit (512)\n");
      return false;
    }
    return std::ranges::all_of(value, [&](const Piece& piece) { return add(piece, out); });
  }

 private:
  bool add(const Piece& piece, Expansion& out) {
    switch (piece.kind) {
      case Piece::Kind::text: return append(piece.text, out.text);
      case Piece::Kind::sysroot:
        out.used_sysroot = true;
        return globals_.sysroot.empty() || append(globals_.sysroot, out.text);
      case Piece::Kind::variable: break;
    }
    const Variable* variable = find(piece.text);
    if (variable == nullptr) return true;
    if (std::ranges::find(open_, variable) != open_.end()) return false;
    open_.push_back(variable);
    const bool complete = run(variable->value, out);
    open_.pop_back();
    return complete;
  }

  bool append(std::string_view text, std::string& out) {
    if (out.size() >= longest_text) return false;
    const std::size_t room = longest_text - out.size();
    out += text.substr(0, room);
    if (text.size() <= room) return true;
    warn("warning: truncating very long variable to 64KB\n");
    return false;
  }

  void warn(const char* text) { problems_.push_back({.text = text}); }

  const Variables& variables_;
  const Globals& globals_;
  Problems& problems_;
  std::vector<const Variable*> open_;  // being expanded
  int count_ = 0;
};

Expansion expand_value(const Value& value, Expander& expander) {
  Expansion out;
  out.complete = expander.run(value, out);
  return out;
}

// Whether a value may be a path: absolute, relative, or with a separator in it.
bool looks_like_path(std::string_view text) {
  while (!text.empty() && is_blank(text[0])) text.remove_prefix(1);
  return text.find_first_of("/\\") != std::string_view::npos;
}

}  // namespace

std::string sysroot_text(const SysrootRules& rules) {
  std::string out = rules.folder.value_or("");
  if (out == ".") return {};
  while (out.ends_with('/')) out.pop_back();
  return out;
}

void Variables::set(std::string_view name, std::string_view text, std::size_t line,
                    bool taken_as_it_is) {
  Value value;
  const std::string plain = without_quotes(text);
  if (taken_as_it_is) {
    add_text(value, plain);
  } else {
    value = pieces_of(plain);
  }
  const auto found = std::ranges::find(all_, name, &Variable::name);
  const Value old = found == all_.end() ? Value{} : found->value;
  Value whole;
  for (Piece& piece : value) {
    if (piece.kind == Piece::Kind::variable && piece.text == name) {
      // A file that doubles a value line by line would fill the memory.
      if (whole.size() + old.size() > longest_text) break;
      whole.insert(whole.end(), old.begin(), old.end());
    } else {
      whole.push_back(std::move(piece));
    }
  }
  if (found == all_.end()) {
    all_.push_back({std::string(name), std::move(whole), line});
  } else {
    found->value = std::move(whole);
    found->line = line;
  }
}

const Variable* Variables::find(std::string_view name) const {
  const auto found = std::ranges::find(all_, name, &Variable::name);
  return found == all_.end() ? nullptr : &*found;
}

Globals::Globals(const Settings& settings) : sysroot(sysroot_text(settings.sysroot)) {
  for (const auto& [name, value] : settings.defined) defined.set(name, value, 0, true);
  fallback.set("pc_sysrootdir", settings.sysroot.folder.value_or(""), 0);
  fallback.set("pc_top_builddir", settings.build_root, 0);
}

Expansion expand(std::string_view text, const Variables& variables, const Globals& globals,
                 Problems& problems) {
  Expander expander(variables, globals, problems);
  return expand_value(pieces_of(text), expander);
}

std::string variable_value(std::string_view name, const Variables& variables,
                           const Globals& globals, const SysrootRules& rules, Problems& problems) {
  Expander expander(variables, globals, problems);
  const Variable* variable = expander.find(name);
  if (variable == nullptr) return {};
  Expansion out = expand_value(variable->value, expander);
  const std::string& sysroot = rules.folder ? *rules.folder : std::string();
  if (rules.in_variables && !out.used_sysroot && looks_like_path(out.text) &&
      !out.text.starts_with(sysroot)) {
    out.text.insert(0, sysroot);
  }
  return std::move(out).text;
}

std::string plain_value(const Variable& variable, const Variables& variables,
                        const Globals& globals, Problems& problems) {
  Expander expander(variables, globals, problems);
  return expand_value(variable.value, expander).text;
}

}  // namespace tenon::pc
