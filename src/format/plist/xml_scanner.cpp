#include "format/plist/xml_scanner.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/result.h"
#include "format/plist/plist.h"
#include "format/plist/unicode.h"

namespace tenon::plist {
namespace {

constexpr std::size_t max_tag_word = 31;  // TAG_MAX_LENGTH of OSUnserializeXML, with its NUL

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_word(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; }

bool same_word(std::string_view a, std::string_view lower) {
  return std::ranges::equal(a, lower, {}, [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
}

// The value of encoding="..." in an XML declaration; empty when there is none.
std::string_view declared_encoding(std::string_view declaration) {
  const std::size_t key = declaration.find("encoding");
  if (key == std::string_view::npos) return {};
  const std::size_t open = declaration.find_first_of("\"'", key);
  if (open == std::string_view::npos) return {};
  const std::size_t close = declaration.find(declaration[open], open + 1);
  if (close == std::string_view::npos) return {};
  return declaration.substr(open + 1, close - open - 1);
}

bool readable_encoding(std::string_view name) {
  return name.empty() || same_word(name, "utf-8") || same_word(name, "utf8") ||
         same_word(name, "us-ascii") || same_word(name, "ascii");
}

}  // namespace

std::unexpected<ParseError> XmlScanner::error(const char* what, std::size_t offset, Fault fault,
                                              std::string_view name) const {
  const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text_.size()));
  const auto line = static_cast<std::uint64_t>(std::count(text_.begin(), end, '\n')) + 1;
  return std::unexpected(ParseError{fault, what, line, offset, std::string(name.substr(0, 200))});
}

bool XmlScanner::blank(char c) const {
  return c == ' ' || c == '\t' || c == '\n' || (c == '\r' && !strict());
}

void XmlScanner::skip_blanks() {
  while (at_ < text_.size() && blank(text_[at_])) ++at_;
}

Result<void, ParseError> XmlScanner::start() {
  if (starts("\xfe\xff") || starts("\xff\xfe") || starts(std::string_view("\0<", 2)) ||
      starts(std::string_view("<\0", 2))) {
    return error("UTF-16, where UTF-8 is read", 0, Fault::encoding);
  }
  if (starts("\xef\xbb\xbf")) {
    if (strict()) return error("byte order mark before the first tag", 0, Fault::encoding);
    at_ = 3;
  }
  const std::size_t bad = first_bad_utf8(text_);
  if (bad != std::string_view::npos) return error("bytes that are not UTF-8", bad, Fault::encoding);
  return {};
}

Result<void, ParseError> XmlScanner::skip_comment() {
  const std::size_t open = at_;
  const std::size_t dashes = text_.find("--", open + 4);
  if (dashes == std::string_view::npos) return error("comment that does not end", open);
  if (strict() && !text_.substr(dashes).starts_with("-->")) {
    return error("\"--\" inside a comment", dashes);
  }
  const std::size_t close = text_.find("-->", open + 4);
  if (close == std::string_view::npos) return error("comment that does not end", open);
  at_ = close + 3;
  return {};
}

Result<void, ParseError> XmlScanner::skip_instruction() {
  const std::size_t open = at_;
  const std::size_t close = text_.find("?>", open + 2);
  if (close == std::string_view::npos) {
    return error("processing instruction that does not end", open);
  }
  const std::string_view body = text_.substr(open, close - open);
  if (body.starts_with("<?xml ") && !readable_encoding(declared_encoding(body))) {
    return error("encoding other than UTF-8", open, Fault::encoding, declared_encoding(body));
  }
  at_ = close + 2;
  return {};
}

Result<void, ParseError> XmlScanner::skip_declaration() {
  const std::size_t open = at_;
  if (!in_prolog_) return error("declaration behind the first tag", open);
  if (at_ + 2 >= text_.size() || !is_letter(text_[at_ + 2])) return error("bad declaration", open);
  // Entities that it may declare are not kept: using one is an error.
  std::size_t close = text_.find('>', open);
  const std::size_t subset = text_.find('[', open);
  if (subset < close) {
    if (strict()) return error("document type with declarations inside", subset);
    close = text_.find("]>", subset);
    if (close != std::string_view::npos) ++close;
  }
  if (close == std::string_view::npos) return error("declaration that does not end", open);
  at_ = close + 1;
  return {};
}

Result<void, ParseError> XmlScanner::skip_misc() {
  while (true) {
    skip_blanks();
    if (starts("<!--")) {
      TENON_TRY(skip_comment());
    } else if (starts("<!")) {
      TENON_TRY(skip_declaration());
    } else if (starts("<?")) {
      TENON_TRY(skip_instruction());
    } else {
      return {};
    }
  }
}

Result<Tag, ParseError> XmlScanner::next() {
  TENON_TRY(skip_misc());
  if (at_ >= text_.size()) return Tag{Tag::Form::end, {}, at_};
  if (text_[at_] == '\r') return error("carriage return, where only line feeds are read", at_);
  if (text_[at_] != '<') return error("text where a tag is expected", at_);
  return tag();
}

std::string_view XmlScanner::name() {
  const std::size_t start = at_;
  while (at_ < text_.size() && is_word(text_[at_])) ++at_;
  return text_.substr(start, at_ - start);
}

Result<Tag, ParseError> XmlScanner::tag() {
  Tag tag{Tag::Form::open, {}, at_};
  ++at_;
  if (at_ < text_.size() && text_[at_] == '/') {
    tag.form = Tag::Form::close;
    ++at_;
  }
  if (at_ >= text_.size() || !is_letter(text_[at_])) return error("bad tag", tag.offset);
  tag.name = name();
  if (tag.name.size() >= max_tag_word) return error("tag with a long name", tag.offset);
  TENON_TRY(attributes(tag.offset));
  if (at_ < text_.size() && text_[at_] == '/') {
    if (tag.form == Tag::Form::close) return error("bad tag", tag.offset);
    tag.form = Tag::Form::empty;
    ++at_;
  }
  if (at_ >= text_.size() || text_[at_] != '>') return error("tag that does not end", tag.offset);
  ++at_;
  return tag;
}

Result<void, ParseError> XmlScanner::attributes(std::size_t tag_offset) {
  while (at_ < text_.size() && text_[at_] != '>' && text_[at_] != '/') {
    const std::size_t gap = at_;
    skip_blanks();
    if (at_ == gap) return error("bad tag", tag_offset);
    if (at_ < text_.size() && (text_[at_] == '>' || text_[at_] == '/')) {
      if (strict()) return error("blank at the end of a tag", gap);
      return {};
    }
    TENON_TRY(attribute());
  }
  return {};
}

Result<void, ParseError> XmlScanner::attribute() {
  const std::size_t start = at_;
  const std::string_view key = name();
  skip_blanks();
  if (key.empty() || at_ >= text_.size() || text_[at_] != '=') return error("bad attribute", start);
  ++at_;
  skip_blanks();
  if (at_ >= text_.size() || (text_[at_] != '"' && (strict() || text_[at_] != '\''))) {
    return error("attribute without quotes", start);
  }
  const std::size_t close = text_.find(text_[at_], at_ + 1);
  if (close == std::string_view::npos) return error("attribute that does not end", start);
  if (strict() && (key.size() >= max_tag_word || close - at_ > max_tag_word)) {
    return error("long attribute", start);
  }
  if (strict() && (key == "ID" || key == "IDREF")) return error("reference", start);
  at_ = close + 1;
  return {};
}

Result<std::string_view, ParseError> XmlScanner::raw_text() {
  const std::size_t start = at_;
  const std::size_t end = text_.find('<', start);
  if (end == std::string_view::npos) return error("text that does not end", start);
  at_ = end;
  return text_.substr(start, end - start);
}

Result<std::string, ParseError> XmlScanner::text() {
  std::string out;
  while (true) {
    const std::size_t end = text_.find_first_of("<&", at_);
    if (end == std::string_view::npos) return error("text that does not end", at_);
    const std::string_view plain = text_.substr(at_, end - at_);
    if (const std::size_t nul = plain.find('\0'); nul != std::string_view::npos) {
      return error("NUL inside text", at_ + nul);
    }
    out += plain;
    at_ = end;
    Result<void, ParseError> more;
    if (text_[at_] == '&') {
      more = entity(out);
    } else if (!strict() && starts("<![CDATA[")) {
      more = cdata(out);
    } else {
      return out;
    }
    if (!more) return std::unexpected(std::move(more).error());
  }
}

Result<void, ParseError> XmlScanner::cdata(std::string& out) {
  const std::size_t start = at_ + 9;
  const std::size_t end = text_.find("]]>", start);
  if (end == std::string_view::npos) return error("CDATA that does not end", at_);
  out += text_.substr(start, end - start);
  at_ = end + 3;
  return {};
}

Result<void, ParseError> XmlScanner::character_reference(std::string_view digits,
                                                         std::string& out) {
  const bool hex = digits.starts_with('x');
  if (hex) digits.remove_prefix(1);
  std::uint32_t code = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, failed] = std::from_chars(digits.data(), end, code, hex ? 16 : 10);
  if (failed != std::errc() || rest != end || code == 0 || !is_scalar(code)) {
    return error("bad character reference", at_);
  }
  append_utf8(out, code);
  return {};
}

Result<void, ParseError> XmlScanner::entity(std::string& out) {
  const std::size_t end = text_.substr(0, std::min(text_.size(), at_ + 16)).find(';', at_);
  if (end == std::string_view::npos) return error("bad entity", at_);
  const std::string_view word = text_.substr(at_ + 1, end - at_ - 1);
  if (word == "lt") {
    out += '<';
  } else if (word == "gt") {
    out += '>';
  } else if (word == "amp") {
    out += '&';
  } else if (strict()) {
    return error("entity other than lt, gt and amp", at_, Fault::syntax, word);
  } else if (word == "quot") {
    out += '"';
  } else if (word == "apos") {
    out += '\'';
  } else if (word.starts_with('#')) {
    TENON_TRY(character_reference(word.substr(1), out));
  } else {
    return error("unknown entity", at_, Fault::syntax, word);
  }
  at_ = end + 1;
  return {};
}

Result<void, ParseError> XmlScanner::finish() {
  TENON_TRY(skip_misc());
  if (text_.find_first_not_of('\0', at_) == std::string_view::npos) return {};
  return error("data after the root", at_);
}

}  // namespace tenon::plist
