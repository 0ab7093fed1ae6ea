#include "link/pc/graph.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "link/pc/dependency.h"
#include "link/pc/fragment.h"
#include "link/pc/problem.h"
#include "link/pc/repository.h"
#include "link/pc/version.h"

namespace tenon::pc {
namespace {

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

bool has(const Dependency& dependency, std::uint8_t flags) {
  return (dependency.flags & flags) == flags;
}

}  // namespace

struct Graph::Walk {
  const WalkRules& rules;
  const std::function<void(Node&)>& visit;
  std::uint8_t skip = 0;
  std::vector<const Node*> open = {};  // from the root to where the walk is
};

// The first module in the search order that provides the name decides by its version.
Node* Graph::provider_of(const Dependency& dependency) {
  const Constraint wanted{dependency.comparator, dependency.version};
  return repository_.scan(
      [&](const Node& node) {
        const auto& provides = node.package.provides;
        const auto found = std::ranges::find(provides, dependency.name, &Dependency::name);
        return found != provides.end() &&
               provides_satisfies({found->comparator, found->version}, wanted);
      },
      problems_);
}

// The module of the edge's name, with edge.match set when its version is right.
Node* Graph::match(Edge& edge) {
  if (edge.match != nullptr) return edge.match;
  const Dependency& wanted = edge.dependency;
  Node* node = repository_.find(wanted.name, problems_);
  if (node == nullptr) {
    node = settings_.use_provides ? provider_of(wanted) : nullptr;
    edge.match = node;
  } else if (satisfies(node->package.version_text(), wanted.comparator, wanted.version)) {
    edge.match = node;
  }
  if (node != nullptr && node->why.empty()) node->why = wanted.name;
  return node;
}

void Graph::note_found(const Edge& edge) {
  const Dependency& wanted = edge.dependency;
  log_ += edge.match->package.id + " ";
  if (!wanted.version.empty() && wanted.comparator != Comparator::any) {
    log_.append(comparator_text(wanted.comparator)).append(" ").append(wanted.version).append(" ");
  }
  log_.append("[").append(edge.match->package.version_text()).append("]\n");
}

void Graph::report(const Node& parent, const Edge& edge, const Node* found) {
  const Dependency& wanted = edge.dependency;
  Problem out{.error = true,
              .text = {},
              .file = parent.package.file,
              .line = wanted.line,
              .module = wanted.name,
              .other = parent.world ? std::string() : parent.package.id};
  if (found != nullptr) {
    const std::string rule = std::string(comparator_text(wanted.comparator)) + " " + wanted.version;
    out.kind = Problem::Kind::wrong_version;
    out.rule = rule;
    out.other = found->package.version_text();
    out.text = "Package dependency requirement " + quoted(wanted.name + " " + rule) +
               " could not be satisfied.\nPackage " + quoted(wanted.name) + " has version " +
               quoted(out.other) + ", required version is " + quoted(rule) + "\n";
    problems_.push_back(std::move(out));
    return;
  }
  log_ += wanted.name + " NOT-FOUND\n";
  const bool is_private = has(wanted, Dependency::private_);
  out.kind = is_private ? Problem::Kind::missing_private : Problem::Kind::missing;
  if (!settings_.short_errors && !std::exchange(said_advice_, true)) {
    out.text = "Package " + wanted.name +
               " was not found in the pkg-config search path.\n"
               "Perhaps you should add the directory containing `" +
               wanted.name + ".pc'\nto the PKG_CONFIG_PATH environment variable\n";
  }
  out.text += "Package " + quoted(wanted.name);
  if (!parent.world) out.text += ", required by " + quoted(parent.package.id) + ",";
  out.text += " not found\n";
  if (is_private && !settings_.link_static && !settings_.short_errors) {
    out.text += "(" + quoted(wanted.name) +
                " stands in Requires.private: pkgconf 1.8 accepts that without --static, pkgconf 3 "
                "does not)\n";
  }
  problems_.push_back(std::move(out));
}

void Graph::note_cycle(const Walk& walk, const Node& parent, const Node& target, const Edge& edge) {
  std::string cycle;
  auto at = std::ranges::find(walk.open, &target);
  for (; at != walk.open.end(); ++at) cycle += (*at)->package.id + " -> ";
  cycle += target.package.id;
  if (std::ranges::find(said_cycles_, cycle) != said_cycles_.end()) return;
  said_cycles_.push_back(cycle);
  Problem out{.kind = Problem::Kind::cycle,
              .text = {},
              .file = parent.package.file,
              .line = edge.dependency.line,
              .module = target.package.id,
              .other = std::move(cycle)};
  // pkgconf says so of public edges only.
  if ((edge.dependency.flags & (Dependency::private_ | Dependency::shared)) == 0) {
    out.text = parent.package.id + ": breaking circular reference (" + parent.package.id + " -> " +
               target.package.id + " -> " + parent.package.id + ")\n";
  }
  problems_.push_back(std::move(out));
}

// Follows edges[at]; `at` is the next one afterwards.
bool Graph::visit_edge(Walk& walk, Node& parent, Edges& edges, std::size_t& at, int depth) {
  const std::size_t here = at++;
  Edge& edge = edges[here];
  Node* const node = match(edge);
  if (edge.match == nullptr) {
    if (has(edge.dependency, Dependency::internal) && !settings_.require_internal) return true;
    const bool tolerated = has(edge.dependency, Dependency::private_) && !settings_.require_private;
    if (tolerated && solved_) return true;  // it is told already
    report(parent, edge, node);
    if (tolerated) problems_.back().error = false;
    return tolerated;
  }
  if (node->ancestor) {
    if (!parent.world) note_cycle(walk, parent, *node, edge);
    if ((edge.dependency.flags & (Dependency::private_ | Dependency::shared)) == 0 &&
        !parent.world) {
      edges.erase(edges.begin() + static_cast<std::ptrdiff_t>(here));
      at = here;
    }
    return true;
  }
  if (walk.skip != 0 && has(edge.dependency, walk.skip)) return true;
  if (!solved_) note_found(edge);
  return visit_node(walk, *node, depth - 1);
}

bool Graph::visit_edges(Walk& walk, Node& parent, Edges& edges, int depth) {
  bool out = true;
  parent.ancestor = true;
  walk.open.push_back(&parent);
  for (std::size_t at = 0; at < edges.size();) {
    out = visit_edge(walk, parent, edges, at, depth) && out;
  }
  walk.open.pop_back();
  parent.ancestor = false;
  return out;
}

bool Graph::visit_node(Walk& walk, Node& node, int depth) {
  if (depth == 0 || node.seen == serial_) return true;
  node.seen = serial_;
  if (node.number == 0) node.number = ++numbers_;
  if (walk.visit) walk.visit(node);
  if (walk.rules.conflicts && !node.world &&
      !no_conflicts(node.required, node.package.conflicts, {node.package.id})) {
    return false;
  }
  if (!visit_edges(walk, node, node.required, depth)) return false;
  if (!settings_.merge_private && !visit_edges(walk, node, node.required_shared, depth)) {
    return false;
  }
  return visit_edges(walk, node, node.required_private, depth);
}

bool Graph::walk_from(Node& root, const WalkRules& rules, const std::function<void(Node&)>& visit) {
  ++serial_;
  Walk walk{.rules = rules, .visit = visit, .skip = rules.skip};
  if (!rules.private_edges) walk.skip |= Dependency::private_;
  if (settings_.merge_private) walk.skip |= Dependency::shared;
  return visit_node(walk, root, rules.depth);
}

bool Graph::walk(const WalkRules& rules, const std::function<void(Node&)>& visit) {
  return walk_from(world_, rules, visit);
}

// Rules of `owners` (one for all, or one for each) against the modules of `edges`.
bool Graph::no_conflicts(const Edges& edges, const Dependencies& rules,
                         const std::vector<std::string>& owners) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Dependency& rule = rules[i];
    if (std::ranges::none_of(edges,
                             [&](const Edge& edge) { return edge.dependency.name == rule.name; })) {
      continue;
    }
    Edge probe{rule, nullptr};
    const Node* node = match(probe);
    if (probe.match == nullptr) continue;
    const std::string& owner = owners.size() == 1 ? owners.front() : owners[i];
    Problem out{.kind = Problem::Kind::conflict,
                .error = true,
                .text = {},
                .line = rule.line,
                .module = node->package.id,
                .other = owner};
    out.text = "Version " + quoted(node->package.version_text()) + " of " +
               quoted(node->package.id) + " conflicts with " + quoted(owner) +
               " due to satisfying conflict rule '" + rule.name + " " +
               std::string(comparator_text(rule.comparator)) + (rule.version.empty() ? "" : " ") +
               rule.version + "'.\n";
    if (!settings_.short_errors) {
      out.text +=
          "It may be possible to ignore this conflict and continue, try the\n"
          "PKG_CONFIG_IGNORE_CONFLICTS environment variable.\n";
    }
    problems_.push_back(std::move(out));
    return false;
  }
  return true;
}

// Puts what a module needs, and then the module, into the list, from the back to the front.
void Graph::collect(Node& node, int depth, bool is_private) {
  if (depth == 0 || node.seen == serial_) return;
  node.seen = serial_;
  if (!settings_.merge_private) collect_edges(node.required_shared, depth, is_private);
  collect_edges(node.required_private, depth, true);
  collect_edges(node.required, depth, is_private);
}

void Graph::collect_edges(Edges& edges, int depth, bool is_private) {
  for (std::size_t i = edges.size(); i-- > 0;) {
    Node* const node = edges[i].match;
    if (node == nullptr || node->seen == serial_) continue;
    node->visited_private = is_private;
    collect(*node, depth - 1, is_private);
    world_.required.push_back(edges[i]);
  }
}

// A module that a public edge leads to is public, whichever edge came first.
void Graph::mark_public(Node& node) {
  if (!node.visited_private) return;
  node.visited_private = false;
  for (Edge& edge : world_.required) {
    if (edge.match != &node) continue;
    edge.dependency.flags &= static_cast<std::uint8_t>(~Dependency::private_);
  }
}

bool Graph::solve(const Dependencies& queries) {
  Node request{Package{}};
  request.world = true;
  request.package.id = "user:request";
  for (const Dependency& query : queries) {
    request.required.push_back({query, nullptr});
    request.required.back().dependency.flags = Dependency::query;
  }
  if (request.required.empty()) return false;
  const int depth = settings_.depth == 0 ? -1 : settings_.depth;
  WalkRules rules{.private_edges = true, .conflicts = settings_.check_conflicts, .depth = depth};
  if (!walk_from(request, rules, {})) return false;
  solved_ = true;
  ++serial_;
  collect(request, depth, false);
  std::ranges::reverse(world_.required);
  rules = {.depth = depth};
  if (!walk_from(request, rules, [this](Node& node) { mark_public(node); })) return false;
  note_paths(request);
  if (!settings_.check_conflicts) return true;
  Dependencies conflicts;
  std::vector<std::string> owners;
  for (auto edge = world_.required.rbegin(); edge != world_.required.rend(); ++edge) {
    const Dependencies& list = edge->match->package.conflicts;
    conflicts.insert(conflicts.end(), list.rbegin(), list.rend());
    owners.insert(owners.end(), list.size(), edge->match->package.id);
  }
  return no_conflicts(world_.required, conflicts, owners);
}

void Graph::note_paths_along(std::size_t at, const Edges& edges) {
  const Node* const from = reached_[at].node;
  for (const Edge& edge : edges) {
    if (edge.match == nullptr) continue;
    if (std::ranges::find(reached_, edge.match, &Reached::node) != reached_.end()) continue;
    reached_.push_back({.node = edge.match,
                        .from = from->world ? nullptr : from,
                        .step = {.module = from->package.id,
                                 .file = from->package.file,
                                 .line = edge.dependency.line,
                                 .field = edge.dependency.field}});
  }
}

// Breadth first, so that paths are short; along public edges as far as these lead.
void Graph::note_paths(const Node& root) {
  reached_.assign(1, {.node = &root, .from = nullptr, .step = {}});
  for (std::size_t i = 0; i < reached_.size(); ++i) {
    note_paths_along(i, reached_[i].node->required);
    note_paths_along(i, reached_[i].node->required_shared);
  }
  for (std::size_t i = 0; i < reached_.size(); ++i) {
    note_paths_along(i, reached_[i].node->required);
    note_paths_along(i, reached_[i].node->required_shared);
    note_paths_along(i, reached_[i].node->required_private);
  }
  // `root` does not outlive the walk.
  reached_.erase(reached_.begin());
}

std::vector<Step> Graph::path_to(const Node& node) const {
  std::vector<Step> out;
  const Node* at = &node;
  while (at != nullptr) {
    const auto found = std::ranges::find(reached_, at, &Reached::node);
    if (found == reached_.end() || found->from == nullptr) break;
    out.push_back(found->step);
    at = found->from;
  }
  std::ranges::reverse(out);
  return out;
}

}  // namespace tenon::pc
