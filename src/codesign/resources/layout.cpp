#include "codesign/resources/layout.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/resources/links.h"
#include "codesign/resources/rules.h"
#include "format/plist/plist.h"
#include "format/plist/value.h"

namespace tenon::resources {
namespace {

using Kind = FileTree::Kind;

// The bundle's name without its extension, which CFBundle takes when Info.plist names no
// executable.
std::string default_name(std::string_view root) {
  const std::string_view name = last_name(root);
  const std::size_t dot = name.rfind('.');
  return std::string(name.substr(0, dot == 0 ? std::string_view::npos : dot));
}

void place_base(FileTree& tree, BundleLayout& out) {
  const std::string contents = join_tree_path(out.root, "Contents");
  if (tree.kind(contents) == Kind::folder) {
    out.kind = BundleLayout::Kind::contents;
    out.base = contents;
    out.resources = "Resources/";
    return;
  }
  out.base = out.root;
  const std::string inner = join_tree_path(out.root, "Resources/Info.plist");
  if (tree.kind(inner) == Kind::file) {
    out.kind = BundleLayout::Kind::folder;
    out.resources = "Resources/";
  }
}

Result<void> place_version(FileTree& tree, BundleLayout& out, const std::string& version) {
  const std::string versions = join_tree_path(out.root, "Versions");
  const Resolved named = resolve(tree, join_tree_path(versions, version));
  if (named.outcome != Resolved::Outcome::found || named.kind != Kind::folder ||
      parent_of(named.path) != resolve(tree, versions).path) {
    return fail(Errc::malformed, "framework version that is not a directory in Versions");
  }
  out.kind = BundleLayout::Kind::versioned;
  out.base = named.path;
  out.version = last_name(named.path);
  out.resources = "Resources/";
  return {};
}

std::string info_place(const BundleLayout& layout) {
  const bool inner =
      layout.kind == BundleLayout::Kind::versioned || layout.kind == BundleLayout::Kind::folder;
  return join_tree_path(layout.base, inner ? "Resources/Info.plist" : "Info.plist");
}

// Reads Info.plist; gives the name of the executable.
std::string read_info(FileTree& tree, BundleLayout& out) {
  std::string fallback = default_name(out.root);
  const std::string place = info_place(out);
  if (tree.kind(place) != Kind::file) return fallback;
  out.info_plist = place;
  const auto content = tree.read(place);
  const auto info = content ? plist::parse(content->bytes) : Result<plist::Value>(plist::Value());
  out.info_readable = info && info->dict() != nullptr;
  if (!out.info_readable) return fallback;
  if (const auto* held = info->string_at("CFBundleIdentifier")) out.identifier = *held;
  if (const auto* held = info->string_at("CFBundleResourceSpecification")) out.rules_file = *held;
  const auto* name = info->string_at("CFBundleExecutable");
  return name == nullptr || name->empty() ? fallback : *name;
}

Result<void> place_executable(FileTree& tree, BundleLayout& out, const std::string& name) {
  if (name.contains('/') || !is_plain_path(name)) {
    return fail(Errc::malformed, "executable whose name is a path");
  }
  const bool inner = out.kind == BundleLayout::Kind::contents;
  const std::string place = join_tree_path(out.base, inner ? "MacOS/" + name : name);
  if (tree.kind(place) == Kind::file) out.executable = place;
  if (out.executable.empty() && out.info_plist.empty()) {
    return fail(Errc::not_found, "not a bundle: neither Info.plist nor executable");
  }
  return {};
}

}  // namespace

std::string BundleLayout::signature_folder() const {
  return join_tree_path(base, "_CodeSignature");
}

std::string BundleLayout::code_resources() const {
  return join_tree_path(signature_folder(), "CodeResources");
}

Result<BundleLayout> find_layout(FileTree& tree, const std::string& root,
                                 const std::string& version) {
  BundleLayout out;
  out.root = root;
  if (tree.kind(root) != Kind::folder) return fail(Errc::not_found, "not a directory");
  place_base(tree, out);
  const std::string current = join_tree_path(root, "Versions/Current");
  const bool versioned = out.kind != BundleLayout::Kind::contents &&
                         (!version.empty() || tree.kind(current) != Kind::none);
  if (versioned) TENON_TRY(place_version(tree, out, version.empty() ? "Current" : version));
  const std::string name = read_info(tree, out);
  TENON_TRY(place_executable(tree, out, name));
  return out;
}

std::vector<std::string> framework_versions(FileTree& tree, const std::string& root) {
  std::vector<std::string> versions;
  const auto entries = tree.list(join_tree_path(root, "Versions"));
  if (!entries || tree.kind(join_tree_path(root, "Contents")) == Kind::folder) return versions;
  for (const FileTree::Entry& entry : *entries) {
    if (entry.kind == Kind::folder && entry.name != "Current") versions.push_back(entry.name);
  }
  return versions;
}

void exclude_own_parts(RuleSet& rules, const BundleLayout& layout) {
  rules.exclude("_CodeSignature");
  rules.exclude("CodeResources");
  rules.exclude("_MASReceipt");
  const std::string& main = layout.executable.empty() ? layout.info_plist : layout.executable;
  if (is_inside(main, layout.base)) {
    rules.exclude(main.substr(layout.base.empty() ? 0 : layout.base.size() + 1), true);
  }
}

}  // namespace tenon::resources
