// The page of timings. The bars are cells of a table, so that who cannot see them reads the same.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/html.h"
#include "base/path.h"
#include "crossbuild/timings/timings.h"

namespace tenon {
namespace {

constexpr std::string_view style =
    ":root{--package:#3b76b8;--compile:#c8691c;--cached:#4c9a55;--link:#8a5bb0;--other:#888}\n"
    "@media(prefers-color-scheme:dark){:root{--package:#6ea8e6;--compile:#f0a060;--cached:#7fca88;"
    "--link:#c39be6}}\n"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}\n"
    "caption{text-align:left;color:var(--soft);padding:.2em 0}\n"
    "th,td{text-align:left;padding:.1em .6em .1em 0;vertical-align:middle;overflow-wrap:anywhere;"
    "font-size:13px;line-height:1.3}\n"
    "tbody tr:nth-child(odd){background:var(--panel)}\n"
    ".what{width:32%}.kind{width:5.5em}.n{width:5.5em;text-align:right;white-space:nowrap;"
    "font-variant-numeric:tabular-nums}\n"
    ".bar{position:relative;height:1.2em;padding:0;border-left:1px solid var(--line)}\n"
    ".bar i{position:absolute;top:50%;height:.9em;margin-top:-.45em;min-width:2px;"
    "border-radius:2px}\n"
    "i.package{background:var(--package)}i.compile{background:var(--compile)}"
    "i.cached{background:var(--cached)}i.link,i.ld{background:var(--link)}"
    "i.other,i.cgo{background:var(--other)}\n"
    ".legend{display:flex;flex-wrap:wrap;gap:.3em 1.2em;padding:0;list-style:none}\n"
    ".legend i{display:inline-block;width:1em;height:.8em;margin-right:.4em;border-radius:2px}\n"
    ".load{width:100%;height:6em;background:var(--panel);border:1px solid var(--line)}\n"
    ".load path{fill:var(--package);opacity:.6}\n"
    "@media(max-width:45em){.what{width:44%}.kind,.start{display:none}.n{width:4.6em}}\n";

std::string seconds_text(std::int64_t microseconds) {
  const double seconds = static_cast<double>(microseconds) / 1e6;
  return seconds < 1 ? fmt::format("{:.0f} ms", seconds * 1000) : fmt::format("{:.1f} s", seconds);
}

struct Span {
  std::int64_t start = 0, end = 0;

  [[nodiscard]] std::int64_t length() const { return std::max<std::int64_t>(end - start, 1); }

  [[nodiscard]] double percent(std::int64_t time) const {
    return 100 * static_cast<double>(time - start) / static_cast<double>(length());
  }
};

Span span_of(const std::vector<const TimedWork*>& work) {
  Span out{work.front()->start, work.front()->end};
  for (const TimedWork* one : work) {
    out.start = std::min(out.start, one->start);
    out.end = std::max(out.end, one->end);
  }
  return out;
}

// How much was at work at each time, as an area. Where go compiles the C of a package within the
// action of the package, that counts twice.
std::string load_svg(const std::vector<const TimedWork*>& work, const Span& span) {
  std::vector<std::pair<std::int64_t, int>> changes;
  for (const TimedWork* one : work) {
    if (one->kind == "cgo" || one->kind == "other" || one->kind == "ld") continue;
    changes.emplace_back(one->start, 1);
    changes.emplace_back(one->end, -1);
  }
  std::ranges::sort(changes);
  int now = 0;
  int most = 0;
  for (const auto& [time, change] : changes) most = std::max(most, now += change);
  if (most == 0) return {};
  std::string path = "M0 100";
  now = 0;
  const auto height = [&] { return 100 - 95.0 * now / most; };
  for (const auto& [time, change] : changes) {
    path += fmt::format("H{:.2f}", span.percent(time));
    now += change;
    path += fmt::format("V{:.1f}", height());
  }
  return fmt::format(
      "<h3>Packages, C files and links at work</h3>\n<svg class=\"load\" viewBox=\"0 0 100 100\" "
      "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"At most {0} at once\"><path "
      "d=\"{1}H100V100Z\"/></svg>\n<p class=\"soft\">at most {0} at once</p>\n",
      most, path);
}

std::string row_html(const TimedWork& one, const Span& span) {
  const double left = span.percent(one.start);
  const double width = std::max(0.0, span.percent(one.end) - left);
  return fmt::format(
      "<tr><th scope=\"row\">{0}</th><td class=\"kind\">{1}</td><td class=\"n start\">{2}</td>"
      "<td class=\"n\">{3}</td><td class=\"bar\"><i class=\"{1}\" style=\"left:{4:.3f}%;width:"
      "{5:.3f}%\"></i></td></tr>\n",
      html_text(one.name), html_text(one.kind), seconds_text(one.start - span.start),
      seconds_text(one.duration()), left, width);
}

// cgo asks the compiler about names: a source of its own making, or standard input.
bool is_question(const TimedWork& one) {
  const std::string_view file = base_name(one.name);
  return one.kind == "compile" && (file == "-" || file.starts_with("cgo-gcc-input-"));
}

// What a reader looks for first.
std::string longest_html(std::vector<const TimedWork*> work, const Span& span) {
  constexpr std::size_t most = 5;
  std::ranges::stable_sort(work, std::greater(), &TimedWork::duration);
  work.resize(std::min(most, work.size()));
  std::string out = "<h3>The longest</h3>\n<ol>\n";
  for (const TimedWork* one : work) {
    out += fmt::format(
        "<li>{}, {}: {} ({:.0f} %)</li>\n", html_text(one->name), html_text(one->kind),
        seconds_text(one->duration()),
        100 * static_cast<double>(one->duration()) / static_cast<double>(span.length()));
  }
  return out + "</ol>\n";
}

// Leaves the rows that say something, and tells what went.
std::string shortened(std::vector<const TimedWork*>& work) {
  std::string out;
  std::size_t count = 0;
  std::int64_t sum = 0;
  std::erase_if(work, [&](const TimedWork* one) {
    if (!is_question(*one)) return false;
    ++count;
    sum += one->duration();
    return true;
  });
  if (count > 0) {
    out += fmt::format("<p>{} questions of cgo to the C compiler, {} together.</p>\n", count,
                       seconds_text(sum));
  }
  constexpr std::int64_t shortest = 1000;
  const std::size_t quick =
      std::erase_if(work, [](const TimedWork* one) { return one->duration() < shortest; });
  if (quick > 0) {
    out += fmt::format("<p>Up to date, in less than a millisecond each: {}.</p>\n", quick);
  }
  if (work.size() <= timings_rows) return out;
  std::ranges::stable_sort(work, std::greater(), &TimedWork::duration);
  sum = 0;
  for (std::size_t i = timings_rows; i < work.size(); ++i) sum += work[i]->duration();
  out += fmt::format("<p>Left out: {} shorter ones, {} together.</p>\n", work.size() - timings_rows,
                     seconds_text(sum));
  work.resize(timings_rows);
  std::ranges::stable_sort(work, {}, &TimedWork::start);
  return out;
}

std::string target_html(const std::string& target, std::vector<const TimedWork*> work) {
  const Span span = span_of(work);
  std::string out =
      "<h2>" + html_text(target) + "</h2>\n<p>" + seconds_text(span.length()) +
      fmt::format(" from the first start to the last end, {} pieces of work.</p>\n", work.size());
  out += load_svg(work, span);
  const std::string rest = shortened(work);
  if (work.empty()) return out + rest;
  out += longest_html(work, span);
  out +=
      "<table><caption>In the order of their starts</caption><thead><tr><th scope=\"col\" "
      "class=\"what\">Package or file</th><th scope=\"col\" class=\"kind\">Kind</th><th "
      "scope=\"col\" class=\"n start\">Start</th><th scope=\"col\" class=\"n\">Time</th><th "
      "scope=\"col\">0 to " +
      seconds_text(span.length()) + "</th></tr></thead><tbody>\n";
  for (const TimedWork* one : work) out += row_html(*one, span);
  return out + "</tbody></table>\n" + rest;
}

}  // namespace

std::string timings_page(const std::vector<TimedWork>& work) {
  std::string body =
      "<h1>tenon build: timings</h1>\n<ul class=\"legend\"><li><i class=\"package\"></i>package: "
      "go compiles it</li><li><i class=\"compile\"></i>compile: a C "
      "compiler</li><li><i class=\"cached\"></i>cached: the object was in the cache</li><li><i "
      "class=\"link\"></i>link: of go, and ld: the C linker in it</li><li><i class=\"other\"></i>"
      "cgo: makes Go of import \"C\"; other</li></ul>\n";
  if (work.empty()) body += "<p>go had nothing to do.</p>\n";
  std::vector<std::string> targets;
  for (const TimedWork& one : work) {
    if (std::ranges::find(targets, one.target) == targets.end()) targets.push_back(one.target);
  }
  for (const std::string& target : targets) {
    std::vector<const TimedWork*> own;
    for (const TimedWork& one : work) {
      if (one.target == target) own.push_back(&one);
    }
    body += target_html(target, std::move(own));
  }
  return html_page({.title = "tenon build: timings", .body = std::move(body), .style = style});
}

}  // namespace tenon
