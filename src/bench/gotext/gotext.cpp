#include "bench/gotext/gotext.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "bench/gate/decimal.h"

namespace tenon::bench {
namespace {

constexpr std::string_view prefix = "Benchmark";
constexpr std::size_t most_lines = 1'000'000;
constexpr std::size_t most_values = 100;

// "Benchmark" and then nothing of a lower-case word, as testing has it.
bool is_benchmark(std::string_view word) {
  if (!word.starts_with(prefix)) return false;
  return word.size() == prefix.size() || word[prefix.size()] < 'a' || word[prefix.size()] > 'z';
}

bool read_values(const std::vector<std::string_view>& words, GoLine& out) {
  if (words.size() < 4 || words.size() % 2 != 0 || !parse_number(words[1])) return false;
  for (std::size_t i = 2; i + 1 < words.size() && out.values.size() < most_values; i += 2) {
    const auto value = parse_decimal(words[i]);
    if (!value) return false;
    out.values.push_back({std::string(words[i + 1]), *value});
  }
  return true;
}

}  // namespace

Result<GoText> read_go_text(std::string_view text) {
  GoText out;
  std::string package;
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with("pkg:")) package = std::string(trim(line.substr(4)));
    if (!line.starts_with(prefix)) continue;
    const auto words = split_words(line);
    // A name alone: -v prints one before each benchmark runs.
    if (words.size() < 2 || !is_benchmark(words.front())) continue;
    if (out.lines.size() == most_lines) return fail(Errc::limit, "too many benchmarks");
    GoLine one;
    one.name = package.empty() ? std::string() : package + '.';
    one.name += words.front().substr(prefix.size());
    if (read_values(words, one)) {
      out.lines.push_back(std::move(one));
    } else if (out.broken.size() < 20) {
      out.broken.emplace_back(line.substr(0, 200));
    }
  }
  return out;
}

std::string series_of_unit(std::string_view unit) {
  if (unit == "ns/op") return "time";
  if (unit == "B/op") return "bytes";
  if (unit == "allocs/op") return "allocs";
  return std::string(unit);
}

}  // namespace tenon::bench
