// Rules: CoreFoundation CFPropertyList.c (_CFAppendXML0, _XMLPlistAppendDataUsingBase64).
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "format/plist/plist.h"
#include "format/plist/unicode.h"
#include "format/plist/value.h"

namespace tenon::plist {
namespace {

constexpr std::string_view head =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
    "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
    "<plist version=\"1.0\">\n";
constexpr std::size_t line_columns = 76, tab_columns = 8, most_indent = 8;

class Writer {
 public:
  explicit Writer(KeyOrder order) : order_(order) {}

  std::string document(const Value& value) {
    out_ = head;
    write(value, 0);
    return std::move(out_) + "</plist>\n";
  }

 private:
  void indent(std::size_t depth) { out_.append(depth, '\t'); }
  void escaped(std::string_view text);
  void element(std::string_view tag, std::string_view text);
  void write(const Value& value, std::size_t depth);
  void leaf(const Value& value, std::size_t depth);
  void array(const Array& items, std::size_t depth);
  void dict(const Dict& items, std::size_t depth);
  void data(const Data& bytes, std::size_t depth);
  void date(Date date);
  void real(double value);

  std::string out_;
  KeyOrder order_;
};

void Writer::escaped(std::string_view text) {
  for (const char c : text) {
    if (c == '<') {
      out_ += "&lt;";
    } else if (c == '>') {
      out_ += "&gt;";
    } else if (c == '&') {
      out_ += "&amp;";
    } else {
      out_ += c;
    }
  }
}

void Writer::element(std::string_view tag, std::string_view text) {
  (out_ += '<') += tag;
  out_ += '>';
  escaped(text);
  ((out_ += "</") += tag) += ">\n";
}

void Writer::write(const Value& value, std::size_t depth) {
  indent(depth);
  if (value.array() != nullptr) {
    array(*value.array(), depth);
  } else if (value.dict() != nullptr) {
    dict(*value.dict(), depth);
  } else {
    leaf(value, depth);
  }
}

void Writer::leaf(const Value& value, std::size_t depth) {
  switch (value.kind()) {
    case Kind::boolean: out_ += *value.boolean() ? "<true/>\n" : "<false/>\n"; return;
    case Kind::integer: element("integer", std::to_string(*value.integer())); return;
    case Kind::unsigned_integer: element("integer", std::to_string(*value.large_integer())); return;
    case Kind::real: real(*value.real()); return;
    case Kind::date: date(*value.date()); return;
    case Kind::string: element("string", *value.string()); return;
    case Kind::data: data(*value.data(), depth); return;
    default: break;
  }
  // Neither null nor Uid has an XML form; CoreFoundation writes a Uid as a dictionary of this key.
  Dict stand_in;
  if (value.uid() != nullptr) stand_in.add("CF$UID", value.uid()->number);
  dict(stand_in, depth);
}

void Writer::array(const Array& items, std::size_t depth) {
  if (items.empty()) {
    out_ += "<array/>\n";
    return;
  }
  out_ += "<array>\n";
  for (const Value& item : items) write(item, depth + 1);
  indent(depth);
  out_ += "</array>\n";
}

void Writer::dict(const Dict& items, std::size_t depth) {
  if (items.empty()) {
    out_ += "<dict/>\n";
    return;
  }
  std::vector<const Pair*> pairs;
  for (const Pair& pair : items.pairs()) pairs.push_back(&pair);
  if (order_ == KeyOrder::sorted) {
    std::ranges::stable_sort(
        pairs, [](const Pair* a, const Pair* b) { return utf16_less(a->key, b->key); });
  }
  out_ += "<dict>\n";
  for (const Pair* pair : pairs) {
    indent(depth + 1);
    element("key", pair->key);
    write(pair->value, depth + 1);
  }
  indent(depth);
  out_ += "</dict>\n";
}

// Lines of base64 as deep as the tag itself; what the tabs take is missing from their length.
void Writer::data(const Data& bytes, std::size_t depth) {
  out_ += "<data>\n";
  const std::size_t tabs = std::min(depth, most_indent);
  const std::size_t in_line = (line_columns - tab_columns * tabs) / 4 * 4;
  const std::string text = to_base64(bytes);
  for (std::size_t at = 0; at < text.size(); at += in_line) {
    indent(tabs);
    out_ += std::string_view(text).substr(at, in_line);
    out_ += '\n';
  }
  indent(depth);
  out_ += "</data>\n";
}

void Writer::date(Date date) {
  const Civil at = to_civil(date);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04lld-%02u-%02uT%02u:%02u:%02uZ",
                static_cast<long long>(at.year), at.month, at.day, at.hour, at.minute, at.second);
  element("date", text.data());
}

void Writer::real(double value) {
  if (std::isnan(value)) {
    element("real", "nan");
  } else if (std::isinf(value)) {
    element("real", value > 0 ? "+infinity" : "-infinity");
  } else if (value == 0) {
    element("real", "0.0");
  } else {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.17g", value);
    element("real", text.data());
  }
}

}  // namespace

std::string write_xml(const Value& value, KeyOrder order) { return Writer(order).document(value); }

}  // namespace tenon::plist
