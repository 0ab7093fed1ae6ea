// The graph of libraries as SVG. It shows what the files of the page say, and opens no other file.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/html.h"
#include "inspect/artifact.h"
#include "inspect/page/page.h"

namespace tenon {
namespace {

constexpr std::size_t most_nodes = 200;
constexpr double column_width = 330, box_width = 260, row_height = 34, box_height = 24;

struct Node {
  std::string name;
  bool given = false;  // one of the files
  std::size_t layer = 0;
  double y = 0;
};

struct Edge {
  std::size_t from = 0, to = 0;
  bool weak = false;
};

std::string_view file_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

class Graph {
 public:
  explicit Graph(const std::vector<PageFile>& files) {
    for (const PageFile& file : files) own(file);
    for (const PageFile& file : files) needs(file);
  }

  std::string svg() {
    if (edges_.empty()) return {};
    layers();
    std::map<std::size_t, double> heights;
    for (Node& node : nodes_) {
      double& height = heights[node.layer];
      node.y = height + row_height / 2;
      height += row_height;
    }
    double height = 0;
    for (const auto& [layer, one] : heights) height = std::max(height, one);
    const double width =
        static_cast<double>(heights.rbegin()->first) * column_width + box_width + 20;
    std::string out = fmt::format(
        "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Graph of libraries\"><svg "
        "class=\"graph\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
        "role=\"img\" aria-label=\"{2} files and libraries, {3} needs; the cards list them\">\n",
        width, height + 10, nodes_.size(), edges_.size());
    for (const Edge& edge : edges_) out += line(edge);
    for (const Node& node : nodes_) out += box(node);
    out += "</svg></div>\n";
    if (left_out_ > 0) out += fmt::format("<p>{} needs are not drawn.</p>\n", left_out_);
    return out;
  }

 private:
  // Another file finds it by the name that it gives itself, or by that of the file.
  void own(const PageFile& file) {
    if (nodes_.size() >= most_nodes) return;
    nodes_.push_back({std::string(file_part(file.path)), true});
    by_name_.emplace(nodes_.back().name, nodes_.size() - 1);
    for (const Artifact& slice : file.report.slices) {
      if (slice.name.known()) by_name_.emplace(slice.name.value, nodes_.size() - 1);
    }
    of_path_.emplace(file.path, nodes_.size() - 1);
  }

  void needs(const PageFile& file) {
    const auto from = of_path_.find(file.path);
    if (from == of_path_.end()) return;
    for (const Artifact& slice : file.report.slices) {
      for (const NeededLibrary& library : slice.needed) {
        auto found = by_name_.find(library.name);
        if (found == by_name_.end()) {
          if (nodes_.size() >= most_nodes) {
            ++left_out_;
            continue;
          }
          nodes_.push_back({library.name});
          found = by_name_.emplace(library.name, nodes_.size() - 1).first;
        }
        const std::size_t to = found->second;
        const bool known = std::ranges::any_of(
            edges_, [&](const Edge& e) { return e.from == from->second && e.to == to; });
        if (!known && to != from->second) edges_.push_back({from->second, to, library.weak});
      }
    }
  }

  // The longest way to a node; of a circle as many steps as there are nodes at most.
  void layers() {
    for (std::size_t round = 0; round < std::min<std::size_t>(nodes_.size(), 12); ++round) {
      for (const Edge& edge : edges_) {
        nodes_[edge.to].layer =
            std::max(nodes_[edge.to].layer, std::min<std::size_t>(nodes_[edge.from].layer + 1, 6));
      }
    }
  }

  static double left_of(const Node& node) {
    return static_cast<double>(node.layer) * column_width + 5;
  }

  [[nodiscard]] std::string line(const Edge& edge) const {
    const Node& from = nodes_[edge.from];
    const Node& to = nodes_[edge.to];
    const double x = left_of(from) + box_width;
    return fmt::format(
        "<path d=\"M{0:.0f} {1:.0f}C{2:.0f} {1:.0f} {2:.0f} {3:.0f} {4:.0f} {3:.0f}"
        "\"{5}/>\n",
        x, from.y + 5, x + (column_width - box_width) / 2, to.y + 5, left_of(to),
        edge.weak ? " stroke-dasharray=\"4 4\"" : "");
  }

  static std::string box(const Node& node) {
    constexpr std::size_t longest = 34;
    std::string name = node.name;
    if (name.size() > longest) name = "..." + name.substr(name.size() - longest + 3);
    return fmt::format(
        "<g><title>{}</title><rect x=\"{:.0f}\" y=\"{:.0f}\" width=\"{:.0f}\" height=\"{:.0f}\" "
        "rx=\"4\"{}/><text x=\"{:.0f}\" y=\"{:.0f}\">{}</text></g>\n",
        html_text(node.name), left_of(node), node.y + 5 - box_height / 2, box_width, box_height,
        node.given ? " class=\"given\"" : "", left_of(node) + 8, node.y + 9, html_text(name));
  }

  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::map<std::string, std::size_t> by_name_, of_path_;
  std::size_t left_out_ = 0;
};

}  // namespace

std::string library_graph(const std::vector<PageFile>& files) { return Graph(files).svg(); }

}  // namespace tenon
