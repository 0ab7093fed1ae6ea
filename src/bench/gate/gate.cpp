#include "bench/gate/gate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "bench/gate/decimal.h"

namespace tenon::bench {
namespace {

constexpr std::array series_names{"time",   "user",  "system", "cpu",   "rss",
                                  "faults", "start", "size",   "bytes", "allocs"};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] std::size_t column() const { return at_ + 1; }

  void skip_blanks() {
    while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  std::string_view take_while(auto accepts) {
    const std::size_t from = at_;
    while (!at_end() && accepts(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }

  [[nodiscard]] std::unexpected<GateError> wrong(std::string message) const {
    return std::unexpected(GateError{column(), std::move(message)});
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_name(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '.' || c == '_'; }

Result<Gate, GateError> parse_gate(Reader& reader) {
  reader.skip_blanks();
  const std::size_t start = reader.column();
  const std::string_view name = reader.take_while(is_name);
  if (name.empty()) return reader.wrong("a metric is expected: " + metric_names());
  auto metric = parse_metric(name);
  if (!metric) return std::unexpected(GateError{start, std::move(metric).error().message});
  reader.skip_blanks();
  if (!reader.take("<=")) return reader.wrong("\"<=\" is expected behind the metric");
  reader.skip_blanks();
  const bool negative = reader.take("-");
  if (!negative) reader.take("+");
  const std::size_t number_column = reader.column();
  const std::string_view digits = reader.take_while([](char c) { return is_digit(c) || c == '.'; });
  const auto percent = parse_decimal(digits);
  if (!percent) {
    return std::unexpected(GateError{number_column, "a number of percent is expected"});
  }
  reader.skip_blanks();
  if (!reader.take("%")) return reader.wrong("\"%\" is expected behind the number");
  const double value = negative ? -*percent : *percent;
  if (value <= -100 || value > 10'000) {
    return std::unexpected(
        GateError{number_column, "the limit must be above -100 % and at most 10000 %"});
  }
  std::string text(negative ? "-" : "+");
  ((text += digits) += '%');
  return Gate{*std::move(metric), value / 100, std::move(text)};
}

}  // namespace

std::string metric_names() {
  std::string out;
  for (const std::string_view one : series_names) (out += one) += ", ";
  return out + "p50, p99, p99.9";
}

Result<Metric, GateError> parse_metric(std::string_view name) {
  if (std::ranges::find(series_names, name) != series_names.end()) {
    return Metric{std::string(name), std::string(name), 0.5};
  }
  if (name.size() > 1 && name.front() == 'p' && is_digit(name[1])) {
    const auto percent = parse_decimal(name.substr(1));
    if (percent && *percent > 0 && *percent < 100) {
      return Metric{std::string(name), "time", *percent / 100};
    }
    return std::unexpected(GateError{1, "a quantile lies between p0 and p100"});
  }
  return std::unexpected(
      GateError{1, "\"" + std::string(name) + "\" is not a metric: " + metric_names()});
}

Result<std::vector<Gate>, GateError> parse_gates(std::string_view text) {
  Reader reader(text);
  std::vector<Gate> out;
  while (true) {
    reader.skip_blanks();
    const std::size_t start = reader.column();
    Gate gate = TENON_TRY(parse_gate(reader));
    const auto same = [&](const Gate& other) { return other.metric == gate.metric; };
    if (std::ranges::any_of(out, same)) {
      return std::unexpected(GateError{start, gate.metric.name + " has a gate already"});
    }
    out.push_back(std::move(gate));
    reader.skip_blanks();
    if (reader.at_end()) return out;
    if (!reader.take(",")) return reader.wrong("\",\" or the end is expected");
  }
}

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::held: return "held";
    case Verdict::broken: return "broken";
    case Verdict::cannot_tell: break;
  }
  return "cannot tell";
}

Verdict judge_bounds(double low, double high, double limit) {
  const double most = std::log1p(limit);
  // What stands exactly at the limit holds it, also after a logarithm.
  constexpr double rounding = 1e-12;
  if (high <= most + rounding) return Verdict::held;
  if (low > most + rounding) return Verdict::broken;
  return Verdict::cannot_tell;
}

}  // namespace tenon::bench
