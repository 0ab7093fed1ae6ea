#include "base/html.h"

#include <string>
#include <string_view>

#include "base/shown.h"

namespace tenon {

std::string html_text(std::string_view value) {
  const Shown shown = Shown::of(value);
  std::string out;
  for (const char c : shown.text()) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace tenon
