#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <expected>
#include <limits>
#include <locale>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "format/plist/plist.h"
#include "format/plist/value.h"
#include "format/plist/xml_scanner.h"

namespace tenon::plist {
namespace {

using Form = Tag::Form;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// The six bits of a base64 character, or -1.
int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

// nullopt for what is not base64: leniently, only characters that are none are passed over.
std::optional<Data> base64(std::string_view text, bool strict) {
  Data out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  unsigned held = 0, padding = 0;
  std::size_t digits = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (c == '=') ++padding;
    if (value < 0) {
      if (strict && c != '=' && !is_blank(c)) return std::nullopt;
      continue;
    }
    if (padding > 0) return std::nullopt;
    ++digits;
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out.push_back(static_cast<std::byte>(bits >> held));
  }
  if (digits % 4 == 1 || (strict && (digits + padding) % 4 != 0)) return std::nullopt;
  return out;
}

template <class T>
std::optional<T> number(std::string_view digits, int base) {
  T value{};
  const char* end = digits.data() + digits.size();
  const auto [rest, failed] = std::from_chars(digits.data(), end, value, base);
  if (failed != std::errc() || rest != end) return std::nullopt;
  return value;
}

std::optional<Value> integer(std::string_view text, bool strict) {
  if (!strict) text = trimmed(text);
  if (!strict && text.starts_with('+')) text.remove_prefix(1);
  const bool negative = text.starts_with('-');
  if (negative && (strict || !text.starts_with("-0x"))) {
    const auto value = number<std::int64_t>(text, 10);
    return value ? std::optional<Value>(*value) : std::nullopt;
  }
  if (negative) text.remove_prefix(1);
  const bool hex = text.starts_with("0x") || (!strict && text.starts_with("0X"));
  const auto value = number<std::uint64_t>(hex ? text.substr(2) : text, hex ? 16 : 10);
  if (!value) return std::nullopt;
  if (!negative) return Value(*value);
  if (*value > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  return Value(-static_cast<std::int64_t>(*value));
}

std::optional<double> real(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  std::string word(text);
  std::ranges::transform(word, word.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  });
  const bool negative = word.starts_with('-');
  const std::string_view name = std::string_view(word).substr(negative ? 1 : 0);
  if (name == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (name == "inf" || name == "infinity") {
    return (negative ? -1 : 1) * std::numeric_limits<double>::infinity();
  }
  if (name.empty() || name.find_first_not_of("0123456789.e+-") != std::string_view::npos ||
      name.starts_with('+')) {
    return std::nullopt;
  }
  // Not std::from_chars: libc++'s brings 200 kB of tables for writing numbers.
  std::istringstream in(word);
  in.imbue(std::locale::classic());
  double value = 0;
  in >> value;
  if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) return std::nullopt;
  return value;
}

// 2001-01-01T00:00:00Z and nothing else.
std::optional<Date> date(std::string_view text) {
  text = trimmed(text);
  static constexpr std::string_view form = "0000-00-00T00:00:00Z";
  if (text.size() != form.size()) return std::nullopt;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !digit : text[i] != form[i]) return std::nullopt;
  }
  const auto part = [&](std::size_t at, std::size_t count) {
    return number<unsigned>(text.substr(at, count), 10).value_or(0);
  };
  return from_civil({static_cast<std::int64_t>(part(0, 4)), part(5, 2), part(8, 2), part(11, 2),
                     part(14, 2), part(17, 2)});
}

class Reader {
 public:
  Reader(std::string_view text, Mode mode) : scan_(text, mode) {}

  Result<Value, ParseError> document();

 private:
  Result<Value, ParseError> value(const Tag& tag, unsigned depth);
  Result<Value, ParseError> leaf(const Tag& tag);
  Result<Value, ParseError> array(const Tag& tag, unsigned depth);
  Result<Value, ParseError> dict(const Tag& tag, unsigned depth);
  Result<void, ParseError> pair(const Tag& tag, Dict& into,
                                std::unordered_map<std::string, std::size_t>& known,
                                unsigned depth);
  Result<std::string, ParseError> key(const Tag& tag);
  Result<void, ParseError> close(std::string_view name);
  template <class Read>
  Result<Value, ParseError> converted(const Tag& tag, const char* what, Read read);
  Result<Value, ParseError> boolean(const Tag& tag, bool held);
  Result<Value, ParseError> string(const Tag& tag);

  XmlScanner scan_;
  std::size_t objects_ = 0;
};

Result<Value, ParseError> Reader::document() {
  TENON_TRY(scan_.start());
  Tag tag = TENON_TRY(scan_.next());
  scan_.root_began();
  const bool wrapped = tag.form == Form::open && tag.name == "plist";
  if (wrapped) tag = TENON_TRY(scan_.next());
  if (tag.form == Form::end) return scan_.error("unexpected end", tag.offset);
  Value root = TENON_TRY(value(tag, 0));
  if (wrapped) TENON_TRY(close("plist"));
  if (scan_.strict()) TENON_TRY(scan_.finish());
  return root;
}

Result<void, ParseError> Reader::close(std::string_view name) {
  const Tag tag = TENON_TRY(scan_.next());
  if (tag.form == Form::close && tag.name == name) return {};
  if (tag.form == Form::end) return scan_.error("unexpected end", tag.offset);
  return scan_.error("another tag where one must end", tag.offset, Fault::syntax, name);
}

Result<Value, ParseError> Reader::value(const Tag& tag, unsigned depth) {
  if (++objects_ > max_strict_objects && scan_.strict()) {
    return scan_.error("maximum object count", tag.offset, Fault::limit);
  }
  if (tag.form == Form::end) return scan_.error("unexpected end", tag.offset);
  if (tag.form == Form::close) {
    return scan_.error("end of a tag that is not open", tag.offset, Fault::syntax, tag.name);
  }
  if (tag.name != "array" && tag.name != "dict") return leaf(tag);
  if (depth >= max_depth) return scan_.error("nested too deeply", tag.offset, Fault::limit);
  return tag.name == "array" ? array(tag, depth + 1) : dict(tag, depth + 1);
}

Result<Value, ParseError> Reader::array(const Tag& tag, unsigned depth) {
  Array items;
  if (tag.form == Form::empty) return Value(std::move(items));
  while (true) {
    const Tag next = TENON_TRY(scan_.next());
    if (next.form == Form::close && next.name == "array") return Value(std::move(items));
    items.push_back(TENON_TRY(value(next, depth)));
  }
}

Result<Value, ParseError> Reader::dict(const Tag& tag, unsigned depth) {
  Dict items;
  if (tag.form == Form::empty) return Value(std::move(items));
  std::unordered_map<std::string, std::size_t> known;
  while (true) {
    const Tag next = TENON_TRY(scan_.next());
    if (next.form == Form::close && next.name == "dict") return Value(std::move(items));
    TENON_TRY(pair(next, items, known, depth));
  }
}

Result<void, ParseError> Reader::pair(const Tag& tag, Dict& into,
                                      std::unordered_map<std::string, std::size_t>& known,
                                      unsigned depth) {
  std::string name = TENON_TRY(key(tag));
  const Tag next = TENON_TRY(scan_.next());
  Value held = TENON_TRY(value(next, depth));
  const auto [place, fresh] = known.emplace(name, into.size());
  if (fresh) {
    into.add(std::move(name), std::move(held));
    return {};
  }
  if (scan_.strict()) {
    return scan_.error("duplicate dictionary key", scan_.offset(), Fault::duplicate_key, name);
  }
  into.replace(place->second, std::move(held));
  return {};
}

Result<std::string, ParseError> Reader::key(const Tag& tag) {
  if (tag.form == Form::end) return scan_.error("unexpected end", tag.offset);
  if (tag.name != "key" || tag.form == Form::close) {
    return scan_.error("no key where one is expected", tag.offset, Fault::syntax, tag.name);
  }
  if (tag.form == Form::empty) {
    if (scan_.strict()) return scan_.error("empty key", tag.offset);
    return std::string();
  }
  std::string name = TENON_TRY(scan_.text());
  TENON_TRY(close("key"));
  return name;
}

template <class Read>
Result<Value, ParseError> Reader::converted(const Tag& tag, const char* what, Read read) {
  const std::string_view text =
      tag.form == Form::empty ? std::string_view() : TENON_TRY(scan_.raw_text());
  auto held = read(text);
  if (!held) return scan_.error(what, tag.offset);
  if (tag.form != Form::empty) TENON_TRY(close(tag.name));
  return Value(*std::move(held));
}

Result<Value, ParseError> Reader::boolean(const Tag& tag, bool held) {
  if (tag.form != Form::empty) {
    if (scan_.strict()) return scan_.error("<true> or <false> that is not empty", tag.offset);
    TENON_TRY(close(tag.name));
  }
  return Value(held);
}

Result<Value, ParseError> Reader::string(const Tag& tag) {
  if (tag.form == Form::empty) return Value(std::string());
  std::string held = TENON_TRY(scan_.text());
  TENON_TRY(close("string"));
  return Value(std::move(held));
}

Result<Value, ParseError> Reader::leaf(const Tag& tag) {
  const bool strict = scan_.strict();
  if (tag.name == "true") return boolean(tag, true);
  if (tag.name == "false") return boolean(tag, false);
  if (tag.name == "string") return string(tag);
  if (tag.name == "integer") {
    return converted(tag, "bad integer", [&](std::string_view t) { return integer(t, strict); });
  }
  if (tag.name == "data") {
    return converted(tag, "bad base64", [&](std::string_view t) { return base64(t, strict); });
  }
  if (!strict && tag.name == "real") return converted(tag, "bad real", real);
  if (!strict && tag.name == "date") return converted(tag, "bad date", date);
  return scan_.error("unknown tag", tag.offset, Fault::syntax, tag.name);
}

}  // namespace

Result<Value, ParseError> parse_xml(ByteView text, Mode mode) {
  return Reader(text.text(), mode).document();
}

std::string system_text(const ParseError& error) {
  std::string out = "syntax error";
  if (error.fault == Fault::duplicate_key) out = "duplicate dictionary key";
  if (error.fault == Fault::limit) out = error.what;
  return out + " near line " + std::to_string(error.line);
}

Error to_error(const ParseError& error) {
  const bool encoding = error.fault == Fault::encoding;
  const Errc code = error.fault == Fault::limit ? Errc::limit
                    : encoding                  ? Errc::unsupported
                                                : Errc::malformed;
  return Error{code, error.what, error.offset, 0};
}

Result<Value> parse(ByteView bytes) {
  if (is_binary(bytes)) return parse_binary(bytes);
  auto read = parse_xml(bytes, Mode::lenient);
  if (!read) return std::unexpected(to_error(read.error()));
  return *std::move(read);
}

}  // namespace tenon::plist
