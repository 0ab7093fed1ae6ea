#include "link/query/go_check.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "base/shown.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "link/go_flags.h"
#include "link/pc/fragment.h"
#include "link/query/answer.h"

namespace tenon::pc {
namespace {

Fix fix_of(const RejectedFlag& rejected) {
  if (!rejected.instead.empty()) {
    return {Fix::Safety::review, shown_format("write {} instead", join(rejected.instead, " ")), {}};
  }
  return {Fix::Safety::review,
          shown_format("no allowed flag means the same; this allows these words only: {}='{}'",
                       rejected.variable, rejected.pattern),
          {}};
}

Finding finding_of(const RejectedFlag& one, GoFlagSource source, const Answer& answer) {
  const std::string flag = join(one.words, " ");
  Finding out = make_finding(
      Code::pkg_config_go_flag_rejected,
      {{"flag", flag}, {"source", std::string(go_source_name(source))}, {"reason", one.reason}},
      flag);
  for (const Origin& origin : origins_of(one.words.front(), answer)) {
    out.evidence.push_back(
        {Evidence::Kind::file, origin.file + ":" + std::to_string(origin.line), origin.field});
  }
  out.fixes = {fix_of(one)};
  return out;
}

void check(const Fragments& fragments, GoFlagSource source, bool utf8, const Answer& answer,
           std::vector<Finding>& out) {
  if (fragments.empty()) return;
  const auto words = go_words_of(fragments, utf8);
  const std::string name(go_source_name(source));
  if (!words) {
    out.push_back(
        make_finding(Code::pkg_config_go_flag_rejected,
                     {{"flag", "the output"}, {"source", name}, {"reason", words.error()}}, name));
    out.back().fixes = {{Fix::Safety::manual,
                         "remove the character from the .pc file: cmd/go takes no output with it",
                         {}}};
    return;
  }
  for (const RejectedFlag& one : rejected_by_go(*words, source))
    out.push_back(finding_of(one, source, answer));
}

}  // namespace

std::vector<Finding> go_findings(const Answer& answer, bool utf8) {
  std::vector<Finding> out;
  check(answer.cflags, GoFlagSource::pkg_config_cflags, utf8, answer, out);
  check(answer.libs, GoFlagSource::pkg_config_libs, utf8, answer, out);
  return out;
}

std::expected<std::vector<std::string>, std::string> go_words_of(const Fragments& fragments,
                                                                 bool utf8) {
  return go_words_of_output(shell_text(fragments, ' ', utf8));
}

CgoLine cgo_line(const std::vector<std::string>& words, GoFlagSource source, const Answer& answer) {
  CgoLine out;
  const auto rejected = rejected_by_go(words, source);
  std::vector<std::string> kept;
  auto next = rejected.begin();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (next == rejected.end() || next->at != i) {
      kept.push_back(words[i]);
      continue;
    }
    const bool has_form = !next->instead.empty();
    const auto& put = has_form ? next->instead : next->words;
    kept.insert(kept.end(), put.begin(), put.end());
    if (!has_form) out.findings.push_back(finding_of(*next, source, answer));
    i += next->words.size() - 1;
    ++next;
  }
  if (kept.empty()) return out;
  out.text = std::string(go_source_name(source)) + ": " + go_quote(kept).value_or(join(kept, " "));
  return out;
}

}  // namespace tenon::pc
