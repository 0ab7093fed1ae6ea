#include "format/gosource/source.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace tenon::gosource {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Token {
  enum class Kind { end, word, text, sign, newline };
  Kind kind = Kind::end;
  std::string_view text;  // of a string: without its quotes
  std::size_t line = 0;
};

// Comments that stand together, without their marks: what is above an import belongs to it.
struct CommentGroup {
  std::vector<std::pair<std::size_t, std::string_view>> lines;
  std::size_t first = 0, last = 0;
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // Newlines are told only where they end a statement, as Go's semicolons are put in.
  Token next() {
    Token token = one();
    while (token.kind == Token::Kind::newline && !may_end_) token = one();
    may_end_ = ends_statement(token);
    last_ = token.text;
    return token;
  }

  [[nodiscard]] const CommentGroup& comments() const { return comments_; }

  // Line comments before the package clause, where constraints stand.
  [[nodiscard]] const CommentGroup& header() const { return header_; }

  void end_header() { in_header_ = false; }

  // Of a view of the text.
  [[nodiscard]] std::size_t offset(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - text_.data());
  }

 private:
  Token one();
  [[nodiscard]] bool ends_statement(const Token& token) const;
  void line_comment();
  void block_comment();
  void begin_comment();
  Token quoted(char quote);

  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1;
  bool in_header_ = true;
  bool may_end_ = false;
  std::string_view last_;
  CommentGroup comments_, header_;
};

void Scanner::begin_comment() {
  if (comments_.lines.empty() || comments_.last + 1 < line_) {
    comments_.lines.clear();
    comments_.first = line_;
  }
}

void Scanner::line_comment() {
  const std::size_t end = std::min(text_.find('\n', at_), text_.size());
  begin_comment();
  const std::string_view words = text_.substr(at_ + 2, end - at_ - 2);
  comments_.lines.emplace_back(line_, words);
  comments_.last = line_;
  if (in_header_) header_.lines.emplace_back(line_, words);
  at_ = end;
}

void Scanner::block_comment() {
  const std::size_t end = text_.find("*/", at_ + 2);
  const std::size_t stop = end == text_.npos ? text_.size() : end;
  begin_comment();
  std::size_t from = at_ + 2;
  while (from <= stop) {
    const std::size_t cut = std::min(text_.find('\n', from), stop);
    comments_.lines.emplace_back(line_, text_.substr(from, cut - from));
    comments_.last = line_;
    if (cut >= stop) break;
    ++line_;
    from = cut + 1;
  }
  at_ = end == text_.npos ? text_.size() : end + 2;
}

Token Scanner::quoted(char quote) {
  const std::size_t line = line_, from = ++at_;
  while (at_ < text_.size() && text_[at_] != quote) {
    if (text_[at_] == '\n') {
      if (quote != '`') return {Token::Kind::text, text_.substr(from, at_ - from), line};
      ++line_;
    }
    if (text_[at_] == '\\' && quote != '`' && peek(1) != '\n') ++at_;
    ++at_;
  }
  at_ = std::min(at_, text_.size());
  const Token token{Token::Kind::text, text_.substr(from, at_ - from), line};
  ++at_;
  return token;
}

bool Scanner::ends_statement(const Token& token) const {
  if (token.kind == Token::Kind::word || token.kind == Token::Kind::text) return true;
  if (token.kind != Token::Kind::sign) return false;
  if (token.text == "+" || token.text == "-") return last_ == token.text;  // "++", "--"
  return std::string_view(")]}").contains(token.text);
}

Token Scanner::one() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '\n') {
      ++at_;
      return {Token::Kind::newline, {}, line_++};
    }
    if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
    } else if (c == '/' && peek(1) == '/') {
      line_comment();
    } else if (c == '/' && peek(1) == '*') {
      block_comment();
    } else if (c == '"' || c == '`' || c == '\'') {
      return quoted(c);
    } else if (is_letter(c) || is_digit(c)) {
      const std::size_t from = at_;
      while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
      return {Token::Kind::word, text_.substr(from, at_ - from), line_};
    } else {
      return {Token::Kind::sign, text_.substr(at_++, 1), line_};
    }
  }
  return {Token::Kind::end, {}, line_};
}

// Parts with `outer` between them; a part that has `inner` is put in parentheses.
std::string with_parentheses(const std::vector<std::string>& parts, std::string_view outer,
                             std::string_view inner) {
  if (parts.size() == 1) return parts.front();
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += outer;
    out += part.contains(inner) ? "(" + part + ")" : part;
  }
  return out;
}

// "//go:build" wins; else the lines of "// +build", each of which must hold.
void read_constraint(const Scanner& scanner, Source& out) {
  std::vector<std::string> all_lines;
  for (const auto& [line, words] : scanner.header().lines) {
    if (words.starts_with("go:build ") && !out.go_build) {
      out.constraint = trim(words.substr(9));
      out.constraint_line = line;
      out.go_build = true;
    }
    const std::string_view plain = trim(words);
    if (!plain.starts_with("+build ")) continue;
    out.plus_build.push_back({scanner.offset(words) - 2, words.size() + 2, line});
    std::vector<std::string> options;
    for (const std::string_view option : split_words(plain.substr(7))) {
      std::string all;
      for (const std::string_view term : split(option, ','))
        all += (all.empty() ? "" : " && ") + std::string(term);
      options.push_back(std::move(all));
    }
    if (!options.empty()) all_lines.push_back(with_parentheses(options, " || ", " && "));
  }
  if (out.go_build || all_lines.empty()) return;
  out.constraint = with_parentheses(all_lines, " && ", " || ");
  out.constraint_line = out.plus_build.front().line;
}

void read_cgo_line(std::size_t line, std::string_view words, std::size_t at, Source& out) {
  const std::string_view whole = words;
  words = trim(words);
  if (!words.starts_with("#cgo") || words.size() < 5 || (words[4] != ' ' && words[4] != '\t')) {
    return;
  }
  at += static_cast<std::size_t>(words.data() - whole.data());
  const auto from = [&](std::string_view part) {
    return at + static_cast<std::size_t>(part.data() - words.data());
  };
  const std::size_t colon = words.find(':');
  if (colon == words.npos) {
    const std::string_view value = trim(words.substr(5));
    if (!value.empty())
      out.cgo_without_colon.push_back({line, {}, {}, std::string(value), at, from(value)});
    return;
  }
  const auto head = split_words(words.substr(4, colon - 4));
  if (head.empty()) return;
  const std::string_view value = trim(words.substr(colon + 1));
  CgoLine found{line,
                {},
                std::string(head.back()),
                std::string(value),
                at,
                value.empty() ? at + words.size() : from(value)};
  for (std::size_t i = 0; i + 1 < head.size(); ++i) {
    found.condition += (i == 0 ? "" : " ") + std::string(head[i]);
  }
  out.cgo.push_back(std::move(found));
}

class Reader {
 public:
  explicit Reader(std::string_view text) : scanner_(text) {}

  Source read();

 private:
  void advance() { token_ = scanner_.next(); }

  [[nodiscard]] bool sign(char c) const {
    return token_.kind == Token::Kind::sign && token_.text.front() == c;
  }

  [[nodiscard]] bool word(std::string_view text) const {
    return token_.kind == Token::Kind::word && token_.text == text;
  }

  void skip_newlines() {
    while (token_.kind == Token::Kind::newline) advance();
  }

  void imports();
  void one_import();
  void import_c(std::size_t line);
  void function();
  void names();
  void declarations();
  void rest_of_statement();

  Scanner scanner_;
  Token token_;
  Source out_;
};

void Reader::import_c(std::size_t line) {
  const CommentGroup& group = scanner_.comments();
  if (out_.import_c == 0) out_.import_c = line;
  if (group.lines.empty()) return;
  if (group.last + 1 >= line) {
    for (const auto& [number, words] : group.lines) {
      read_cgo_line(number, words, scanner_.offset(words), out_);
      if (trim(words).starts_with("#cgo")) continue;
      out_.preamble.append(words).append("\n");
      out_.preamble_lines.push_back({scanner_.offset(words), words.size(), number});
    }
    return;
  }
  for (const auto& [number, words] : group.lines) {
    const std::string_view plain = trim(words);
    if (plain.starts_with("#include") || plain.starts_with("#cgo ")) {
      out_.lost_preamble = group.first;
      return;
    }
  }
}

void Reader::one_import() {
  Import found;
  found.line = token_.line;
  if (token_.kind == Token::Kind::word || sign('.')) {
    found.name = token_.text;
    advance();
  }
  if (token_.kind != Token::Kind::text) return;
  found.path = token_.text;
  if (found.path == "C") import_c(found.line);
  out_.imports.push_back(std::move(found));
  advance();
}

void Reader::imports() {
  // The comment above "import" belongs to a sole import "C", that above its line to one in a group.
  advance();
  if (!sign('(')) return one_import();
  advance();
  while (token_.kind != Token::Kind::end && !sign(')')) {
    if (token_.kind == Token::Kind::newline || sign(';')) {
      advance();
      continue;
    }
    const std::size_t before = out_.imports.size();
    one_import();
    if (out_.imports.size() == before) advance();
  }
  advance();
}

// Up to the end of the line, or of what was opened in it.
void Reader::rest_of_statement() {
  std::size_t depth = 0;
  while (token_.kind != Token::Kind::end) {
    if (depth == 0 && (token_.kind == Token::Kind::newline || sign(';'))) return;
    if (sign('(') || sign('{') || sign('[')) ++depth;
    if (sign(')') || sign('}') || sign(']')) {
      if (depth == 0) return;
      --depth;
    }
    advance();
  }
}

void Reader::function() {
  advance();
  if (token_.kind == Token::Kind::word) {
    out_.declarations.push_back({std::string(token_.text), token_.line});
  }
  rest_of_statement();
}

// "A, B = 1, 2" and "T struct {".
void Reader::names() {
  while (token_.kind == Token::Kind::word) {
    if (token_.text != "_") out_.declarations.push_back({std::string(token_.text), token_.line});
    advance();
    if (!sign(',')) break;
    advance();
    skip_newlines();
  }
  rest_of_statement();
}

void Reader::declarations() {
  advance();
  if (!sign('(')) return names();
  advance();
  while (token_.kind != Token::Kind::end && !sign(')')) {
    if (token_.kind == Token::Kind::word) {
      names();
      // A bracket too many ends what can be understood here.
      if (sign('}') || sign(']')) advance();
    } else {
      advance();
    }
  }
  advance();
}

Source Reader::read() {
  advance();
  while (token_.kind != Token::Kind::end && !word("package")) advance();
  scanner_.end_header();
  if (token_.kind == Token::Kind::word) out_.package_at = scanner_.offset(token_.text);
  read_constraint(scanner_, out_);
  advance();
  out_.package = token_.kind == Token::Kind::word ? token_.text : std::string_view();
  while (token_.kind != Token::Kind::end) {
    if (word("import")) {
      imports();
    } else if (word("func")) {
      function();
    } else if (word("type") || word("var") || word("const")) {
      declarations();
    } else {
      advance();
    }
  }
  return std::move(out_);
}

}  // namespace

Source read(std::string_view text) { return Reader(text).read(); }

}  // namespace tenon::gosource
