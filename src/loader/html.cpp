// The verdict as one page: nothing is fetched, no script runs, and every name is text. A page may
// be made of somebody else's files, so names cannot end a tag or an attribute.
#include "base/html.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "diag/code.h"
#include "diag/finding.h"
#include "loader/show.h"
#include "loader/verdict.h"

namespace tenon::loader {
namespace {

// Browsers lay out a few hundred nested elements; a graph of files is rarely deeper than ten.
constexpr std::size_t deepest = 64;
constexpr std::size_t most_tried = 200;

constexpr std::string_view style =
    "summary,.leaf,td{font-family:ui-monospace,monospace;font-size:13px}\n"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:.8em;border:1px solid var(--line)}\n"
    "details,.leaf{margin-left:1.4em;overflow-wrap:anywhere}\n.leaf{padding-left:1.1em}\n"
    ".how{color:var(--soft)}\n"
    "td{padding:.1em 1em .1em 0;vertical-align:top;overflow-wrap:anywhere}\n"
    "th{text-align:left;padding-right:1em}\n";

std::string anchor(std::size_t image) { return "image-" + std::to_string(image); }

class Page {
 public:
  Page(const Verdict& verdict, const Subject& subject) : verdict_(verdict), subject_(subject) {}

  std::string run() && {
    title();
    printed();
    findings();
    out_ += "<h2>Files</h2>\n";
    tree();
    searches();
    return html_page({.title = subject_.file, .body = std::move(out_), .style = style});
  }

 private:
  void title() {
    out_ += "<h1>" + html_text(subject_.file) + "</h1>\n<p>" + html_text(subject_.target);
    if (!verdict_.interpreter.empty())
      out_ += ", through <code>" + html_text(verdict_.interpreter) + "</code>";
    out_ += ": ";
    if (!verdict_.loads) {
      out_ += "<b>not decided</b>: " + html_text(verdict_.undecided);
    } else if (*verdict_.loads) {
      out_ += "<b class=\"good\">loads</b>, " + std::to_string(verdict_.images.size()) + " files";
    } else {
      out_ += "<b class=\"bad\">will not load</b>";
    }
    out_ += "</p>\n";
  }

  void printed() {
    const std::string words = verdict_.text();
    if (words.empty()) return;
    out_ += "<h2>What is printed</h2>\n<pre>";
    for (std::size_t at = 0; at < words.size();) {
      const std::size_t end = std::min(words.find('\n', at), words.size());
      out_ += html_text(std::string_view(words).substr(at, end - at)) + "\n";
      at = end + 1;
    }
    out_ += "</pre>\n";
  }

  void findings() {
    const std::vector<Finding> found = verdict_findings(verdict_, subject_);
    if (found.empty()) return;
    out_ += "<h2>Findings</h2>\n<ul>\n";
    for (const Finding& one : found) {
      out_ += "<li>" + html_text(code_text(one.code)) + " " + html_text(one.message.text());
      for (const Fix& fix : one.fixes) {
        out_ += "<br>" + html_text(fix.text.text());
        for (const ShellCommand& command : fix.commands)
          out_ += "<br><code>" + html_text(quoted(command).text()) + "</code>";
      }
      out_ += "</li>\n";
    }
    out_ += "</ul>\n";
  }

  // An image without what it needs: its name, where it is, and how it was found.
  std::string label(std::size_t index) const {
    const ImageInfo& image = verdict_.images[index];
    std::string out = html_text(image.name.empty() ? image.path : image.name);
    if (!image.name.empty() && image.name != image.path) out += " &rarr; " + html_text(image.path);
    if (!image.by.empty()) {
      out += " <span class=\"how\">" + html_text(found_name(image.found)) + ", by " +
             html_text(image.by) + "</span>";
    }
    return out;
  }

  void leaf(const std::string& content) { out_ += "<div class=\"leaf\">" + content + "</div>\n"; }

  void missing(const ImageInfo& image) {
    for (std::size_t i = image.children.size(); i < image.needed.size(); ++i) {
      leaf("<span class=\"bad\">" + html_text(image.needed[i]) + " &rarr; not found</span>");
      if (verdict_.loader == LoaderKind::glibc) break;  // it stops at the first
    }
  }

  void tree() {
    struct Step {
      std::size_t image = 0, depth = 0;
      bool closes = false;
    };
    std::vector<bool> seen(verdict_.images.size(), false);
    std::vector<Step> stack;
    if (!verdict_.images.empty()) stack.push_back({0, 0, false});
    while (!stack.empty()) {
      const Step step = stack.back();
      stack.pop_back();
      const ImageInfo& image = verdict_.images[step.image];
      if (step.closes) {
        missing(image);
        out_ += "</details>\n";
        continue;
      }
      const bool again = seen[step.image];
      seen[step.image] = true;
      const bool empty = image.children.empty() && image.needed.empty();
      const std::string name = anchor(step.image);
      if (again || empty || step.depth >= deepest) {
        const bool link = again && !empty;
        leaf(again ? label(step.image) + (link ? " <a href=\"#" + name + "\">above</a>" : "")
                   : "<span id=\"" + name + "\">" + label(step.image) + "</span>");
        continue;
      }
      out_ += "<details open id=\"" + name + "\"><summary>" + label(step.image) + "</summary>\n";
      stack.push_back({step.image, step.depth, true});
      for (std::size_t i = image.children.size(); i-- > 0;)
        stack.push_back({image.children[i], step.depth + 1, false});
    }
  }

  // What was tried for each library that is missing or refused, in order.
  void searches() {
    std::vector<std::string_view> told;
    for (const Failure& failure : verdict_.failures) {
      const std::string_view library = failure.library;
      if (library.empty() || std::ranges::find(told, library) != told.end()) continue;
      told.push_back(library);
      std::string rows;
      std::size_t count = 0;
      for (const Tried& one : verdict_.tried) {
        if (one.name != library || ++count > most_tried) continue;
        rows += "<tr><td>" + html_text(found_name(one.rule)) + "</td><td>" + html_text(one.path) +
                "</td><td>" + html_text(tried_reason(one)) + "</td><td>" + html_text(one.owner) +
                "</td></tr>\n";
      }
      if (rows.empty()) continue;
      out_ += "<details open><summary>Search for " + html_text(library) +
              "</summary>\n<table>\n<tr><th>rule</th><th>path</th><th>result</th><th>from</th>"
              "</tr>\n" +
              rows + "</table>\n";
      if (count > most_tried)
        out_ += "<p>and " + std::to_string(count - most_tried) + " more</p>\n";
      out_ += "</details>\n";
    }
  }

  const Verdict& verdict_;
  const Subject& subject_;
  std::string out_;
};

}  // namespace

std::string verdict_html(const Verdict& verdict, const Subject& subject) {
  return Page(verdict, subject).run();
}

}  // namespace tenon::loader
