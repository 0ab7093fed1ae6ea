#include "link/query/print.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "link/pc/dependency.h"
#include "link/pc/fragment.h"
#include "link/pc/graph.h"
#include "link/pc/package.h"
#include "link/pc/problem.h"
#include "link/pc/repository.h"
#include "link/pc/version.h"
#include "link/query/environment.h"

namespace tenon::pc {
namespace {

constexpr std::size_t name_width = 30;

std::string padded(std::string text) {
  if (text.size() < name_width) text.resize(name_width, ' ');
  return text;
}

std::string_view text_of(const std::optional<Field>& field) {
  return field ? std::string_view(field->text) : std::string_view();
}

std::string arrow(std::string_view from, std::string_view to, std::string_view style) {
  std::string out = "\"";
  out.append(from).append("\" -> \"").append(to).append("\" [fontname=Sans fontsize=8");
  return out.append(style).append("]\n");
}

std::string_view id_of(const Edge& edge) {
  return edge.match != nullptr ? edge.match->package.id : edge.dependency.name;
}

}  // namespace

std::string list_all_text(Repository& repository, Problems& problems) {
  std::string out;
  repository.scan(
      [&](const Node& node) {
        const Package& package = node.package;
        std::string rest = " ";
        rest.append(text_of(package.name)).append(" - ").append(text_of(package.description));
        out += padded(package.id) + rest + "\n";
        for (const Dependency& one : package.provides) {
          if (one.name == package.id) continue;
          out += padded(one.name) + rest + " (provided by " + package.id + ")\n";
        }
        return false;
      },
      problems);
  return out;
}

std::string list_names_text(Repository& repository, Problems& problems) {
  std::string out;
  repository.scan(
      [&](const Node& node) {
        out += node.package.id + "\n";
        for (const Dependency& one : node.package.provides) {
          if (one.name != node.package.id) out += one.name + "\n";
        }
        return false;
      },
      problems);
  return out;
}

std::string personality_text(const Personality& personality) {
  std::string out = "Triplet: " + personality.name + "\n";
  if (personality.sysroot) out += "SysrootDir: " + *personality.sysroot + "\n";
  out += "DefaultSearchPaths: " + join_path_list(personality.folders, ':') + "\n";
  out += "SystemIncludePaths: " + join_path_list(personality.system_include, ':') + "\n";
  out += "SystemLibraryPaths: " + join_path_list(personality.system_lib, ':') + "\n";
  if (personality.pure) out += "WantDefaultPure: true\n";
  if (personality.link_static) out += "WantDefaultStatic: true\n";
  return out;
}

std::string dependencies_text(const Dependencies& dependencies) {
  std::string out;
  for (const Dependency& one : dependencies) out += one.text() + "\n";
  return out;
}

std::string dependencies_text(const Edges& edges) {
  std::string out;
  for (const Edge& edge : edges) out += edge.dependency.text() + "\n";
  return out;
}

std::string digraph_text(Graph& graph, const std::vector<std::string>& queried, bool query_nodes,
                         const WalkRules& rules, bool shared) {
  std::string out =
      "digraph deptree {\nedge [color=blue len=7.5 fontname=Sans fontsize=8]\n"
      "node [fontname=Sans fontsize=8]\n\n";
  if (query_nodes) {
    out += "\"user:request\" [fontname=Sans fontsize=8]\n";
    for (const std::string& id : queried) out += arrow("user:request", id, "");
  }
  std::string last;
  graph.walk(rules, [&](const Node& node) {
    if (node.world) return;
    const std::string& id = node.package.id;
    out += "\"" + id + "\" [fontname=Sans fontsize=8";
    if (node.visited_private) out += " fontcolor=gray color=gray";
    out += " label=\"" + id + "@" + std::string(node.package.version_text()) + "\"]\n";
    if (!last.empty()) out += arrow(last, id, " color=red");
    last = id;
    for (const Edge& edge : node.required) {
      const bool gray = (edge.dependency.flags & Dependency::private_) != 0;
      out += arrow(id, id_of(edge), gray ? " color=gray" : "");
    }
    for (const Edge& edge : node.required_private) out += arrow(id, id_of(edge), " color=gray");
    if (!shared) return;
    for (const Edge& edge : node.required_shared) out += arrow(id, id_of(edge), " color=orange");
  });
  return out + "}\n";
}

std::string simulation_text(Graph& graph, const WalkRules& rules) {
  std::string out;
  graph.walk(rules, [&](const Node& node) {
    out += "node '" + node.package.id + "' {\n";
    if (node.package.version) {
      out += "    version = '" + std::string(node.package.version_text()) + "';\n";
    }
    for (const Edge& edge : node.required) {
      const Dependency& one = edge.dependency;
      out += "    dependency '" + one.name + "'";
      if (one.comparator == Comparator::any) {
        out += ";\n";
        continue;
      }
      out += " {\n        comparator = '" + std::string(comparator_text(one.comparator)) +
             "';\n        version = '" + one.version + "';\n    };\n";
    }
    out += "};\n";
  });
  return out;
}

std::string solution_text(Graph& graph, const WalkRules& rules) {
  std::string out;
  graph.walk(rules, [&](const Node& node) {
    out += node.package.id + " (" + std::to_string(node.number) + ")";
    out += node.visited_private ? " [private]\n" : "\n";
  });
  return out;
}

std::string fragment_tree_text(const Fragments& fragments, int indent) {
  std::string out;
  for (const Fragment& one : fragments) {
    out.append(static_cast<std::size_t>(indent), ' ').append("'").append(one.text()).append("' [");
    if (one.type == 0) {
      out += "untyped";
    } else {
      out.append("type ").append(1, one.type);
    }
    out += ", " + std::to_string(one.children.size()) + " children]\n";
    out += fragment_tree_text(one.children, indent + 2);
  }
  if (!fragments.empty()) out += '\n';
  return out;
}

}  // namespace tenon::pc
