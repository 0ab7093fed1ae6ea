#include "machine/doctor/shell_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/text.h"

namespace tenon {
namespace {

// What can be open. A block, a subshell and the body of a case hold commands; the others text.
enum class Open : std::uint8_t {
  block,
  subshell,
  choice,  // case ... esac
  single,
  ansi,  // $'...'
  twofold,
  backquote,
  expansion,  // ${...}
  arithmetic,
  list,  // NAME=(...), and parentheses that are part of a word
};

struct Word {
  std::string_view text;
  int change;  // opens a block, closes one, or neither
  bool command_follows;
};

constexpr Word posix_words[] = {
    {"if", 1, true},    {"fi", -1, false},   {"do", 1, true},   {"done", -1, false},
    {"case", 1, false}, {"esac", -1, false}, {"{", 1, true},    {"}", -1, false},
    {"then", 0, true},  {"else", 0, true},   {"elif", 0, true}, {"while", 0, true},
    {"until", 0, true}, {"!", 0, true},      {"time", 0, true}, {"in", 0, true},
};
constexpr Word fish_words[] = {
    {"if", 1, true},        {"for", 1, false},  {"while", 1, true}, {"switch", 1, false},
    {"function", 1, false}, {"begin", 1, true}, {"end", -1, false}, {"else", 0, true},
    {"and", 0, true},       {"or", 0, true},    {"not", 0, true},   {"case", 0, false},
};
constexpr Word csh_words[] = {
    {"then", 1, false},   {"endif", -1, false}, {"foreach", 1, false}, {"while", 1, false},
    {"switch", 1, false}, {"end", -1, false},   {"endsw", -1, false},  {"else", 0, true},
};

const Word* word_of(ShellKind kind, std::string_view text) {
  const auto among = [&](const auto& words) -> const Word* {
    const auto* found = std::ranges::find(words, text, &Word::text);
    return found == std::end(words) ? nullptr : found;
  };
  switch (kind) {
    case ShellKind::fish: return among(fish_words);
    case ShellKind::csh: return among(csh_words);
    case ShellKind::posix: break;
  }
  return among(posix_words);
}

bool holds_commands(Open open) {
  return open == Open::block || open == Open::subshell || open == Open::choice;
}

// What a line found when it began.
struct LineStart {
  std::vector<Open> open;
  bool document = false;   // of a here-document
  bool continued = false;  // the line before ended with a backslash
  bool awaited = false;    // the line before ended with an operator
};

class Reader {
 public:
  Reader(std::string_view text, ShellKind kind) : text_(text), kind_(kind) {
    lines_.emplace_back();
    while (at_ < text_.size()) step();
    end_word();
  }

  [[nodiscard]] bool complete() const { return open_.empty() && !broken_ && documents_.empty(); }
  [[nodiscard]] const std::vector<LineStart>& lines() const { return lines_; }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 1) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool in(Open one) const { return !open_.empty() && open_.back() == one; }
  [[nodiscard]] bool in_commands() const { return open_.empty() || holds_commands(open_.back()); }

  void push(Open one, std::size_t length) {
    open_.push_back(one);
    at_ += length;
  }

  void pop(std::size_t length) {
    open_.pop_back();
    at_ += length;
  }

  void step();
  void in_single();
  void in_ansi();
  bool expands();
  void in_twofold();
  void in_arithmetic();
  void in_words();
  void parenthesis();
  void close_parenthesis();
  void operators();
  void here_document();
  void end_word();
  void next_line(bool continued);
  void read_documents();

  struct Document {
    std::string end;
    bool tabs;  // <<- takes tabs before the end away
  };

  std::string_view text_;
  ShellKind kind_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
  std::vector<LineStart> lines_;
  std::vector<Document> documents_;
  std::string word_;
  bool command_ = true;     // a word here is the name of a command
  bool awaited_ = false;    // behind an operator that waits for a command
  bool condition_ = false;  // in [[ ... ]]
  // The next words: the name and the body of a function.
  enum class Function : std::uint8_t { none, name, body } function_ = Function::none;
  bool else_ = false;  // "else if" of fish and csh opens no second block
  bool broken_ = false;
};

void Reader::next_line(bool continued) {
  ++at_;
  if (!continued && !documents_.empty()) read_documents();
  lines_.push_back({open_, false, continued, awaited_});
}

// The bodies of here-documents begin behind the line that announces them.
void Reader::read_documents() {
  for (const Document& one : documents_) {
    bool ended = false;
    while (!ended && at_ < text_.size()) {
      const std::size_t stop = std::min(text_.find('\n', at_), text_.size());
      std::string_view line = text_.substr(at_, stop - at_);
      lines_.push_back({open_, true, false, false});
      if (one.tabs) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
      ended = line == one.end;
      at_ = std::min(stop + 1, text_.size());
    }
    broken_ = broken_ || !ended;
  }
  documents_.clear();
}

void Reader::end_word() {
  if (word_.empty()) return;
  const std::string word = std::exchange(word_, {});
  awaited_ = false;
  if (word == "]]") condition_ = false;
  const Function expected = std::exchange(function_, Function::none);
  if (expected == Function::name) {
    function_ = Function::body;
    return;
  }
  if (command_ && kind_ == ShellKind::posix && word == "function") {
    function_ = Function::name;
    command_ = false;
    return;
  }
  const bool body = expected == Function::body && word == "{";
  const bool anywhere = word == "in" || (kind_ == ShellKind::csh && word == "then");
  const Word* known = command_ || body || anywhere ? word_of(kind_, word) : nullptr;
  if (command_ && word == "[[") condition_ = true;
  command_ = known != nullptr && known->command_follows;
  if (kind_ != ShellKind::posix && known != nullptr && word == "else") else_ = true;
  if (known == nullptr || known->change == 0) return;
  if ((word == "if" || word == "then") && std::exchange(else_, false)) return;
  if (known->change > 0) {
    open_.push_back(word == "case" ? Open::choice : Open::block);
  } else if (in(Open::block) || in(Open::choice)) {
    open_.pop_back();
  } else {
    broken_ = true;
  }
}

void Reader::in_single() {
  if (kind_ == ShellKind::fish && text_[at_] == '\\' && peek() != '\n') {
    at_ += 2;
  } else if (text_[at_] == '\'') {
    pop(1);
  } else {
    ++at_;
  }
}

void Reader::in_ansi() {
  if (text_[at_] == '\\' && peek() != '\n') {
    at_ += 2;
  } else if (text_[at_] == '\'') {
    pop(1);
  } else {
    ++at_;
  }
}

// $(...), ${...}, $((...)) and `...`, which begin in words and in "...".
bool Reader::expands() {
  const char c = text_[at_];
  if (c == '`' && kind_ != ShellKind::fish) {
    in(Open::backquote) ? pop(1) : push(Open::backquote, 1);
    return true;
  }
  if (c != '$') return false;
  if (peek() == '{') {
    push(Open::expansion, 2);
  } else if (peek() == '(' && peek(2) == '(' && kind_ == ShellKind::posix) {
    push(Open::arithmetic, 3);
  } else if (peek() == '(') {
    push(Open::subshell, 2);
    command_ = true;
    word_.clear();
    return true;
  } else {
    return false;
  }
  word_ += '$';
  return true;
}

void Reader::in_twofold() {
  if (text_[at_] == '\\' && peek() != '\n') {
    at_ += 2;
  } else if (text_[at_] == '"') {
    pop(1);
  } else if (!expands()) {
    ++at_;
  }
}

void Reader::in_arithmetic() {
  const char c = text_[at_];
  if (c == ')' && peek() == ')') return pop(2);
  if (c == '(') return push(Open::list, 1);
  if (!expands()) ++at_;
}

void Reader::parenthesis() {
  if (condition_) {
    ++at_;
    return;
  }
  const bool posix = kind_ == ShellKind::posix;
  if (posix && word_.empty() && peek() == '(') return push(Open::arithmetic, 2);
  if (posix && peek() == ')') {  // NAME()
    word_.clear();
    at_ += 2;
    function_ = Function::body;
    command_ = true;
    return;
  }
  if (posix && word_.empty() && command_) {
    push(Open::subshell, 1);
    return;
  }
  if (kind_ == ShellKind::fish) {
    push(Open::subshell, 1);
    command_ = true;
    word_.clear();
    return;
  }
  word_ += '(';
  push(Open::list, 1);
}

void Reader::close_parenthesis() {
  if (condition_) {
    ++at_;
    return;
  }
  end_word();
  if (in(Open::subshell)) {
    pop(1);
    command_ = false;
    word_ = ")";  // whatever follows belongs to the word
  } else if (in(Open::choice)) {
    ++at_;
    command_ = true;
  } else {
    broken_ = true;
    ++at_;
  }
}

void Reader::here_document() {
  at_ += 2;
  Document one{{}, peek(0) == '-'};
  if (one.tabs) ++at_;
  while (peek(0) == ' ' || peek(0) == '\t') ++at_;
  char quote = 0;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '\n' || (quote == 0 && std::string_view(" \t;&|<>()").contains(c))) break;
    if (quote != 0 ? c == quote : c == '\'' || c == '"') {
      quote = quote == 0 ? c : '\0';
    } else if (c != '\\' || quote != 0) {
      one.end += c;
    }
  }
  broken_ = broken_ || one.end.empty();
  documents_.push_back(std::move(one));
}

void Reader::operators() {
  end_word();
  const char c = text_[at_];
  if (c == '<' && peek() == '<' && kind_ != ShellKind::fish) {
    if (peek(2) != '<') return here_document();
    at_ += 3;
    return;
  }
  if (c == '\n') {
    command_ = true;
    condition_ = else_ = false;
    function_ = Function::none;
    return next_line(false);
  }
  if (c == '|' || (c == '&' && peek() == '&')) {
    awaited_ = true;
    command_ = true;
    at_ += peek() == c || (c == '|' && peek() == '&') ? 2 : 1;
    return;
  }
  if ((c == '&' && text_[at_ > 0 ? at_ - 1 : 0] != '>') || c == ';') command_ = true;
  ++at_;
}

void Reader::in_words() {
  const char c = text_[at_];
  if (c == '\\') {
    if (peek() == '\n') {
      ++at_;
      return next_line(true);
    }
    word_ += c;
    at_ += 2;
  } else if (c == '#' && word_.empty()) {
    at_ = std::min(text_.find('\n', at_), text_.size());
  } else if (c == '$' && peek() == '\'' && kind_ == ShellKind::posix) {
    word_ += c;
    push(Open::ansi, 2);
  } else if (c == '\'' || c == '"') {
    word_ += c;
    push(c == '"' ? Open::twofold : Open::single, 1);
  } else if (c == '(') {
    parenthesis();
  } else if (c == ')') {
    close_parenthesis();
  } else if (std::string_view(" \t\r").contains(c)) {
    end_word();
    ++at_;
  } else if (std::string_view(";&|<>\n").contains(c)) {
    operators();
  } else if (!expands()) {
    word_ += c;
    ++at_;
  }
}

void Reader::step() {
  const char c = text_[at_];
  if (in_commands()) return in_words();
  if (c == '\n') return next_line(false);
  if (c == '\\' && peek() == '\n' && !in(Open::single)) {
    ++at_;
    return next_line(true);
  }
  switch (open_.back()) {
    case Open::single: return in_single();
    case Open::ansi: return in_ansi();
    case Open::twofold: return in_twofold();
    case Open::arithmetic: return in_arithmetic();
    default: break;
  }
  // ${...}, `...`, (...): quotes and expansions nest.
  const char end = in(Open::expansion) ? '}' : in(Open::list) ? ')' : '`';
  if (c == end) return pop(1);
  if (c == '\\') {
    at_ += 2;
  } else if (c == '\'' || c == '"') {
    push(c == '"' ? Open::twofold : Open::single, 1);
  } else if (c == '(' && in(Open::list)) {
    push(Open::list, 1);
  } else if (c == '#' && in(Open::list) && std::string_view(" \t\n").contains(text_[at_ - 1])) {
    at_ = std::min(text_.find('\n', at_), text_.size());
  } else if (!expands()) {
    ++at_;
  }
}

}  // namespace

std::string_view shell_of(std::string_view path) {
  const std::string_view name = base_name(path);
  if (name.ends_with(".fish")) return "fish";
  if (name.starts_with(".z")) return "zsh";
  if (name.starts_with(".bash")) return "bash";
  return name == ".cshrc" || name == ".tcshrc" || name == ".login" ? "csh" : "sh";
}

ShellKind kind_of_shell(std::string_view shell) {
  if (shell == "fish") return ShellKind::fish;
  return shell == "csh" ? ShellKind::csh : ShellKind::posix;
}

LinePlace place_of_line(std::string_view text, std::uint64_t number, ShellKind kind) {
  // The end of the file ends its last line.
  const std::string whole = std::string(text) + "\n";
  const Reader reader(whole, kind);
  const auto& lines = reader.lines();
  if (number == 0 || number >= lines.size() || !reader.complete()) return LinePlace::unclear;
  const LineStart& line = lines[number - 1];
  const LineStart& next = lines[number];
  if (line.document) return LinePlace::text;
  if (!line.open.empty() && !holds_commands(line.open.back())) return LinePlace::text;
  if (line.continued || next.continued || next.document || next.open != line.open) {
    return LinePlace::continued;
  }
  return line.open.empty() && !line.awaited ? LinePlace::top : LinePlace::block;
}

std::string_view why_untouched(LinePlace place) {
  switch (place) {
    case LinePlace::text: return "it is part of a here-document, a quoted text or a list";
    case LinePlace::continued: return "it is one of several lines that make one command";
    case LinePlace::unclear: return "the file cannot be read to its end as its shell reads it";
    default: return {};
  }
}

std::string without_line(std::string_view text, std::uint64_t number, LinePlace place) {
  const auto lines = split(text, '\n');
  if (number == 0 || number > lines.size()) return std::string(text);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += '\n';
    if (i + 1 != number) {
      out += lines[i];
      continue;
    }
    const std::size_t from = std::min(lines[i].find_first_not_of(" \t"), lines[i].size());
    out += fmt::format("{}{}{}", lines[i].substr(0, from),
                       place == LinePlace::block ? ": # " : "# ", lines[i].substr(from));
  }
  return out;
}

}  // namespace tenon
