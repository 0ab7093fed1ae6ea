// The walk from modules to all that they need. Order, depth and the treatment of private edges are
// those of pkgconf 3.0.7: the order of flags follows from them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "link/pc/dependency.h"
#include "link/pc/fragment.h"
#include "link/pc/problem.h"
#include "link/pc/repository.h"
#include "link/pc/settings.h"

namespace tenon::pc {

// Kinds of walk beside what the settings say.
struct WalkRules {
  bool private_edges = false;  // follow Requires.private
  bool conflicts = false;      // a Conflicts rule of a module ends the walk
  std::uint8_t skip = 0;       // Dependency::Flag: edges that have all of them are not followed
  int depth = -1;              // 2: the modules of the list, and no further
};

class Graph {
 public:
  Graph(Repository& repository, Problems& problems)
      : repository_(repository),
        settings_(repository.settings()),
        problems_(problems),
        world_(Package{}) {
    world_.world = true;
    world_.package.id = "virtual:world";
  }

  // Finds all modules that `queries` need, and puts them into one list in the order of their flags.
  // False: one is missing, has another version, or conflicts; `problems` says which.
  [[nodiscard]] bool solve(const Dependencies& queries);

  // The list: who needs a module stands before it.
  [[nodiscard]] const Edges& solution() const { return world_.required; }

  // Calls `visit` for the list itself and for each module that it leads to.
  bool walk(const WalkRules& rules, const std::function<void(Node&)>& visit);

  // What was looked for, in pkgconf's form of an audit log.
  [[nodiscard]] const std::string& log() const { return log_; }

  // How a module was reached from one that was asked for; Requires before Requires.private.
  [[nodiscard]] std::vector<Step> path_to(const Node& node) const;

 private:
  struct Walk;

  bool walk_from(Node& root, const WalkRules& rules, const std::function<void(Node&)>& visit);
  bool visit_node(Walk& walk, Node& node, int depth);
  bool visit_edges(Walk& walk, Node& parent, Edges& edges, int depth);
  bool visit_edge(Walk& walk, Node& parent, Edges& edges, std::size_t& at, int depth);
  void note_cycle(const Walk& walk, const Node& parent, const Node& target, const Edge& edge);
  [[nodiscard]] Node* match(Edge& edge);
  [[nodiscard]] Node* provider_of(const Dependency& dependency);
  void note_found(const Edge& edge);
  void report(const Node& parent, const Edge& edge, const Node* found);
  [[nodiscard]] bool no_conflicts(const Edges& edges, const Dependencies& rules,
                                  const std::vector<std::string>& owners);

  void collect(Node& node, int depth, bool is_private);
  void collect_edges(Edges& edges, int depth, bool is_private);
  void mark_public(Node& node);
  void note_paths(const Node& root);
  void note_paths_along(std::size_t at, const Edges& edges);

  Repository& repository_;
  const Settings& settings_;
  Problems& problems_;
  Node world_;
  struct Reached {
    const Node* node = nullptr;
    const Node* from = nullptr;
    Step step;
  };
  std::vector<Reached> reached_;
  std::uint64_t serial_ = 0;
  std::uint64_t numbers_ = 0;
  bool said_advice_ = false;
  bool solved_ = false;  // all edges have their modules
  std::string log_;
  std::vector<std::string> said_cycles_;
};

}  // namespace tenon::pc
