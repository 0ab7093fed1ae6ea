// Where a preprocessor looks for the names that a text spells, and what is there.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "crossbuild/cache/compile_call.h"
#include "crossbuild/cache/includes.h"
#include "crossbuild/cache/manifest.h"

namespace tenon {

// What a path is, as the search sees it. unknown: it could not be looked at, which is not absence.
enum class Place : unsigned char { nothing, file, folder, unknown };

// The compiler's own search folders.
struct OwnFolders {
  std::vector<std::string> searched;  // in its order
  std::vector<std::string> missing;   // it would search them if they were there
};

using Look = std::function<Place(const std::string& path)>;

// Collects the questions of a compile. The search of gcc and clang: for "name" the folder of the
// including file, then -iquote; then -I, -isystem, the compiler's own folders, -idirafter. It ends
// at the first hit, but that of an #include_next.
class Probes {
 public:
  // `read`: the files that were read, absolute.
  Probes(const CompileCall& call, OwnFolders own, std::set<std::string> read, Look look);

  // The names that the text of `file` spells. With `first`: also the precompiled headers that would
  // stand in for them.
  void add(const std::string& file, const std::vector<IncludeName>& names, bool first);

  // The names of all files that were read, as each search folder has them: `file` includes what a
  // macro names, and so did not spell it.
  void add_computed(const std::string& file);

  // Something could not be looked at: nothing may be concluded.
  [[nodiscard]] bool unknown() const { return unknown_; }

  // Into the manifest's entry, paths portable.
  void keep(KeptCompile& out) const;
  // Files that are there and were not read, absolute.
  [[nodiscard]] const std::set<std::string>& present() const { return present_; }

 private:
  void ask(const std::string& folder_of_file, const IncludeName& name);
  // True when something is there.
  bool ask_in(const std::string& folder, const std::string& name);
  Place look_folder(const std::string& folder);

  const CompileCall& call_;
  std::vector<std::string> folders_;
  std::vector<std::string> missing_;
  bool unknown_ = false;
  std::set<std::string> read_;
  Look look_;
  std::set<std::string> asked_;
  std::map<std::string, Place> folder_kinds_;
  std::set<std::string> present_;
  std::set<std::string> no_folder_;
  std::set<std::pair<std::string, std::string>> absent_;
};

}  // namespace tenon
