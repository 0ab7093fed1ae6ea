#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_tree.h"
#include "codesign/resources/layout.h"
#include "codesign/resources/problem.h"

namespace tenon::resources {
namespace {

using Kind = FileTree::Kind;

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

// Files that may stand beside Contents, when nobody can execute them.
constexpr std::array<std::string_view, 4> beside_contents{".LSOverride", ".DS_Store", "Icon\r",
                                                          ".SoftwareDepot.tracking"};

// Files of a signature (codedirectory.cpp canonicalSlotName); all but the first only for code
// without a Mach-O file.
constexpr std::array<std::string_view, 17> signature_files{
    "CodeResources",          "CodeDirectory",
    "CodeRequirements",       "CodeRequirements-1",
    "CodeRequirements-2",     "CodeRequirements-3",
    "CodeRequirements-4",     "CodeRequirements-5",
    "CodeSignature",          "CodeTopDirectory",
    "CodeEntitlements",       "CodeEntitlementDER",
    "CodeRepSpecific",        "LaunchConstraintSelf",
    "LaunchConstraintParent", "LaunchConstraintResponsible",
    "LibraryConstraint"};

bool may_stand_beside_contents(const FileTree::Entry& entry) {
  if (entry.name == "Contents") return entry.kind == Kind::folder;
  return entry.kind == Kind::file && !entry.executable && is_one_of(entry.name, beside_contents);
}

std::string_view without_dot_slash(std::string_view target) {
  return target.starts_with("./") ? target.substr(2) : target;
}

// A link of the framework's root points to its namesake in the current version.
bool points_to_namesake(std::string_view target, const std::string& name,
                        const std::string& version) {
  target = without_dot_slash(target);
  return target == "Versions/Current/" + name || target == "Versions/" + version + "/" + name;
}

class RootCheck {
 public:
  RootCheck(FileTree& tree, const BundleLayout& layout, Problems& problems)
      : tree_(tree), layout_(layout), problems_(problems) {}

  void contents() {
    for (const FileTree::Entry& entry : entries(layout_.root)) {
      if (!may_stand_beside_contents(entry)) unsealed(join_tree_path(layout_.root, entry.name));
    }
  }

  void framework() {
    for (const FileTree::Entry& entry : entries(layout_.root)) {
      if (!in_framework_root(entry)) unsealed(join_tree_path(layout_.root, entry.name));
    }
    const std::string versions = join_tree_path(layout_.root, "Versions");
    for (const FileTree::Entry& entry : entries(versions)) {
      if (!in_versions(entry)) unsealed(join_tree_path(versions, entry.name));
    }
  }

  void metadata() {
    const std::string folder = layout_.signature_folder();
    const auto kind = tree_.kind(folder);
    if (!kind) problems_.add(Issue::unreadable, folder, kind.error().what);
    if (!kind || *kind != Kind::folder) return;
    for (const FileTree::Entry& entry : entries(folder)) {
      if (!in_metadata(folder, entry)) {
        problems_.add(Issue::stray_metadata, join_tree_path(folder, entry.name));
      }
    }
  }

 private:
  std::vector<FileTree::Entry> entries(const std::string& folder) {
    auto listed = tree_.list(folder);
    if (!listed) problems_.add(Issue::unreadable, folder);
    return listed ? *std::move(listed) : std::vector<FileTree::Entry>();
  }

  void unsealed(std::string path) { problems_.add(Issue::unsealed_root, std::move(path)); }

  static bool plain(const FileTree::Entry& entry) {
    return entry.kind == Kind::file && !entry.executable;
  }

  bool in_framework_root(const FileTree::Entry& entry) {
    if (entry.name == "Versions") return entry.kind == Kind::folder;
    if (plain(entry)) return entry.name == ".DS_Store" || entry.name == "module.map";
    if (entry.kind != Kind::link) return false;
    const auto target = tree_.link_target(join_tree_path(layout_.root, entry.name));
    return target && points_to_namesake(*target, entry.name, layout_.version);
  }

  bool in_versions(const FileTree::Entry& entry) {
    if (entry.name == "Current") return entry.kind == Kind::link;
    return entry.kind == Kind::folder || (plain(entry) && entry.name == ".DS_Store");
  }

  bool in_metadata(const std::string& folder, const FileTree::Entry& entry) {
    if (entry.kind != Kind::file) return false;
    if (layout_.executable.empty()) return is_one_of(entry.name, signature_files);
    if (entry.name == "CodeResources") return true;
    const auto content = tree_.read(join_tree_path(folder, entry.name));
    return entry.name == "CodeSignature" && content && content->bytes.empty();
  }

  FileTree& tree_;
  const BundleLayout& layout_;
  Problems& problems_;
};

}  // namespace

void check_root(FileTree& tree, const BundleLayout& layout, Problems& problems) {
  RootCheck check(tree, layout, problems);
  if (layout.kind == BundleLayout::Kind::contents) check.contents();
  if (layout.kind == BundleLayout::Kind::versioned) check.framework();
  check.metadata();
}

}  // namespace tenon::resources
