// The subset of GNU ld's language that replaces a library.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/kind/kind.h"
#include "format/kind/scan.h"

namespace tenon::kind {

namespace {

constexpr std::string_view blanks = " \t\r\n\f\v";

enum class Command : std::uint8_t {
  input,
  group,
  output_format,
  output_arch,
  search_dir,
  ignored,  // takes an argument that does not matter to who links against the script
  other,    // lays out an output
};

struct CommandName {
  std::string_view name;
  Command command;
};

constexpr std::array commands = {
    CommandName{"INPUT", Command::input},
    CommandName{"GROUP", Command::group},
    CommandName{"OUTPUT_FORMAT", Command::output_format},
    CommandName{"OUTPUT_ARCH", Command::output_arch},
    CommandName{"SEARCH_DIR", Command::search_dir},
    CommandName{"TARGET", Command::ignored},
    CommandName{"ENTRY", Command::ignored},
    CommandName{"EXTERN", Command::ignored},
    CommandName{"OUTPUT", Command::other},
    CommandName{"STARTUP", Command::other},
    CommandName{"SECTIONS", Command::other},
    CommandName{"MEMORY", Command::other},
    CommandName{"PHDRS", Command::other},
    CommandName{"VERSION", Command::other},
    CommandName{"ASSERT", Command::other},
    CommandName{"PROVIDE", Command::other},
};

std::optional<Command> command_named(std::string_view word) {
  const auto found = std::ranges::find(commands, word, &CommandName::name);
  return found == commands.end() ? std::nullopt : std::optional(found->command);
}

// A word of an argument list.
struct Token {
  enum class Kind : std::uint8_t { open, close, name, quoted, end } kind = Kind::end;
  std::string_view text;
};

class Reader {
 public:
  explicit Reader(ByteView bytes)
      : bytes_(bytes), rest_(bytes.text()), limit_(256 + bytes.size() / 40) {}

  Result<LinkerScript> read();

 private:
  [[nodiscard]] std::unexpected<Error> error(Errc code, const char* what) const {
    return fail(code, what, bytes_.base() + bytes_.size() - rest_.size());
  }

  Result<void> read_command();
  Result<void> read_inputs(bool group);
  Result<void> take_input(const Token& token, bool group, bool as_needed);
  Result<std::vector<std::string>> read_names();
  Result<void> take_names(Command command, std::vector<std::string> names);
  Result<Token> next();
  Result<Token> next_quoted();
  Result<void> open();

  ByteView bytes_;
  std::string_view rest_;
  std::size_t limit_;
  LinkerScript script_;
};

Result<LinkerScript> Reader::read() {
  for (;;) {
    rest_ = skip_filler(rest_);
    if (rest_.empty()) break;
    if (rest_.front() == ';') {
      rest_.remove_prefix(1);
      continue;
    }
    TENON_TRY(read_command());
  }
  return std::move(script_);
}

Result<void> Reader::read_command() {
  const std::string_view word = command_word(rest_);
  const auto command = command_named(word);
  if (!command) return error(Errc::malformed, "linker script command");
  if (*command == Command::other) return error(Errc::unsupported, "linker script command");
  rest_.remove_prefix(word.size());
  if (*command == Command::input || *command == Command::group) {
    return read_inputs(*command == Command::group);
  }
  return take_names(*command, TENON_TRY(read_names()));
}

Result<void> Reader::open() {
  const Token token = TENON_TRY(next());
  if (token.kind != Token::Kind::open) return error(Errc::malformed, "linker script without '('");
  return {};
}

Result<void> Reader::read_inputs(bool group) {
  TENON_TRY(open());
  for (std::size_t depth = 1; depth > 0;) {
    const Token token = TENON_TRY(next());
    if (token.kind == Token::Kind::close) {
      --depth;
    } else if (token.kind == Token::Kind::name && token.text == "AS_NEEDED") {
      TENON_TRY(open());
      ++depth;
    } else {
      TENON_TRY(take_input(token, group, depth > 1));
    }
  }
  return {};
}

Result<void> Reader::take_input(const Token& token, bool group, bool as_needed) {
  if (token.kind == Token::Kind::end || token.kind == Token::Kind::open) {
    return error(Errc::malformed, "linker script input");
  }
  if (script_.inputs.size() >= limit_) return error(Errc::malformed, "linker script input count");
  // A quoted one is a file name.
  const bool library = token.kind == Token::Kind::name && token.text.starts_with("-l");
  const std::string_view name = library ? token.text.substr(2) : token.text;
  if (name.empty()) return error(Errc::malformed, "linker script input");
  script_.inputs.push_back({std::string(name), library, as_needed, group});
  return {};
}

Result<std::vector<std::string>> Reader::read_names() {
  static constexpr std::size_t most_names = 64;
  TENON_TRY(open());
  std::vector<std::string> names;
  for (;;) {
    const Token token = TENON_TRY(next());
    if (token.kind == Token::Kind::close) return names;
    const bool name = token.kind == Token::Kind::name || token.kind == Token::Kind::quoted;
    if (!name || names.size() >= most_names)
      return error(Errc::malformed, "linker script argument");
    names.emplace_back(token.text);
  }
}

Result<void> Reader::take_names(Command command, std::vector<std::string> names) {
  if (command == Command::ignored) return {};
  if (names.empty()) return error(Errc::malformed, "linker script argument");
  if (command == Command::output_format) {
    script_.output_formats = std::move(names);
  } else if (command == Command::output_arch) {
    script_.output_arch = std::move(names.front());
  } else if (script_.search_dirs.size() >= limit_) {
    return error(Errc::malformed, "SEARCH_DIR count");
  } else {
    script_.search_dirs.push_back(std::move(names.front()));
  }
  return {};
}

Result<Token> Reader::next() {
  for (rest_ = skip_filler(rest_); rest_.starts_with(',');) rest_ = skip_filler(rest_.substr(1));
  if (rest_.empty()) return Token{};
  if (rest_.front() == '"') return next_quoted();
  Token token;
  if (rest_.front() == '(' || rest_.front() == ')') {
    token = {rest_.front() == '(' ? Token::Kind::open : Token::Kind::close, rest_.substr(0, 1)};
  } else {
    token = {Token::Kind::name, rest_.substr(0, rest_.find_first_of(" \t\r\n\f\v(),;\"{}"))};
  }
  if (token.text.empty()) return error(Errc::malformed, "linker script");
  rest_.remove_prefix(token.text.size());
  return token;
}

Result<Token> Reader::next_quoted() {
  const std::size_t end = rest_.find('"', 1);
  if (end == std::string_view::npos) return error(Errc::malformed, "open quote in a linker script");
  const Token token{Token::Kind::quoted, rest_.substr(1, end - 1)};
  rest_.remove_prefix(end + 1);
  return token;
}

}  // namespace

std::string_view skip_filler(std::string_view text) {
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    if (!text.starts_with("/*")) return text;
    const std::size_t end = text.find("*/", 2);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  }
}

std::string_view command_word(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto end = std::ranges::find_if_not(text, is_letter);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

bool is_script_command(std::string_view word) { return command_named(word).has_value(); }

Result<LinkerScript> parse_linker_script(ByteView text) { return Reader(text).read(); }

}  // namespace tenon::kind
