#include "bench/results/results.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "bench/gate/decimal.h"
#include "diag/report.h"
#include "diag/wire.h"

namespace tenon::bench {
namespace {

constexpr std::string_view format_name = "tenon-bench";
constexpr std::int64_t format_version = 1;
constexpr std::size_t most_samples = std::size_t{64} << 20U;

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

Data series_data(const Series& series) {
  Data out = Data::object();
  out.add("group", series.group).add("name", series.name).add("unit", series.unit);
  out.add("paired", series.paired).add("exact", series.exact);
  out.add("a", column_text(series.a)).add("b", column_text(series.b));
  return out;
}

template <class T>
Result<void> read_member(const Data& data, std::string_view name, T& out) {
  const Data* value = wire::find(data, name);
  if (value == nullptr) return {};
  return wire::read(*value, out);
}

Result<std::vector<double>> read_column(const Data& data, std::string_view name) {
  std::string text;
  TENON_TRY(read_member(data, name, text));
  return column_from(text);
}

Result<Series> series_from(const Data& data) {
  Series out;
  TENON_TRY(read_member(data, "group", out.group));
  TENON_TRY(read_member(data, "name", out.name));
  TENON_TRY(read_member(data, "unit", out.unit));
  TENON_TRY(read_member(data, "paired", out.paired));
  TENON_TRY(read_member(data, "exact", out.exact));
  out.a = TENON_TRY(read_column(data, "a"));
  out.b = TENON_TRY(read_column(data, "b"));
  if (out.name.empty()) return fail(Errc::malformed, "a figure has no name");
  if (out.paired && out.a.size() != out.b.size()) {
    return fail(Errc::malformed, "the sides of a paired figure differ in length");
  }
  return out;
}

}  // namespace

const Series* Results::find(std::string_view group, std::string_view name) const {
  for (const Series& one : series) {
    if (one.group == group && one.name == name) return &one;
  }
  return nullptr;
}

std::string column_text(const std::vector<double>& values) {
  std::string out;
  for (const double one : values) {
    if (!out.empty()) out += ' ';
    out += decimal_text(one);
  }
  return out;
}

Result<std::vector<double>> column_from(std::string_view text) {
  std::vector<double> out;
  std::size_t at = 0;
  while (true) {
    while (at < text.size() && is_blank(text[at])) ++at;
    if (at == text.size()) return out;
    const std::size_t from = at;
    while (at < text.size() && !is_blank(text[at])) ++at;
    const auto number = parse_decimal(text.substr(from, at - from));
    if (!number) return fail(Errc::malformed, "a sample is not a number", from);
    if (out.size() == most_samples) return fail(Errc::limit, "too many samples", from);
    out.push_back(*number);
  }
}

Data results_data(const Results& results) {
  Data out = Data::object();
  out.add("format", format_name).add("version", format_version);
  out.add("kind", results.kind).add("complete", results.complete);
  out.add("a", wire::write(results.a)).add("b", wire::write(results.b));
  out.add("machine", wire::write(results.machine));
  out.add("before", wire::write(results.before)).add("after", wire::write(results.after));
  out.add("pinned", wire::write(results.pinned));
  Data series = Data::array();
  for (const Series& one : results.series) series.push(series_data(one));
  out.add("series", std::move(series));
  out.add("details", results.details).add("snapshot", results.snapshot);
  return out;
}

Result<Results> results_from(const Data& data) {
  std::string format;
  std::int64_t version = 0;
  TENON_TRY(read_member(data, "format", format));
  if (format != format_name) return fail(Errc::malformed, "not a result of tenon bench");
  TENON_TRY(read_member(data, "version", version));
  if (version < 1 || version > format_version) {
    return fail(Errc::unsupported, "written by a newer tenon");
  }
  Results out;
  TENON_TRY(read_member(data, "kind", out.kind));
  TENON_TRY(read_member(data, "complete", out.complete));
  TENON_TRY(read_member(data, "a", out.a));
  TENON_TRY(read_member(data, "b", out.b));
  TENON_TRY(read_member(data, "machine", out.machine));
  TENON_TRY(read_member(data, "before", out.before));
  TENON_TRY(read_member(data, "after", out.after));
  TENON_TRY(read_member(data, "pinned", out.pinned));
  if (const Data* list = wire::find(data, "series"); list != nullptr) {
    const auto* array = std::get_if<Data::Array>(&list->value());
    if (array == nullptr) return fail(Errc::malformed, "a list is expected");
    for (const Data& one : *array) out.series.push_back(TENON_TRY(series_from(one)));
  }
  if (const Data* details = wire::find(data, "details")) out.details = *details;
  if (const Data* snapshot = wire::find(data, "snapshot")) out.snapshot = *snapshot;
  return out;
}

std::string machine_difference(const Machine& a, const Machine& b) {
  std::string out;
  const auto tell = [&](std::string_view what, const std::string& one, const std::string& other) {
    if (one == other) return;
    if (!out.empty()) out += "; ";
    ((((out += what) += ' ') += one) += " and ") += other;
  };
  tell("system", a.system, b.system);
  tell("architecture", a.arch, b.arch);
  tell("kernel", a.kernel, b.kernel);
  tell("processor", a.processor, b.processor);
  tell("number of processors", std::to_string(a.processors), std::to_string(b.processors));
  tell("memory", std::to_string(a.memory / 1048576) + " MiB",
       std::to_string(b.memory / 1048576) + " MiB");
  tell("governor", a.governor, b.governor);
  return out;
}

}  // namespace tenon::bench
