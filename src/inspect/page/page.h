// What inspect knows about files, as one page for a browser: a treemap of the bytes to walk through
// (and the same as tables), cards of facts, and the libraries that the files need as a graph. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "inspect/artifact.h"
#include "inspect/diff.h"
#include "inspect/inspect.h"
#include "inspect/page/size_tree.h"

namespace tenon {

struct PageFile {
  std::string path;
  FileReport report;
  SizeNode tree;  // without children for a file whose sections cannot be listed
  LeftOut left_out{};
};

// How many nodes a page holds: a browser draws it at once, and the page stays below a few
// megabytes.
inline constexpr std::size_t page_nodes = 6000;
inline constexpr std::size_t page_name = 240;  // bytes of a name

// Reads a file's report, and its tree: of one that is shown alone and not compared, bounded.
[[nodiscard]] Result<PageFile> page_file(const std::string& path, ByteView file,
                                         const InspectOptions& options, bool bounded);

// Consumes the trees, which are bounded.
[[nodiscard]] std::string inspect_page(std::vector<PageFile> files);
// Two files, the older first, coloured by what changed; `rows` are those of diff_files().
[[nodiscard]] std::string difference_page(const PageFile& left, const PageFile& right,
                                          const std::vector<DiffRow>& rows);

// The libraries that files need, in layers: a file, what it needs, what that needs if it is one of
// the files. SVG; empty when nothing is needed.
[[nodiscard]] std::string library_graph(const std::vector<PageFile>& files);

}  // namespace tenon
