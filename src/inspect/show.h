// How inspect's answers look: JSON for scripts, text for people. Private to cli.
#pragma once

#include <string>

#include "diag/render/render.h"
#include "diag/report.h"
#include "inspect/artifact.h"
#include "inspect/inspect.h"

namespace tenon {

// An element of data.files. The keys are a contract; see docs/inspect.md.
[[nodiscard]] Data file_data(const std::string& path, const FileReport& report);

// The report of one file, a paragraph a slice.
[[nodiscard]] std::string file_text(const std::string& path, const FileReport& report,
                                    const TextStyle& style);

// The finding that a remark stands for, with its rule's texts.
[[nodiscard]] Finding remark_finding(const std::string& path, const ArtifactRemark& remark);

}  // namespace tenon
