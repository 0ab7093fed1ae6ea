// The answer of `tenon link` as JSON data and as text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "link/run/link_request.h"

namespace tenon {

enum class LinkForm { shell, cgo, env };

[[nodiscard]] Data link_data(const link::LinkResult& result);

// The words of the line, in their order.
[[nodiscard]] std::vector<std::string> link_words(const link::LinkResult& result);

// The line for a shell, as `#cgo LDFLAGS`, or as CGO_LDFLAGS of the environment.
[[nodiscard]] std::string link_line(const link::LinkResult& result, LinkForm form);

// What cmd/go refuses of the words as #cgo LDFLAGS.
[[nodiscard]] std::vector<Finding> cgo_findings(const link::LinkResult& result);

// The line, and below it what became static, what stays shared, and what is absent.
[[nodiscard]] Shown link_text_answer(const link::LinkResult& result, LinkForm form, bool verbose);

// Why a flag is there: --why -lX. Empty when nothing in the answer is about it.
[[nodiscard]] Shown link_why(const link::LinkResult& result, std::string_view flag);

}  // namespace tenon
