// A verdict as JSON, as text and as findings. The shape is the same for every loader.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "loader/verdict.h"

namespace tenon::loader {

// What findings and texts need to know beside the verdict.
struct Subject {
  std::string file;     // as the user typed it
  std::string in_root;  // its path in the root
  std::string root;     // "/" for this machine
  std::string target;   // "linux/arm64"
  std::string arch;     // "aarch64"
};

[[nodiscard]] Data verdict_data(const Verdict& verdict);
[[nodiscard]] Shown verdict_text(const Verdict& verdict, const Subject& subject);
// The images with what they need, indented; an image that was shown before is not opened again.
[[nodiscard]] Shown tree_text(const Verdict& verdict);
// One self-contained HTML page: the verdict, the graph of files to fold, and the searches that
// failed. Names are escaped; nothing is fetched and no script runs.
[[nodiscard]] std::string verdict_html(const Verdict& verdict, const Subject& subject);
// Why a path was not taken: "No such file or directory", "other-machine: is for aarch64".
[[nodiscard]] std::string tried_reason(const Tried& one);
// Each path that was tried for `library`, with the reason.
[[nodiscard]] Shown path_text(const Verdict& verdict, std::string_view library);
[[nodiscard]] std::vector<Finding> verdict_findings(const Verdict& verdict, const Subject& subject);

// Files that need a newer glibc than `base` has, with the symbols that ask for it.
[[nodiscard]] std::vector<Finding> floor_findings(const Verdict& verdict, const GlibcBase& base,
                                                  const Subject& subject);

}  // namespace tenon::loader
