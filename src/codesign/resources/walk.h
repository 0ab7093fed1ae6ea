// All that the rules of a bundle have to do with, in the order of names.
// Rules: Security libsecurity_codesigning resources.cpp (ResourceBuilder::scan).
#pragma once

#include <functional>
#include <string>

#include "base/file_tree.h"
#include "codesign/resources/layout.h"
#include "codesign/resources/rules.h"

namespace tenon::resources {

// Levels of folders below a base. The longest path of macOS has 1024 bytes.
inline constexpr std::size_t max_levels = 512;
// Entries below a base. Larger bundles are refused.
inline constexpr std::size_t max_entries = 4000000;

struct Item {
  std::string path;  // relative to the base of the layout
  // file, link, or folder: a nested bundle, which is not entered.
  FileTree::Kind kind = FileTree::Kind::file;
  bool executable = false;
  Match rule;  // sealed() holds
};

struct WalkEvents {
  std::function<void(const Item&)> item;
  // Whether to go into a folder among the resources; empty: into each.
  std::function<bool(const Item&)> enter;
  // Files that no rule seals; may be empty.
  std::function<void(const Item&)> unsealed;
  // What cannot be part of a bundle: names that are not UTF-8, devices, folders that cannot be
  // read.
  Problems* problems = nullptr;
};

// limit when a bound above is passed.
[[nodiscard]] Result<void> walk(FileTree& tree, const BundleLayout& layout, const RuleSet& rules,
                                const WalkEvents& events);

}  // namespace tenon::resources
