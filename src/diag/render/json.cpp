// The only file that knows the JSON library.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/result.h"
#include "base/shell_word.h"
#include "base/shown.h"
#include "diag/code.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diag/report.h"

namespace tenon {
namespace {

using Json = nlohmann::ordered_json;

Json convert(const Finding& finding) {
  Json out;
  const bool own = !finding.own_code.empty();
  out["code"] = own ? std::string_view(finding.own_code) : code_text(finding.code);
  out["cause"] = own ? std::string_view(finding.own_slug) : slug_of(finding.code);
  out["severity"] = severity_name(finding.severity);
  out["subject"] = finding.subject;
  out["message"] = finding.message.text();
  out["confidence"] = confidence_name(finding.confidence);
  out["evidence"] = Json::array();
  for (const Evidence& evidence : finding.evidence) {
    out["evidence"].push_back({{"kind", evidence_name(evidence.kind)},
                               {"where", evidence.where},
                               {"text", evidence.text}});
  }
  out["fixes"] = Json::array();
  for (const Fix& fix : finding.fixes) {
    Json commands = Json::array();
    for (const ShellCommand& command : fix.commands) commands.push_back(arguments_of(command));
    out["fixes"].push_back({{"text", fix.text.text()},
                            {"safety", safety_name(fix.safety)},
                            {"commands", std::move(commands)}});
  }
  return out;
}

Data from_json(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean: return Data(json.get<bool>());
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned: return Data(json.get<std::int64_t>());
    case Json::value_t::number_float: return Data(json.get<double>());
    case Json::value_t::string: return Data(json.get<std::string>());
    case Json::value_t::array: {
      Data out = Data::array();
      for (const Json& item : json) out.push(from_json(item));
      return out;
    }
    case Json::value_t::object: {
      Data out = Data::object();
      for (const auto& [key, value] : json.items()) out.add(key, from_json(value));
      return out;
    }
    default: return {};
  }
}

// Brackets deeper than any document of ours: the parser would follow them with its own stack.
bool too_deep(std::string_view text) {
  constexpr int deepest = 100;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > deepest) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

// Writes a tree as it walks it: a large answer stands in memory once, as the tree. The form is that
// of the library's dump(): of equal keys the first one's place and the last one's value.
class Writer {
 public:
  // `indent` negative: all on one line.
  Writer(int indent, const TakeText& take) : indent_(indent), take_(take) {}

  void value(const Data& data, int depth = 0) {
    struct Visitor {
      Writer& out;
      int depth;
      void operator()(std::nullptr_t) const { out.text_ += "null"; }
      void operator()(bool value) const { out.text_ += value ? "true" : "false"; }
      void operator()(std::int64_t value) const { out.text_ += std::to_string(value); }
      void operator()(double value) const { out.text_ += Json(value).dump(); }
      void operator()(const std::string& value) const { out.string(value); }
      void operator()(const Data::Array& array) const { out.array(array, depth); }
      void operator()(const Data::Object& object) const { out.object(object, depth); }
    };
    std::visit(Visitor{*this, depth}, data.value());
    if (text_.size() >= piece) flush();
  }

  void key(std::string_view name, bool first, int depth) {
    next(first, depth);
    string(name);
    text_ += indent_ < 0 ? ":" : ": ";
  }

  void raw(std::string_view text) { text_ += text; }

  void line(int depth) {
    if (indent_ < 0) return;
    text_ += '\n';
    text_.append(static_cast<std::size_t>(indent_) * static_cast<std::size_t>(depth), ' ');
  }

  void flush() {
    take_(text_);
    text_.clear();
  }

 private:
  static constexpr std::size_t piece = std::size_t{1} << 16U;

  void next(bool first, int depth) {
    if (!first) text_ += ',';
    line(depth);
  }

  void array(const Data::Array& array, int depth) {
    text_ += '[';
    bool first = true;
    for (const Data& item : array) {
      next(std::exchange(first, false), depth + 1);
      value(item, depth + 1);
    }
    if (!first) line(depth);
    text_ += ']';
  }

  void object(const Data::Object& object, int depth) {
    text_ += '{';
    bool first = true;
    for (auto one = object.begin(); one != object.end(); ++one) {
      const auto same = [&](const auto& other) { return other.first == one->first; };
      if (std::any_of(object.begin(), one, same)) continue;
      key(one->first, std::exchange(first, false), depth + 1);
      value(std::find_if(object.rbegin(), object.rend(), same)->second, depth + 1);
    }
    if (!first) line(depth);
    text_ += '}';
  }

  // Text of other programs need not be UTF-8; the document has to be.
  void string(std::string_view value) {
    const bool plain = std::ranges::all_of(
        value, [](char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '#'; });
    if (plain) {
      ((text_ += '"') += value) += '"';
    } else {
      text_ += printed_json(Json(value).dump(-1, ' ', false, Json::error_handler_t::replace));
    }
  }

  int indent_;
  const TakeText& take_;
  std::string text_;
};

}  // namespace

void render_json(const Report& report, std::string_view version, const TakeText& take) {
  Data head = Data::object();
  head.add("schema", std::int64_t{Report::schema}).add("tool", "tenon").add("version", version);
  head.add("command", report.command).add("ok", report.ok);
  Data findings = Data::array();
  for (const Finding& finding : report.findings) findings.push(from_json(convert(finding)));
  Writer out(2, take);
  out.raw("{");
  bool first = true;
  const auto add = [&](std::string_view key, const Data& value) {
    out.key(key, std::exchange(first, false), 1);
    out.value(value, 1);
  };
  for (const auto& [key, value] : std::get<Data::Object>(head.value())) add(key, value);
  add("findings", findings);
  add("data", report.data);
  out.raw("\n}\n");
  out.flush();
}

std::string render_json(const Report& report, std::string_view version) {
  std::string out;
  render_json(report, version, [&](std::string_view piece) { out += piece; });
  return out;
}

Result<Data> parse_data(std::string_view text) {
  if (too_deep(text)) return fail(Errc::malformed, "JSON nested too deep");
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return fail(Errc::malformed, "not JSON");
  return from_json(json);
}

std::string render_data(const Data& data) {
  std::string out;
  const TakeText take = [&](std::string_view piece) { out += piece; };
  Writer writer(-1, take);
  writer.value(data);
  writer.flush();
  return out;
}

}  // namespace tenon
