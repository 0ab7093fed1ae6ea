// Decimal numbers of files and command lines, whatever the locale is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tenon::bench {

// "12", "0.25", "1.5e-7"; no sign but that of the exponent. Nothing for other texts and for numbers
// that are not finite.
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text);
// The shortest text that is read as the same number.
[[nodiscard]] std::string decimal_text(double value);

}  // namespace tenon::bench
