// Where a bundle keeps its parts.
// Rules: Security libsecurity_codesigning bundlediskrep.cpp (setup, resourcesRelativePath,
// validateFrameworkRoot) and the places that CFBundle looks at.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/resources/problem.h"
#include "codesign/resources/rules.h"

namespace tenon::resources {

struct BundleLayout {
  enum class Kind : std::uint8_t {
    contents,   // Contents/ with all in it: .app, .bundle, .plugin, .xpc of macOS
    versioned,  // Versions/NAME: frameworks of macOS
    folder,     // Resources/Info.plist beside the code: one version of a framework by itself
    flat,       // everything in one folder: iOS
  };
  Kind kind = Kind::flat;
  std::string root;       // the bundle, as it was asked for
  std::string base;       // the folder to which paths in the seal are relative
  std::string resources;  // relative to `base`: "Resources/", or "" for flat
  std::string version;    // of versioned: the name of the folder
  // The main executable. Empty for a bundle without code: its signature lies in files of
  // signature_folder(), and Info.plist stands in for the executable.
  std::string executable;
  std::string info_plist;     // empty when there is none
  std::string fault;          // what no bundle may have: an executable that is none of its files
  std::string identifier;     // CFBundleIdentifier, else CFBundleName, or empty
  std::string rules_file;     // CFBundleResourceSpecification relative to `base`, or empty
  bool info_readable = true;  // Info.plist is a dictionary, or there is none

  [[nodiscard]] std::string signature_folder() const;
  [[nodiscard]] std::string code_resources() const;
};

// The layout of the bundle at `root` of the tree. Empty `version` is the one that Versions/Current
// names. not_found when there is neither code nor Info.plist, which the system calls a "bundle
// format unrecognized"; malformed for a framework that lost its links, and for Versions/Current
// that names no folder of Versions; link for a link in place of Contents; and what the tree could
// not look at or read.
[[nodiscard]] Result<BundleLayout> find_layout(FileTree& tree, const std::string& root,
                                               const std::string& version = "");

// Whether find_layout says that it is no bundle, or none that can be used; else it could not look.
[[nodiscard]] bool is_no_bundle(const Error& error);

// The folders in Versions of a framework, with or without its links; empty for any other bundle.
[[nodiscard]] Result<std::vector<std::string>> framework_versions(FileTree& tree,
                                                                  const std::string& root);

// Whether a framework has versions and nothing that leads to one of them: no Versions/Current, or
// one that is no link and no folder any more. Wheels, zip files and some checkouts do that.
[[nodiscard]] Result<bool> has_lost_links(FileTree& tree, const std::string& root);
inline constexpr const char* lost_links =
    "the links of the framework are lost: Versions/Current leads to no version";
inline constexpr const char* lost_links_fix =
    "unpack or copy the framework with its links (tar, ditto, cp -a), or make Versions/Current and "
    "the links beside Versions again";

// Rules never are about these: the signature, the receipt, the main executable.
void exclude_own_parts(RuleSet& rules, const BundleLayout& layout);

// What stands beside Contents or Versions, or among the files of the signature, and does not belong
// there. Strict validation refuses it: no seal covers it.
void check_root(FileTree& tree, const BundleLayout& layout, Problems& problems);

}  // namespace tenon::resources
