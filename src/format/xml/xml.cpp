#include "format/xml/xml.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/text.h"

namespace tenon::xml {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool ends_name(char c) {
  return is_blank(c) || c == '=' || c == '/' || c == '>' || c == '<' || c == '"' || c == '\'';
}

// A character of Unicode as UTF-8; false for a number that is none.
bool append_character(std::uint64_t code, std::string& out) {
  const auto byte = [&](std::uint64_t value) { out += static_cast<char>(value); };
  if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0 | code >> 6U);
    byte(0x80 | (code & 0x3fU));
  } else if (code < 0x10000) {
    byte(0xe0 | code >> 12U);
    byte(0x80 | (code >> 6U & 0x3fU));
    byte(0x80 | (code & 0x3fU));
  } else {
    byte(0xf0 | code >> 18U);
    byte(0x80 | (code >> 12U & 0x3fU));
    byte(0x80 | (code >> 6U & 0x3fU));
    byte(0x80 | (code & 0x3fU));
  }
  return true;
}

bool append_entity(std::string_view name, std::string& out) {
  constexpr std::pair<std::string_view, char> named[] = {
      {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [word, c] : named) {
    if (name != word) continue;
    out += c;
    return true;
  }
  if (!name.starts_with('#')) return false;
  const bool hex = name.starts_with("#x");
  const auto code = parse_number(name.substr(hex ? 2 : 1), hex ? 16 : 10);
  return code && append_character(*code, out);
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<Element> run() {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    TENON_TRY(skip_misc());
    Element root;
    TENON_TRY(element(root, 0));
    TENON_TRY(skip_misc());
    if (at_ != text_.size()) return error("text behind the root element");
    return root;
  }

 private:
  [[nodiscard]] std::unexpected<Error> error(const char* what) const {
    return fail(Errc::malformed, what, at_);
  }
  [[nodiscard]] bool starts(std::string_view word) const {
    return text_.substr(at_).starts_with(word);
  }
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  Result<void> skip_to(std::string_view end) {
    const std::size_t found = text_.find(end, at_);
    if (found == std::string_view::npos) return error("XML that does not end");
    at_ = found + end.size();
    return {};
  }

  Result<void> skip_misc() {
    for (;;) {
      skip_blanks();
      if (starts("<!--")) {
        TENON_TRY(skip_to("-->"));
      } else if (starts("<?")) {
        TENON_TRY(skip_to("?>"));
      } else if (starts("<!DOCTYPE")) {
        return fail(Errc::unsupported, "XML with a document type", at_);
      } else {
        return {};
      }
    }
  }

  Result<std::string> name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !ends_name(text_[at_])) ++at_;
    if (at_ == begin) return error("XML name");
    return std::string(text_.substr(begin, at_ - begin));
  }

  Result<void> decode(std::string_view raw, std::string& out) {
    while (!raw.empty()) {
      const std::size_t mark = raw.find('&');
      out += raw.substr(0, mark);
      if (mark == std::string_view::npos) return {};
      raw.remove_prefix(mark + 1);
      const std::size_t end = raw.find(';');
      if (end == std::string_view::npos || !append_entity(raw.substr(0, end), out)) {
        return error("XML entity");
      }
      raw.remove_prefix(end + 1);
    }
    return {};
  }

  Result<void> attribute(Element& out) {
    std::string key = TENON_TRY(name());
    skip_blanks();
    if (!starts("=")) return error("XML attribute without a value");
    ++at_;
    skip_blanks();
    if (!starts("\"") && !starts("'")) return error("XML attribute without quotes");
    const char quote = text_[at_];
    const std::size_t begin = at_ + 1;
    at_ = begin;
    TENON_TRY(skip_to(std::string_view(&quote, 1)));
    std::string value;
    TENON_TRY(decode(text_.substr(begin, at_ - 1 - begin), value));
    out.attributes.emplace_back(std::move(key), std::move(value));
    return {};
  }

  // Whether children may follow.
  Result<bool> open_tag(Element& out) {
    ++at_;  // '<'
    if (++count_ > max_elements) return fail(Errc::limit, "XML with too many elements", at_);
    out.name = TENON_TRY(name());
    for (;;) {
      skip_blanks();
      if (starts("/>")) {
        at_ += 2;
        return false;
      }
      if (starts(">")) {
        ++at_;
        return true;
      }
      if (at_ == text_.size()) return error("XML tag that does not end");
      TENON_TRY(attribute(out));
    }
  }

  Result<void> element(Element& out, unsigned depth) {
    if (depth > max_depth) return fail(Errc::limit, "XML nested too deep", at_);
    if (!starts("<")) return error("XML element");
    if (!TENON_TRY(open_tag(out))) return {};
    for (;;) {
      const std::size_t mark = text_.find('<', at_);
      if (mark == std::string_view::npos) return error("XML element that does not end");
      TENON_TRY(decode(text_.substr(at_, mark - at_), out.text));
      at_ = mark;
      if (starts("</")) return close_tag(out);
      if (starts("<!--")) {
        TENON_TRY(skip_to("-->"));
      } else if (starts("<![CDATA[")) {
        const std::size_t begin = at_ + 9;
        TENON_TRY(skip_to("]]>"));
        out.text += text_.substr(begin, at_ - 3 - begin);
      } else if (starts("<?")) {
        TENON_TRY(skip_to("?>"));
      } else {
        Element child;
        TENON_TRY(element(child, depth + 1));
        out.children.push_back(std::move(child));
      }
    }
  }

  Result<void> close_tag(const Element& open) {
    at_ += 2;
    if (TENON_TRY(name()) != open.name) return error("XML end tag of another name");
    skip_blanks();
    if (!starts(">")) return error("XML end tag");
    ++at_;
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t count_ = 0;
};

}  // namespace

const Element* Element::child(std::string_view wanted) const {
  const auto found = std::ranges::find(children, wanted, &Element::name);
  return found == children.end() ? nullptr : &*found;
}

std::string_view Element::child_text(std::string_view wanted) const {
  const Element* found = child(wanted);
  return found == nullptr ? std::string_view() : trim(found->text);
}

std::string_view Element::attribute(std::string_view wanted) const {
  for (const auto& [key, value] : attributes) {
    if (key == wanted) return value;
  }
  return {};
}

Result<Element> parse(std::string_view text) { return Reader(text).run(); }

}  // namespace tenon::xml
