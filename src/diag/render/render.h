// A Report as text for people or as the JSON envelope for machines. Reads nothing, decides nothing.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/shown.h"
#include "diag/report.h"

namespace tenon {

struct TextStyle {
  bool colour = false;
  bool unicode = true;
};

using TakeText = std::function<void(std::string_view piece)>;

// The envelope: schema, tool, version, command, ok, findings, data; keys in this order. Given out
// in pieces, since the list of a large file's parts is long.
void render_json(const Report& report, std::string_view version, const TakeText& take);
[[nodiscard]] std::string render_json(const Report& report, std::string_view version);

// One finding: severity and code, message, evidence, fixes.
[[nodiscard]] Shown render_finding(const Finding& finding, const TextStyle& style);

// The answer, the findings (errors first) and a line that counts them.
[[nodiscard]] Shown render_text(const Report& report, const TextStyle& style);

// The reverse: JSON text as a tree. malformed when it is not JSON or nested deeper than 100.
[[nodiscard]] Result<Data> parse_data(std::string_view text);

// JSON text as the command tree of `Data`, for tests and tools. Empty string when it is not JSON.
[[nodiscard]] std::string render_data(const Data& data);

}  // namespace tenon
