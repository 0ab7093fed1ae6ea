#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "diag/catalog.h"
#include "diag/finding.h"
#include "diag/render/diagnosis.h"
#include "diag/render/render.h"
#include "diag/report.h"

namespace tenon {
namespace {

// RFC 3986: everything but unreserved characters and '/' is escaped.
std::string uri(std::string_view path) {
  std::string out = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").contains(c);
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

Data text_data(std::string_view words) {
  Data out = Data::object();
  out.add("text", words);
  return out;
}

std::string page_of(const Diagnosis& diagnosis) {
  return diagnosis.cause != nullptr ? cause_page(*diagnosis.cause) : code_page(*diagnosis.entry);
}

Data sarif_rule(const Diagnosis& diagnosis) {
  const RuleName name = rule_name(diagnosis);
  Data rule = Data::object();
  rule.add("id", name.id);
  rule.add("name", name.slug);
  rule.add("shortDescription", text_data(name.title));
  if (diagnosis.cause != nullptr) {
    rule.add("fullDescription", text_data(diagnosis.cause->happens));
  }
  const std::string page = page_of(diagnosis);
  Data help = text_data(page);
  help.add("markdown", page);
  rule.add("help", std::move(help));
  const bool harmless = diagnosis.cause != nullptr ? diagnosis.cause->harmless
                                                   : diagnosis.entry->severity == Severity::note;
  Data level = Data::object();
  level.add("level", harmless ? std::string_view("note") : "error");
  rule.add("defaultConfiguration", std::move(level));
  Data tags = Data::array();
  tags.push(name.slug.substr(0, name.slug.find('/')));
  Data properties = Data::object();
  properties.add("tags", std::move(tags));
  rule.add("properties", std::move(properties));
  return rule;
}

Data sarif_location(const Diagnosis::Place& place) {
  Data artifact = Data::object();
  artifact.add("uri", uri(place.path));
  Data region = Data::object();
  region.add("startLine", static_cast<std::int64_t>(std::max<std::size_t>(1, place.line)));
  if (!place.text.empty()) region.add("snippet", text_data(place.text));
  Data physical = Data::object();
  physical.add("artifactLocation", std::move(artifact));
  physical.add("region", std::move(region));
  Data location = Data::object();
  location.add("physicalLocation", std::move(physical));
  return location;
}

// A failure whose cause is not known: its kind stands for a rule.
Data unknown_rule(const Diagnosis& diagnosis) {
  const RuleName name = rule_name(diagnosis);
  Data rule = Data::object();
  rule.add("id", name.id);
  rule.add("name", name.slug);
  rule.add("shortDescription", text_data(name.title));
  Data level = Data::object();
  level.add("level", "error");
  rule.add("defaultConfiguration", std::move(level));
  return rule;
}

Data sarif_result(const Diagnosis& diagnosis, std::int64_t rule) {
  const RuleName name = rule_name(diagnosis);
  Data result = Data::object();
  result.add("ruleId", name.id);
  result.add("ruleIndex", rule);
  result.add("level", severity_name(diagnosis.severity));
  result.add("message", text_data(std::string_view(diagnosis.message)));
  Data locations = Data::array();
  std::string fingerprint = name.slug;
  for (const Diagnosis::Place& place : diagnosis.places) {
    locations.push(sarif_location(place));
    fingerprint += "\n" + place.path + "\n" + place.text;
  }
  result.add("locations", std::move(locations));
  Data prints = Data::object();
  prints.add("primaryLocationLineHash", hex(sha256(view_of(fingerprint).bytes())).substr(0, 32));
  result.add("partialFingerprints", std::move(prints));
  return result;
}

Data sarif_data(const Diagnoses& diagnoses, std::string_view version) {
  Data rules = Data::array(), results = Data::array();
  std::vector<std::string> known;  // rules by their place
  for (const Diagnosis& one : diagnoses) {
    if (!one.known() && one.kind.empty()) continue;
    const std::string slug = rule_name(one).slug;
    const auto found = std::ranges::find(known, slug);
    const auto rule = static_cast<std::int64_t>(found - known.begin());
    if (found == known.end()) {
      rules.push(one.known() ? sarif_rule(one) : unknown_rule(one));
      known.push_back(slug);
    }
    results.push(sarif_result(one, rule));
  }
  Data driver = Data::object();
  driver.add("name", "tenon");
  driver.add("version", version);
  driver.add("rules", std::move(rules));
  Data tool = Data::object();
  tool.add("driver", std::move(driver));
  Data run = Data::object();
  run.add("tool", std::move(tool));
  run.add("results", std::move(results));
  Data runs = Data::array();
  runs.push(std::move(run));
  Data out = Data::object();
  out.add("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  out.add("version", "2.1.0");
  out.add("runs", std::move(runs));
  return out;
}

}  // namespace

std::string render_sarif(const Diagnoses& diagnoses, std::string_view version) {
  return render_data(sarif_data(diagnoses, version)) + "\n";
}

}  // namespace tenon
