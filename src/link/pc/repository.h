// Where modules are found. Reads through an interface, so that a folder in memory is a machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "link/pc/dependency.h"
#include "link/pc/package.h"
#include "link/pc/problem.h"
#include "link/pc/settings.h"
#include "link/pc/variables.h"

namespace tenon::pc {

// The questions that the search asks. What cannot be read is not there.
class Files {
 public:
  Files() = default;
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  virtual ~Files() = default;

  [[nodiscard]] virtual Result<std::string> read(const std::string& path) = 0;
  // Names in a folder, in the order of their bytes; empty when it is none.
  [[nodiscard]] virtual std::vector<std::string> list(const std::string& folder) = 0;
  // The text of a symbolic link; nothing for another file.
  [[nodiscard]] virtual std::optional<std::string> link_target(const std::string& path) = 0;
  // The path without links, which two names of one file have in common; nothing when it is not
  // there.
  [[nodiscard]] virtual std::optional<std::string> identity(const std::string& folder) = 0;
};

struct Node;

// A dependency, and the module that satisfies it once that is known.
struct Edge {
  Dependency dependency;
  Node* match = nullptr;
};

using Edges = std::vector<Edge>;

// A package in the graph, and what a walk notes on it (graph.h).
struct Node {
  explicit Node(Package read);

  Package package;
  // The lists of the package; a walk takes edges away that lead back to where it came from.
  Edges required, required_private, required_shared;
  std::string why;  // the name that it was first asked for
  std::uint64_t seen = 0;
  std::uint64_t number = 0;
  bool visited_private = false;
  bool ancestor = false;
  bool world = false;  // not a package, but the list of what was asked for
};

class Repository {
 public:
  // `settings` and `files` must outlive it.
  Repository(const Settings& settings, Files& files);

  // A module by its name, or by the path of its .pc file, whose folder is then searched too. Null
  // when there is none. The node stays where it is.
  [[nodiscard]] Node* find(const std::string& name, Problems& problems);
  // Every module, until `visit` says true; then that one.
  Node* scan(const std::function<bool(Node&)>& visit, Problems& problems);

  [[nodiscard]] const Globals& globals() const { return globals_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }
  // With the folders of files that were asked for by path.
  [[nodiscard]] const std::vector<std::string>& folders() const { return folders_; }

 private:
  [[nodiscard]] Node* load(const std::string& path, bool uninstalled, Problems& problems);
  [[nodiscard]] std::string folder_of_file(const std::string& path);
  void add_folder(const std::string& folder);
  void add_own(const std::string& id);
  void preload(Problems& problems);

  const Settings& settings_;
  Files& files_;
  Globals globals_;
  std::vector<std::string> folders_;
  std::vector<std::string> identities_;
  std::deque<Node> nodes_;
  std::map<std::string, Node*, std::less<>> cache_;
  std::vector<Node*> preloaded_;
  bool preload_done_ = false;
};

// The version of pkgconf whose behaviour this is, as --version and the module pkgconf say it.
inline constexpr std::string_view pkgconf_version = "3.0.7";

}  // namespace tenon::pc
