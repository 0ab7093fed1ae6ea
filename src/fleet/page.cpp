// The page of a matrix: modules and Go versions down, targets across, and the gate of each cell.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/html.h"
#include "diag/report.h"
#include "diag/wire.h"
#include "fleet/outcome.h"
#include "fleet/properties.h"

namespace tenon::fleet {
namespace {

constexpr std::string_view style =
    "table{border-collapse:collapse}\n"
    "caption{text-align:left;color:var(--soft);padding:.2em 0}\n"
    "th,td{text-align:left;padding:.2em .9em .2em 0;border-bottom:1px solid var(--line);"
    "vertical-align:top}\n"
    ".n{text-align:right;font-variant-numeric:tabular-nums}\n"
    "details{margin:.4em 0}\n";

std::string seconds_text(std::int64_t milliseconds) {
  return fmt::format("{:.1f} s", static_cast<double>(milliseconds) / 1000);
}

std::string text_of(const Data& row, std::string_view key) {
  const Data* value = wire::find(row, key);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->value());
  return text == nullptr ? std::string() : *text;
}

const Data::Array& list_of(const Data* data, std::string_view key) {
  static const Data::Array none;
  const Data* value = data == nullptr ? nullptr : wire::find(*data, key);
  const auto* list = value == nullptr ? nullptr : std::get_if<Data::Array>(&value->value());
  return list == nullptr ? none : *list;
}

std::string state_text(const CellOutcome& cell) {
  const bool built = cell.state == CellState::built;
  return fmt::format("<span class=\"{}\">{}{}</span>", built ? "good" : "bad",
                     state_name(cell.state), built && cell.cached ? ", cached" : "");
}

std::string grid(const std::vector<CellOutcome>& cells) {
  std::vector<std::string> targets, rows;
  const auto row_of = [](const CellOutcome& cell) {
    return cell.name.substr(0, cell.name.find(' ')) + " go" + cell.cell.go;
  };
  const auto note = [](std::vector<std::string>& list, const std::string& value) {
    if (std::ranges::find(list, value) == list.end()) list.push_back(value);
  };
  for (const CellOutcome& cell : cells) {
    note(targets, cell.cell.target);
    note(rows, row_of(cell));
  }
  std::string out = "<div class=\"wide\"><table><caption>Cells</caption><thead><tr><th></th>";
  for (const std::string& target : targets) out += "<th>" + html_text(target) + "</th>";
  out += "</tr></thead><tbody>\n";
  for (const std::string& row : rows) {
    out += "<tr><th>" + html_text(row) + "</th>";
    for (const std::string& target : targets) {
      const auto found = std::ranges::find_if(cells, [&](const CellOutcome& cell) {
        return cell.cell.target == target && row_of(cell) == row;
      });
      out += found == cells.end() ? "<td class=\"soft\">-</td>"
                                  : "<td>" + state_text(*found) + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string times(const std::vector<CellOutcome>& cells) {
  std::string out =
      "<div class=\"wide\"><table><caption>Times</caption><thead><tr><th>cell</th><th>state</th>"
      "<th class=\"n\">queued</th><th class=\"n\">fetch</th><th class=\"n\">execute</th>"
      "<th class=\"n\">upload</th><th>worker</th></tr></thead><tbody>\n";
  for (const CellOutcome& cell : cells) {
    const CellTimes at = times_of(cell);
    out += fmt::format(
        "<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>"
        "<td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n",
        html_text(cell.name), state_text(cell), seconds_text(at.queued), seconds_text(at.fetch),
        seconds_text(at.execute), seconds_text(at.upload),
        html_text(read_worker_name(cell.worker).machine));
  }
  return out + "</tbody></table></div>\n";
}

std::string detail(const CellOutcome& cell) {
  std::string out = "<details><summary>" + html_text(cell.name) + "</summary>\n<p>action <code>" +
                    html_text(cell.action) + "</code></p>\n";
  if (cell.finding) out += "<p class=\"bad\">" + html_text(cell.finding->message) + "</p>\n";
  for (const CellOutput& output : cell.outputs) {
    out += fmt::format("<p><code>{}</code> {} bytes, SHA-256 <code>{}</code></p>\n",
                       html_text(output.path), output.size, html_text(output.sha256));
  }
  out += "<table><thead><tr><th>check</th><th>state</th><th>value</th></tr></thead><tbody>\n";
  for (const Data& output : list_of(wire::find(cell.report, "data"), "outputs")) {
    for (const Data& row : list_of(&output, "gate")) {
      out += "<tr><td>" + html_text(text_of(row, "check")) + "</td><td>" +
             html_text(text_of(row, "state")) + "</td><td>" + html_text(text_of(row, "value")) +
             "</td></tr>\n";
    }
  }
  return out + "</tbody></table></details>\n";
}

}  // namespace

std::string page_of(const std::vector<CellOutcome>& cells) {
  std::string body = "<h1>Matrix</h1>\n" + grid(cells) + times(cells) + "<h2>Gate</h2>\n";
  for (const CellOutcome& cell : cells) body += detail(cell);
  return html_page({.title = "tenon fleet: matrix", .body = std::move(body), .style = style});
}

}  // namespace tenon::fleet
