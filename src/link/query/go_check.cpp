#include "link/query/go_check.h"

#include <algorithm>
#include <string>
#include <utility>
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

void check(const Fragments& fragments, GoFlagSource source, bool utf8, const Answer& answer,
           std::vector<Finding>& out) {
  if (fragments.empty()) return;
  const auto words = go_words_of_output(shell_text(fragments, ' ', utf8));
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
  for (const RejectedFlag& one : rejected_by_go(*words, source)) {
    const std::string flag = join(one.words, " ");
    Finding finding =
        make_finding(Code::pkg_config_go_flag_rejected,
                     {{"flag", flag}, {"source", name}, {"reason", one.reason}}, flag);
    for (const Origin& origin : origins_of(one.words.front(), answer)) {
      finding.evidence.push_back(
          {Evidence::Kind::file, origin.file + ":" + std::to_string(origin.line), origin.field});
    }
    finding.fixes = {fix_of(one)};
    out.push_back(std::move(finding));
  }
}

}  // namespace

std::vector<Finding> go_findings(const Answer& answer, bool utf8) {
  std::vector<Finding> out;
  check(answer.cflags, GoFlagSource::pkg_config_cflags, utf8, answer, out);
  check(answer.libs, GoFlagSource::pkg_config_libs, utf8, answer, out);
  return out;
}

}  // namespace tenon::pc
