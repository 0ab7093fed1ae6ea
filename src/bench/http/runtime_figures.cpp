#include "bench/http/runtime_figures.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "base/text.h"
#include "bench/gate/decimal.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diag/wire.h"

namespace tenon::bench {
namespace {

std::optional<double> number(const Data* data) {
  if (data == nullptr) return std::nullopt;
  if (const auto* whole = std::get_if<std::int64_t>(&data->value())) {
    return static_cast<double>(*whole);
  }
  const auto* real = std::get_if<double>(&data->value());
  return real != nullptr ? std::optional(*real) : std::nullopt;
}

// runtime.MemStats under "memstats"; "goroutines" is what servers publish by that name.
Result<RuntimeFigures> of_expvar(std::string_view body) {
  const Data data = TENON_TRY(parse_data(body));
  RuntimeFigures out;
  out.goroutines = number(wire::find(data, "goroutines"));
  if (const Data* memory = wire::find(data, "memstats")) {
    out.collections = number(wire::find(*memory, "NumGC"));
    out.pause_ns = number(wire::find(*memory, "PauseTotalNs"));
  }
  return out;
}

// Of the Go collector of Prometheus' client: "go_goroutines 12".
RuntimeFigures of_prometheus(std::string_view body) {
  RuntimeFigures out;
  for (const std::string_view line : split(body, '\n')) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, blank);
    std::string_view rest = trim(line.substr(blank));
    rest = rest.substr(0, rest.find(' '));  // a time stamp may follow
    const auto value = parse_decimal(rest);
    if (!value) continue;
    if (name == "go_goroutines") out.goroutines = value;
    if (name == "go_gc_duration_seconds_count") out.collections = value;
    if (name == "go_gc_duration_seconds_sum") out.pause_ns = *value * 1e9;
  }
  return out;
}

}  // namespace

Result<RuntimeFigures> runtime_figures(std::string_view response) {
  const std::size_t end = response.find("\r\n\r\n");
  if (!response.starts_with("HTTP/1.") || end == std::string_view::npos) {
    return fail(Errc::malformed, "no HTTP response");
  }
  const std::string_view status = response.substr(0, response.find("\r\n"));
  if (!status.contains(" 200")) return fail(Errc::unsupported, "the status is not 200");
  const std::string_view body = response.substr(end + 4);
  const bool json = trim(body).starts_with('{');
  const RuntimeFigures out = json ? TENON_TRY(of_expvar(body)) : of_prometheus(body);
  if (out.empty()) return fail(Errc::malformed, "no figures of Go's runtime are in it");
  return out;
}

}  // namespace tenon::bench
