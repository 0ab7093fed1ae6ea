#include "codesign/verify/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/html.h"
#include "base/unread.h"
#include "codesign/verdict.h"
#include "codesign/verify/answer.h"
#include "codesign/verify/file_verdict.h"
#include "diag/code.h"
#include "diag/finding.h"

namespace tenon::codesign {
namespace {

constexpr std::string_view style =
    "ul{list-style:none;margin:0;padding-left:1.3em;border-left:1px solid var(--line)}\n"
    "main>ul{padding-left:0;border:0}\nli{margin:.15em 0}\n"
    "summary{cursor:pointer}\nsummary,li>p{overflow-wrap:anywhere}\nli>p{margin:0}\n"
    ".state{display:inline-block;min-width:4.6em;font-weight:600}\n"
    ".invalid>.state,.invalid>summary>.state,.cause{color:var(--bad)}\n"
    ".valid>.state,.valid>summary>.state{color:var(--good)}\n"
    ".unknown,.none,.unknown>.state,.none>.state{color:var(--soft)}\n"
    ".legend span{margin-right:1.2em}\n";

// A state has a mark beside its color, and its word.
std::string_view mark_of(State state) {
  switch (state) {
    case State::absent: return "&#8211; ";
    case State::valid: return "&#10003; ";
    case State::unknown: return "? ";
    case State::invalid: return "&#10007; ";
  }
  return "";
}

std::string state_html(State state) {
  return "<span class=\"state\">" + std::string(mark_of(state)) + std::string(state_name(state)) +
         "</span> ";
}

class Page {
 public:
  explicit Page(const VerifyResult& result) : result_(result) {}

  std::string run() && {
    const State state = overall_state(result_);
    std::string title = "tenon verify";
    if (result_.answers.size() == 1) title += ": " + result_.answers.front().path;
    out_ += "<main>\n<h1>" + html_text(title) + "</h1>\n<p class=\"" +
            std::string(state_name(state)) + "\">" + state_html(state) + "</p>\n";
    out_ +=
        "<p class=\"legend soft\"><span>&#10003; valid: compared, right</span> <span>&#10007; "
        "invalid: compared, wrong</span> <span>? unknown: could not be decided</span> "
        "<span>&#8211; none: nothing to compare</span></p>\n<ul>\n";
    for (const VerifyAnswer& answer : result_.answers) of_path(answer);
    out_ += "</ul>\n";
    if (left_out_ > 0) out_ += fmt::format("<p>{} more files are not shown.</p>\n", left_out_);
    findings();
    out_ += "</main>\n";
    return html_page({.title = title, .body = std::move(out_), .style = style});
  }

 private:
  // What is right can be folded away; the first two levels stay open.
  void open(State state, const std::string& label, bool unfolded) {
    out_ += "<li class=\"" + std::string(state_name(state)) + "\"><details class=\"" +
            std::string(state_name(state)) + "\"" +
            (unfolded || state == State::invalid ? " open" : "") + "><summary>" +
            state_html(state) + label + "</summary><ul>\n";
  }

  void close() { out_ += "</ul></details></li>\n"; }

  void leaf(State state, const std::string& label) {
    out_ += "<li class=\"" + std::string(state_name(state)) + "\">" + state_html(state) + label +
            "</li>\n";
  }

  void note(const std::string& text) { out_ += "<li>" + text + "</li>\n"; }

  void causes(const std::vector<Cause>& all, State state) {
    const char* type = state == State::invalid ? " class=\"cause\"" : "";
    for (std::size_t i = 0; i < std::min(all.size(), page_causes); ++i) {
      const Cause& cause = all[i];
      std::string text = html_text(cause.where) + ": " + html_text(cause.message);
      if (!cause.os_name.empty()) {
        text += " <span class=\"soft\">[" + html_text(cause.os_name) +
                fmt::format(" {}]</span>", cause.os_status);
      }
      out_ += "<li" + std::string(type) + ">" + text + "</li>\n";
    }
    if (all.size() > page_causes) note(fmt::format("and {} more", all.size() - page_causes));
  }

  void judgement(std::string_view name, const Verdict& verdict) {
    if (verdict.causes.empty()) {
      leaf(verdict.state, std::string(name));
      return;
    }
    open(verdict.state, std::string(name), verdict.state == State::unknown);
    causes(verdict.causes, verdict.state);
    close();
  }

  void directory(const DirectoryFacts& cd) {
    open(cd.state,
         "CodeDirectory " + html_text(cd.hash) + " <code>" + html_text(cd.cdhash) + "</code>",
         false);
    const State pages = cd.bad_pages > 0                                 ? State::invalid
                        : cd.state == State::unknown && cd.slots.empty() ? State::unknown
                                                                         : State::valid;
    if (cd.pages > 0)
      leaf(pages, fmt::format("{} pages of {} bytes, {} do not match", cd.pages, cd.page_size,
                              cd.bad_pages));
    for (const SlotFacts& slot : cd.slots) {
      leaf(slot.state, fmt::format("slot {}: {}", slot.slot, html_text(slot.name)));
    }
    close();
  }

  void slice(const SliceVerdict& one) {
    std::string label =
        html_text(one.arch + " " + one.type) + ", " + html_text(kind_slug(one.kind));
    if (!one.identifier.empty()) label += ", <code>" + html_text(one.identifier) + "</code>";
    if (!one.team.empty()) label += ", team " + html_text(one.team);
    open(one.state(), label, true);
    judgement("integrity", one.integrity);
    judgement("identity", one.identity);
    judgement("trust", one.trust);
    for (const DirectoryFacts& cd : one.directories) directory(cd);
    if (one.cms) leaf(one.identity.state, "slot 65536: CMS");
    if (!one.warnings.empty()) {
      note("warnings:");
      causes(one.warnings, State::valid);
    }
    close();
  }

  void file(const FileVerdict& one, const std::string& label, bool unfolded) {
    if (++files_ > page_files) {
      ++left_out_;
      return;
    }
    open(one.state(), label, unfolded);
    for (const SliceVerdict& each : one.slices) slice(each);
    causes(one.warnings, State::valid);
    close();
  }

  void of_path(const VerifyAnswer& answer) {
    if (answer.bundle.empty()) {
      file(answer.file, "<code>" + html_text(answer.path) + "</code>", true);
      return;
    }
    State worst = answer.file.state();
    for (const FileVerdict& each : answer.nested) worst = std::max(worst, each.state());
    open(worst,
         "bundle <code>" + html_text(answer.path) + "</code>" +
             fmt::format(", {} sealed files", answer.sealed),
         true);
    if (answer.ticket) {
      const State covers = !answer.ticket_covers   ? State::unknown
                           : *answer.ticket_covers ? State::valid
                                                   : State::invalid;
      leaf(covers, "ticket of a notarization");
    }
    file(answer.file, "main executable", true);
    for (const FileVerdict& each : answer.nested) {
      file(each, "<code>" + html_text(each.path) + "</code>", false);
    }
    close();
  }

  void findings() {
    if (!result_.findings.empty() || !result_.unread.empty()) {
      out_ += "<h2>Not judged</h2>\n<ul>\n";
      for (const Finding& one : result_.findings) {
        note(html_text(code_text(one.code)) + " " + html_text(one.message.text()));
      }
      for (const Unread& one : result_.unread) note("<code>" + html_text(one.path) + "</code>");
      out_ += "</ul>\n";
    }
  }

  const VerifyResult& result_;
  std::string out_;
  std::size_t files_ = 0, left_out_ = 0;
};

}  // namespace

std::string verify_page(const VerifyResult& result) { return Page(result).run(); }

}  // namespace tenon::codesign
