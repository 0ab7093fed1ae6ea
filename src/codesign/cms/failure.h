// Why something could not be made or loaded, with the way out.
#pragma once

#include <expected>
#include <string>

namespace tenon::identity {

struct Failure {
  std::string code;  // never changes its meaning
  std::string what;
  std::string where;  // a file, a field; may be empty
  std::string fix;    // may be empty
};

template <class T>
using Expected = std::expected<T, Failure>;

[[nodiscard]] inline std::unexpected<Failure> failed(std::string code, std::string what,
                                                     std::string where = {}, std::string fix = {}) {
  return std::unexpected(
      Failure{std::move(code), std::move(what), std::move(where), std::move(fix)});
}

}  // namespace tenon::identity
