// The only file that knows the JSON library.
#include <nlohmann/json.hpp>

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

Json convert(const Data& data) {
  struct Visitor {
    Json operator()(std::nullptr_t) const { return nullptr; }
    Json operator()(bool value) const { return value; }
    Json operator()(std::int64_t value) const { return value; }
    Json operator()(const std::string& value) const { return value; }

    Json operator()(const Data::Array& array) const {
      Json out = Json::array();
      for (const Data& item : array) out.push_back(convert(item));
      return out;
    }

    Json operator()(const Data::Object& object) const {
      Json out = Json::object();
      for (const auto& [key, value] : object) out[key] = convert(value);
      return out;
    }
  };
  return std::visit(Visitor{}, data.value());
}

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

// Text of other programs need not be UTF-8; the document has to be.
std::string dump(const Json& json, int indent) {
  return printed_json(json.dump(indent, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

std::string render_json(const Report& report, std::string_view version) {
  Json out;
  out["schema"] = Report::schema;
  out["tool"] = "tenon";
  out["version"] = version;
  out["command"] = report.command;
  out["ok"] = report.ok;
  out["findings"] = Json::array();
  for (const Finding& finding : report.findings) out["findings"].push_back(convert(finding));
  out["data"] = convert(report.data);
  return dump(out, 2) + "\n";
}

namespace {

Data from_json(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean: return Data(json.get<bool>());
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned: return Data(json.get<std::int64_t>());
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

}  // namespace

Result<Data> parse_data(std::string_view text) {
  if (too_deep(text)) return fail(Errc::malformed, "JSON nested too deep");
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return fail(Errc::malformed, "not JSON");
  return from_json(json);
}

std::string render_data(const Data& data) { return dump(convert(data), -1); }

}  // namespace tenon
