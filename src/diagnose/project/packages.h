// Import paths and paths of logs to folders of this machine. Only for engine/project.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/project/trace.h"

namespace tenon::project {

struct GoFile {
  std::string path;
  std::string text;
  gosource::Source source;
};

// A module whose source is at hand. Folders that replace another module are absolute.
struct Part {
  std::string root;
  gomod::File mod;
};

class Packages {
 public:
  Packages(const ProjectPlace& place, const ProjectDisk& disk);

  // The folder of an import path: standard library, this module or another of the workspace,
  // vendor, replacement, module cache.
  [[nodiscard]] std::optional<std::string> folder(std::string_view import_path) const;
  // The import path of a folder, as far as the module files tell.
  [[nodiscard]] std::string import_path(std::string_view folder) const;
  // A folder or file as a log names it: absolute on another machine, relative to the project or to
  // the package `package`, in the module cache.
  [[nodiscard]] std::optional<std::string> locate(std::string_view path,
                                                  std::string_view package) const;
  // The Go files of a folder that are no tests; read once.
  [[nodiscard]] const std::vector<GoFile>& files(const std::string& folder);
  // go.work; empty where none holds.
  [[nodiscard]] const gomod::File& work() const { return work_; }
  // Folders of these modules.
  [[nodiscard]] std::vector<std::string> own_folders(std::size_t most) const;
  [[nodiscard]] const gomod::File& module() const { return parts_.front().mod; }
  // The modules that are built together: the one at hand, then the others of its workspace.
  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
  // The same, then those of the modules they need, until `most` files were seen.
  [[nodiscard]] std::vector<std::string> all_folders(std::size_t most) const;

 private:
  [[nodiscard]] bool exists(const std::string& path) const;
  void add_part(const std::string& root);
  void add_workspace();
  [[nodiscard]] const Part* part_of(std::string_view import_path) const;
  [[nodiscard]] std::string module_folder(const Part& part, const gomod::Module& module) const;
  void walk_parts(std::size_t& left, std::vector<std::string>& out) const;
  void walk(const std::string& folder, std::size_t depth, std::size_t& left,
            std::vector<std::string>& out) const;

  const ProjectPlace& place_;
  const ProjectDisk& disk_;
  std::vector<Part> parts_;  // at least one
  gomod::File work_;         // go.work; empty: there is none
  std::string work_folder_;
  std::vector<std::string> vendors_;  // folders
  std::map<std::string, std::vector<GoFile>> files_;
};

}  // namespace tenon::project
