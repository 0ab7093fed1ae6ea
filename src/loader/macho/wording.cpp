#include "loader/macho/wording.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "format/macho/macho.h"

namespace tenon::dyld {
namespace {

enum class Style : std::uint8_t { bare, marked, modern };

// dyld-960 came with macOS 12.4.
Style style_of(macho::Version macos) {
  if (macos.major >= 13) return Style::modern;
  return macos >= macho::Version{12, 4, 0} ? Style::marked : Style::bare;
}

}  // namespace

std::string library_text(macho::Version macos, std::string_view library, const NamedImage& from,
                         std::string_view reason) {
  switch (style_of(macos)) {
    case Style::bare:
      return fmt::format("Library not loaded: {}\n  Referenced from: {}\n  Reason: {}", library,
                         from.path, reason);
    case Style::marked:
      return fmt::format("Library not loaded: '{}'\n  Referenced from: '{}'\n  Reason: {}", library,
                         from.path, reason);
    case Style::modern: break;
  }
  return fmt::format("Library not loaded: {}\n  Referenced from: <{}> {}{}\n  Reason: {}", library,
                     from.uuid, from.path, from.too_new, reason);
}

std::string symbol_text(macho::Version macos, std::string_view symbol, const NamedImage& from,
                        const NamedImage& in) {
  switch (style_of(macos)) {
    case Style::bare:
      return fmt::format("Symbol not found: {}\n  Referenced from: {}\n  Expected in: {}", symbol,
                         from.path, in.path);
    case Style::marked:
      return fmt::format("Symbol not found: ({})\n  Referenced from: '{}'\n  Expected in: '{}'",
                         symbol, from.path, in.path);
    case Style::modern: break;
  }
  return fmt::format(
      "Symbol not found: {}\n  Referenced from: <{}> {}{}\n  Expected in:     <{}> {}", symbol,
      from.uuid, from.path, from.too_new, in.uuid, in.path);
}

std::string flat_symbol_text(macho::Version macos, std::string_view symbol) {
  return style_of(macos) == Style::marked
             ? fmt::format("symbol not found in flat namespace ({})", symbol)
             : fmt::format("symbol not found in flat namespace '{}'", symbol);
}

std::string have_need_text(macho::Version macos, std::string_view have, std::string_view need) {
  return style_of(macos) == Style::marked ? fmt::format("have ({}), need ({})", have, need)
                                          : fmt::format("have '{}', need '{}'", have, need);
}

}  // namespace tenon::dyld
