// The answer for machines that show findings beside code: SARIF, GitHub's annotations, JUnit.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/explain/explain.h"
#include "diag/catalog.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diagnose/answer.h"
#include "diagnose/causes/causes.h"
#include "diagnose/project/trace.h"

namespace tenon::explain {
namespace {

// A file with a line; line 0: none.
struct Place {
  std::string path;
  std::size_t line = 0;
  std::string text;
};

// A file of the project where there is one, as annotations appear there; else the log's lines.
std::vector<Place> places(const Answer& answer) {
  std::vector<Place> out;
  const std::string root = answer.project_root.empty() ? "" : answer.project_root + "/";
  for (const ProjectFact& fact : answer.project) {
    const std::string_view where = fact.evidence.where;
    const std::size_t colon = where.rfind(':');
    if (root.empty() || !where.starts_with(root) || colon == where.npos) continue;
    const auto line = parse_number(where.substr(colon + 1));
    if (!line) continue;
    out.push_back(
        {std::string(where.substr(root.size(), colon - root.size())), *line, fact.evidence.text});
  }
  if (!out.empty() || answer.best() == nullptr) return out;
  // What has no file is not shown at all: the module's own file stands for the whole.
  if (!root.empty()) return {{"go.mod", 1, ""}};
  for (const std::size_t number : answer.best()->lines) {
    out.push_back({answer.name, number, line_text(answer.log, number)});
  }
  return out;
}

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

Data sarif_rule(const Cause& cause) {
  Data rule = Data::object();
  rule.add("id", code_text(cause));
  rule.add("name", cause.slug);
  rule.add("shortDescription", text_data(cause.title));
  rule.add("fullDescription", text_data(cause.happens));
  Data help = text_data(cause_page(cause));
  help.add("markdown", cause_page(cause));
  rule.add("help", std::move(help));
  Data level = Data::object();
  level.add("level", cause.harmless ? "note" : "error");
  rule.add("defaultConfiguration", std::move(level));
  Data tags = Data::array();
  tags.push(cause.slug.substr(0, cause.slug.find('/')));
  Data properties = Data::object();
  properties.add("tags", std::move(tags));
  rule.add("properties", std::move(properties));
  return rule;
}

Data sarif_location(const Place& place) {
  Data artifact = Data::object();
  artifact.add("uri", uri(place.path));
  Data region = Data::object();
  region.add("startLine", static_cast<std::int64_t>(place.line));
  if (!place.text.empty()) region.add("snippet", text_data(place.text));
  Data physical = Data::object();
  physical.add("artifactLocation", std::move(artifact));
  physical.add("region", std::move(region));
  Data location = Data::object();
  location.add("physicalLocation", std::move(physical));
  return location;
}

std::string message_of(const Candidate& best) { return best.message + " Fix: " + best.fix; }

Data sarif_result(const Answer& answer) {
  const Candidate& best = *answer.best();
  Data result = Data::object();
  result.add("ruleId", code_text(*best.cause));
  result.add("ruleIndex", std::int64_t{0});
  result.add("level", best.cause->harmless ? "note" : "error");
  result.add("message", text_data(message_of(best)));
  Data locations = Data::array();
  std::string fingerprint(best.cause->slug);
  for (const Place& place : places(answer)) {
    locations.push(sarif_location(place));
    fingerprint += "\n" + place.path + "\n" + place.text;
  }
  result.add("locations", std::move(locations));
  Data prints = Data::object();
  prints.add("primaryLocationLineHash", hex(sha256(view_of(fingerprint).bytes())).substr(0, 32));
  result.add("partialFingerprints", std::move(prints));
  return result;
}

// SARIF 2.1.0: one run with at most one result.
Data sarif_data(const Answer& answer) {
  Data rules = Data::array(), results = Data::array();
  if (answer.best() != nullptr) {
    rules.push(sarif_rule(*answer.best()->cause));
    results.push(sarif_result(answer));
  }
  Data driver = Data::object();
  driver.add("name", "tenon");
  driver.add("version", tenon_version());
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

// In a property of a workflow command ':' and ',' end it as well.
std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    const bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    if (special) {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string github_text(const Answer& answer) {
  const Candidate* best = answer.best();
  if (best == nullptr) return {};
  std::string head = best->cause->harmless ? "notice" : "error";
  const auto where = places(answer);
  // Lines of the log are no lines of the repository.
  if (!answer.project_root.empty() && !where.empty()) {
    head += fmt::format(" file={},line={},", escaped(where.front().path, true), where.front().line);
  } else {
    head += ' ';
  }
  return fmt::format(
      "::{}title={}::{}\n", head,
      escaped(fmt::format("{} {}", code_text(*best->cause), best->cause->title), true),
      escaped(valid_utf8(message_of(*best)), false));
}

std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : valid_utf8(text)) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (static_cast<unsigned char>(c) >= ' ' || c == '\n') {
      out += c;
    }
  }
  return out;
}

// Skipped: it could not be decided.
std::string junit_text(const Answer& answer) {
  const Candidate* best = answer.best();
  const bool failure = best != nullptr && !best->cause->harmless;
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites><testsuite name=\"tenon explain\" "
      "tests=\"1\" failures=\"{}\" errors=\"0\" skipped=\"{}\"><testcase name=\"{}\" "
      "classname=\"{}\">",
      failure ? 1 : 0, best == nullptr ? 1 : 0, xml_text(answer.name),
      best == nullptr ? "unknown" : xml_text(best->cause->slug));
  if (best == nullptr) out += "<skipped message=\"no known cause fits\"/>";
  if (failure) {
    std::string lines;
    for (const std::size_t number : best->lines) lines += line_text(answer.log, number) + "\n";
    out += fmt::format("<failure type=\"{}\" message=\"{}\">{}</failure>", code_text(*best->cause),
                       xml_text(message_of(*best)), xml_text(lines));
  }
  return out + "</testcase></testsuite></testsuites>\n";
}

}  // namespace

std::optional<std::string> formatted(const std::string& format, const Answer& answer) {
  if (format == "sarif") return render_data(sarif_data(answer)) + "\n";
  if (format == "github") return github_text(answer);
  if (format == "junit") return junit_text(answer);
  return std::nullopt;
}

}  // namespace tenon::explain
