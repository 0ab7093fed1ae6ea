#include "link/pc/solver.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "link/pc/dependency.h"
#include "link/pc/fragment.h"
#include "link/pc/graph.h"
#include "link/pc/package.h"
#include "link/pc/problem.h"
#include "link/pc/repository.h"
#include "link/pc/settings.h"

namespace tenon::pc {
namespace {

// Adds fragments of one module to the merged list, with the path that leads to it.
class Collector {
 public:
  explicit Collector(const Graph& graph) : graph_(graph) {}

  void add(const Node& node, const Fragments& fragments, bool exact) {
    if (fragments.empty()) return;
    const std::vector<Step> path = graph_.path_to(node);
    for (Fragment fragment : fragments) {
      set_path(fragment, path);
      merger_.add(fragment, exact);
    }
  }

  [[nodiscard]] Fragments take() { return merger_.take(); }

 private:
  static void set_path(Fragment& fragment, const std::vector<Step>& path) {
    fragment.origin.path = path;
    for (Fragment& child : fragment.children) set_path(child, path);
  }

  const Graph& graph_;
  Merger merger_;
};

bool has_error(const Problems& problems) {
  return std::ranges::any_of(problems, [](const Problem& one) { return one.error; });
}

Fragments without_system_folders(Fragments fragments, const Settings& settings, bool keep) {
  if (keep) return fragments;
  std::erase_if(fragments, [&](const Fragment& one) { return is_system_folder(one, settings); });
  return fragments;
}

}  // namespace

Fragments cflags_of(Graph& graph, const Settings& settings, bool private_modules) {
  WalkRules rules{.private_edges = private_modules, .depth = 2};
  if (!settings.internal_cflags) rules.skip = Dependency::internal;
  Collector out(graph);
  graph.walk(rules, [&](const Node& node) { out.add(node, node.package.cflags, false); });
  graph.walk(rules, [&](const Node& node) {
    out.add(node, settings.merge_private ? node.package.cflags_private : node.package.cflags_shared,
            true);
  });
  return out.take();
}

Fragments libs_of(Graph& graph, const Settings& settings, bool private_modules) {
  const WalkRules rules{.private_edges = private_modules, .depth = 2};
  Collector out(graph);
  graph.walk(rules, [&](const Node& node) {
    if (!private_modules && node.visited_private) return;
    const Package& package = node.package;
    out.add(node, package.libs, false);
    out.add(node, settings.merge_private ? package.libs_private : package.libs_shared, true);
  });
  return out.take();
}

Solution solve(const std::vector<std::string>& modules, const Settings& settings, Files& files) {
  Solution out;
  Repository repository(settings, files);
  Graph graph(repository, out.problems);
  Dependencies queries;
  for (const std::string& module : modules) add_dependencies(module, {}, queries);
  if (queries.empty()) {
    out.problems.push_back({.kind = Problem::Kind::nothing_requested,
                            .error = true,
                            .text = "Please specify at least one package name.\n"});
  }
  out.ok = graph.solve(queries) && !has_error(out.problems);
  if (!out.ok) return out;
  out.cflags = without_system_folders(cflags_of(graph, settings, true), settings,
                                      settings.keep_system_cflags);
  out.libs = without_system_folders(libs_of(graph, settings, settings.link_static), settings,
                                    settings.keep_system_libs);
  for (const Edge& edge : graph.solution()) {
    if (!settings.link_static && edge.match->visited_private) continue;
    const auto same = [&](const Package& one) { return one.id == edge.match->package.id; };
    if (std::ranges::none_of(out.packages, same)) out.packages.push_back(edge.match->package);
  }
  return out;
}

Settings sysroot_settings(const std::string& sysroot, std::string_view triplet) {
  Settings out;
  std::string root = sysroot;
  while (root.size() > 1 && root.ends_with('/')) root.pop_back();
  out.sysroot.folder = root;
  std::vector<std::string> include{"/usr/include", "/usr/local/include"};
  std::vector<std::string> lib{"/lib", "/usr/lib"};
  if (!triplet.empty()) {
    const std::string name(triplet);
    out.folders.push_back(root + "/usr/lib/" + name + "/pkgconfig");
    include.push_back("/usr/include/" + name);
    lib.insert(lib.end(), {"/lib/" + name, "/usr/lib/" + name});
  }
  out.folders.push_back(root + "/usr/lib/pkgconfig");
  out.folders.push_back(root + "/usr/share/pkgconfig");
  out.default_folders = out.folders;
  // As they are written in a file, and as they are with the sysroot in front.
  for (const std::string& folder : include) {
    out.system_include.insert(out.system_include.end(), {folder, root + folder});
  }
  for (const std::string& folder : lib) {
    out.system_lib.insert(out.system_lib.end(), {folder, root + folder});
  }
  return out;
}

}  // namespace tenon::pc
