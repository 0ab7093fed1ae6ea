// The forms in which pkgconf prints modules and graphs, line by line.
#pragma once

#include <string>
#include <vector>

#include "link/pc/dependency.h"
#include "link/pc/fragment.h"
#include "link/pc/graph.h"
#include "link/pc/problem.h"
#include "link/pc/repository.h"
#include "link/query/environment.h"

namespace tenon::pc {

[[nodiscard]] std::string list_all_text(Repository& repository, Problems& problems);
[[nodiscard]] std::string list_names_text(Repository& repository, Problems& problems);
[[nodiscard]] std::string personality_text(const Personality& personality);
[[nodiscard]] std::string dependencies_text(const Dependencies& dependencies);
[[nodiscard]] std::string dependencies_text(const Edges& edges);
[[nodiscard]] std::string digraph_text(Graph& graph, const std::vector<std::string>& queried,
                                       bool query_nodes, const WalkRules& rules, bool shared);
[[nodiscard]] std::string simulation_text(Graph& graph, const WalkRules& rules);
[[nodiscard]] std::string solution_text(Graph& graph, const WalkRules& rules);
[[nodiscard]] std::string fragment_tree_text(const Fragments& fragments, int indent = 0);

}  // namespace tenon::pc
