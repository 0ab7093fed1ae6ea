#include "resolve/nsswitch.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resolve/config_file.h"
#include "resolve/go_text.h"

namespace tenon::resolve {
namespace {

bool is_standard(const NssCriterion& one, bool last) {
  if (one.negated) return false;
  const bool success = one.status == "success";
  if (!success && one.status != "notfound" && one.status != "unavail" && one.status != "tryagain")
    return false;
  if (last && one.action == "return") return true;
  return one.action == (success ? "return" : "continue");
}

std::optional<NssCriterion> parse_criterion(std::string_view word) {
  NssCriterion out;
  if (word.starts_with('!')) {
    out.negated = true;
    word.remove_prefix(1);
  }
  const std::size_t equals = word.find('=');
  if (word.size() < 3 || equals == word.npos) return std::nullopt;
  out.status = go_lower(word.substr(0, equals));
  out.action = go_lower(word.substr(equals + 1));
  return out;
}

// What stands in brackets; only the blank separates.
std::optional<std::vector<NssCriterion>> parse_criteria(std::string_view text) {
  std::vector<NssCriterion> out;
  text = go_trim(text);
  while (!text.empty()) {
    const std::size_t blank = text.find(' ');
    const std::string_view word = go_trim(text.substr(0, blank));
    text = blank == text.npos ? std::string_view() : go_trim(text.substr(blank + 1));
    if (word.empty()) continue;
    auto criterion = parse_criterion(word);
    if (!criterion) return std::nullopt;
    out.push_back(*std::move(criterion));
  }
  return out;
}

// The sources behind the colon. Empty, or what is wrong.
std::string read_sources(std::string_view text, std::size_t line, std::vector<NssSource>* out) {
  while (!(text = go_trim(text)).empty()) {
    const std::size_t blank = text.find(' ');
    NssSource source;
    source.name = text.substr(0, blank);
    source.line = line;
    text = blank == text.npos ? std::string_view() : go_trim(text.substr(blank + 1));
    if (text.starts_with('[')) {
      const std::size_t close = text.find(']');
      if (close == text.npos) return "unclosed criterion bracket";
      const std::string_view inside = text.substr(1, close - 1);
      auto criteria = parse_criteria(inside);
      if (!criteria) return "invalid criteria: " + std::string(inside);
      source.criteria = *std::move(criteria);
      text.remove_prefix(close + 1);
    }
    if (out != nullptr) out->push_back(std::move(source));
  }
  return {};
}

// False when the line spoils the file.
bool read_line(std::string_view line, std::size_t number, Nsswitch& out) {
  line = go_trim(line.substr(0, line.find('#')));
  if (line.empty()) return true;
  const std::size_t colon = line.find(':');
  if (colon == line.npos) {
    out.problem = "no colon on line";
    return false;
  }
  const bool hosts = go_trim(line.substr(0, colon)) == "hosts";
  if (hosts) ++out.lines;
  out.problem = read_sources(line.substr(colon + 1), number, hosts ? &out.hosts : nullptr);
  return out.problem.empty();
}

}  // namespace

bool NssSource::standard() const {
  for (std::size_t i = 0; i < criteria.size(); ++i) {
    if (!is_standard(criteria[i], i + 1 == criteria.size())) return false;
  }
  return true;
}

Nsswitch parse_nsswitch(const ConfigFile& file) {
  Nsswitch out;
  out.state = file.state;
  if (file.state != ConfigFile::State::text) return out;
  GoLines lines(file.text);
  while (const auto line = lines.next()) {
    if (!read_line(*line, lines.number(), out)) {
      out.line = lines.number();
      break;
    }
  }
  out.cut = lines.cut();
  return out;
}

}  // namespace tenon::resolve
