// A value that somebody looked for: with the place where it was found, or why it is not known.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace tenon {

enum class FactState : std::uint8_t {
  unknown,  // could not be found out; `why` says what stood in the way
  absent,   // looked for where it has to be, and not there
  known,
  declined,  // nobody wanted to know it; `why` says who
};

template <class T>
struct Fact {
  FactState state = FactState::unknown;
  T value{};
  std::string source;  // "LC_BUILD_VERSION", "build info", "function table"; empty when unknown
  std::string why;     // of unknown and declined

  [[nodiscard]] bool known() const { return state == FactState::known; }

  static Fact of(T value, std::string source) {
    return {FactState::known, std::move(value), std::move(source), {}};
  }

  static Fact none(std::string source) { return {FactState::absent, T{}, std::move(source), {}}; }

  static Fact open(std::string why) { return {FactState::unknown, T{}, {}, std::move(why)}; }

  static Fact not_asked(std::string why) { return {FactState::declined, T{}, {}, std::move(why)}; }
};

using TextFact = Fact<std::string>;
using FlagFact = Fact<bool>;
using CountFact = Fact<std::uint64_t>;

}  // namespace tenon
