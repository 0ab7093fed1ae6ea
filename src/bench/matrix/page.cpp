// The matrix as a page: a table, and for each figure the medians with their intervals as SVG.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/html.h"
#include "bench/matrix/matrix.h"
#include "bench/show/show.h"
#include "bench/stats/ratio.h"

namespace tenon::bench {
namespace {

constexpr std::string_view style =
    "table{border-collapse:collapse;width:100%}\n"
    "tr,th,td{border-color:var(--line)}\n"
    "th,td{text-align:left;padding:.3em .6em;border-bottom:1px solid var(--line);"
    "vertical-align:top}\n"
    "td{font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    // On a telephone each variant is a list of its figures.
    "@media(max-width:48em){thead{display:none}tr{display:block;padding:.5em 0;"
    "border-bottom:1px solid var(--line)}th,td{display:block;border:0;padding:.15em 0}"
    "td{white-space:normal}td::before{content:attr(data-label) \": \"}td br{display:none}}\n"
    "small{color:var(--soft)}\nfigure{margin:0;overflow-x:auto}\n"
    "svg{width:100%;min-width:38em;height:auto}\n"
    "svg text{font:13px system-ui,sans-serif;fill:var(--ink)}\n";

const MatrixCell* find(const MatrixRow& row, std::string_view metric) {
  const auto found = std::ranges::find(row.cells, metric, &MatrixCell::metric);
  return found == row.cells.end() ? nullptr : &*found;
}

struct Column {
  std::string_view metric, title;
};

constexpr std::array<Column, 5> columns{{{"size", "Size"},
                                         {"start", "Start-up"},
                                         {"rss", "Memory"},
                                         {"time", "Time"},
                                         {"throughput", "Throughput"}}};

std::string cell_html(const MatrixCell* cell, std::string_view title, bool first) {
  if (cell == nullptr) return fmt::format("<td data-label=\"{}\">-</td>", title);
  std::string out = fmt::format("<td data-label=\"{}\">{}", title,
                                html_text(value_text(cell->value, cell->unit)));
  if (!first) {
    out += "<br> <small>" + html_text(change_text(cell->ratio.estimate));
    const bool bounds = cell->ratio.method != Method::exact && cell->ratio.method != Method::none;
    if (bounds) {
      out += "<br> (" +
             html_text(change_text(cell->ratio.low) + " to " + change_text(cell->ratio.high)) + ")";
    }
    out += "</small>";
  }
  return out + "</td>";
}

std::string table_html(const Matrix& matrix) {
  std::string out = "<table>\n<thead><tr><th scope=\"col\">Variant</th>";
  for (const Column& one : columns) out += fmt::format("<th scope=\"col\">{}</th>", one.title);
  out += "</tr></thead>\n<tbody>\n";
  bool first = true;
  for (const MatrixRow& row : matrix.rows) {
    out +=
        fmt::format("<tr><th scope=\"row\">{}<br><small>{}, {}</small></th>", html_text(row.title),
                    html_text(row.side.arch), html_text(row.side.execution));
    for (const Column& one : columns) out += cell_html(find(row, one.metric), one.title, first);
    out += "</tr>\n";
    first = false;
  }
  return out + "</tbody>\n</table>\n";
}

// Bars from zero, with the interval of the median as a line.
std::string plot_html(const Matrix& matrix, std::string_view metric, std::string_view title) {
  constexpr double left = 290;
  constexpr double width = 420;
  constexpr double row_height = 30;
  double most = 0;
  std::size_t count = 0;
  for (const MatrixRow& row : matrix.rows) {
    const MatrixCell* cell = find(row, metric);
    if (cell == nullptr) continue;
    most = std::max({most, cell->value, cell->high});
    ++count;
  }
  if (!(most > 0)) return {};
  const double height = 12 + row_height * static_cast<double>(count);
  std::string out = fmt::format(
      "<h2>{}</h2>\n<figure><svg viewBox=\"0 0 840 {:.0f}\" role=\"img\" "
      "aria-label=\"{} of each variant\">\n",
      html_text(title), height, html_text(title));
  double y = 6;
  for (const MatrixRow& row : matrix.rows) {
    const MatrixCell* cell = find(row, metric);
    if (cell == nullptr) continue;
    const auto x = [&](double value) { return left + width * value / most; };
    const double middle = y + row_height / 2;
    out += fmt::format("<text x=\"{:.0f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", left - 8,
                       middle + 4, html_text(row.title));
    out += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"16\" fill=\"#4f81bd\"/>\n", left,
        middle - 8, std::max(1.0, x(cell->value) - left));
    if (cell->high > cell->low) {
      out += fmt::format(
          "<path d=\"M{:.1f} {:.1f}H{:.1f}M{:.1f} {:.1f}v10M{:.1f} {:.1f}v10\" "
          "stroke=\"#c0392b\" stroke-width=\"2\" fill=\"none\"/>\n",
          x(cell->low), middle, x(cell->high), x(cell->low), middle - 5, x(cell->high), middle - 5);
    }
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
                       x(std::max(cell->value, cell->high)) + 8, middle + 4,
                       html_text(value_text(cell->value, cell->unit)));
    y += row_height;
  }
  return out + "</svg></figure>\n";
}

}  // namespace

std::string matrix_page(const Matrix& matrix) {
  const std::string title = "What cgo costs: " + matrix.package;
  std::string out = "<h1>" + html_text(title) + "</h1>\n";
  out += fmt::format(
      "<p>{} {}, {}, {} processors. Changes are against the first row, with 95 % "
      "intervals; lines on the bars are 95 % intervals of the median.</p>\n",
      html_text(matrix.machine.system), html_text(matrix.machine.arch),
      html_text(matrix.machine.processor), matrix.machine.processors);
  out += table_html(matrix);
  out += plot_html(matrix, "size", "Size of the file");
  out += plot_html(matrix, "start", "Time to the first output");
  out += plot_html(matrix, "rss", "Peak memory");
  out += plot_html(matrix, "time", "Time of a run");
  out += plot_html(matrix, "throughput", "Runs in a second");
  for (const auto& [name, reason] : matrix.skipped) {
    out += "<p>" + html_text(name) + " was left out: " + html_text(reason) + "</p>\n";
  }
  return html_page({.title = title, .body = std::move(out), .style = style});
}

}  // namespace tenon::bench
