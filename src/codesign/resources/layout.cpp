#include "codesign/resources/layout.h"

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
std::string default_name(const FileTree& tree, std::string_view root) {
  const std::string whole = root.empty() ? tree.name() : std::string(last_name(root));
  const std::size_t dot = whole.rfind('.');
  return whole.substr(0, dot == 0 ? std::string::npos : dot);
}

Result<void> place_base(FileTree& tree, BundleLayout& out) {
  const std::string contents = join_tree_path(out.root, "Contents");
  const Kind kind = TENON_TRY(tree.kind(contents));
  if (kind == Kind::link)
    return fail(Errc::link, "Contents is a symbolic link, which tenon does not follow");
  if (kind == Kind::folder) {
    out.kind = BundleLayout::Kind::contents;
    out.base = contents;
    out.resources = "Resources/";
    return {};
  }
  out.base = out.root;
  const std::string inner = join_tree_path(out.root, "Resources/Info.plist");
  if (TENON_TRY(tree.kind(inner)) == Kind::file) {
    out.kind = BundleLayout::Kind::folder;
    out.resources = "Resources/";
  }
  return {};
}

Result<void> place_version(FileTree& tree, BundleLayout& out, const std::string& version) {
  const std::string versions = join_tree_path(out.root, "Versions");
  const Resolved named = TENON_TRY(resolve(tree, join_tree_path(versions, version)));
  if (named.outcome != Resolved::Outcome::found || named.kind != Kind::folder ||
      parent_of(named.path) != TENON_TRY(resolve(tree, versions)).path) {
    return fail(Errc::malformed, "framework version that is not a directory in Versions");
  }
  out.kind = BundleLayout::Kind::versioned;
  out.base = named.path;
  out.version = last_name(named.path);
  out.resources = "Resources/";
  return {};
}

// Of a bundle without Contents: the version that was asked for, or that Versions/Current names.
Result<void> place_wanted_version(FileTree& tree, BundleLayout& out, const std::string& version) {
  if (!version.empty()) return place_version(tree, out, version);
  const std::string current = join_tree_path(out.root, "Versions/Current");
  if (TENON_TRY(tree.kind(current)) == Kind::none) return {};
  if (TENON_TRY(has_lost_links(tree, out.root))) return fail(Errc::malformed, lost_links);
  return place_version(tree, out, "Current");
}

std::string info_place(const BundleLayout& layout) {
  const bool inner =
      layout.kind == BundleLayout::Kind::versioned || layout.kind == BundleLayout::Kind::folder;
  return join_tree_path(layout.base, inner ? "Resources/Info.plist" : "Info.plist");
}

// Reads Info.plist; gives the name of the executable.
Result<std::string> read_info(FileTree& tree, BundleLayout& out) {
  std::string fallback = default_name(tree, out.root);
  const std::string place = info_place(out);
  if (TENON_TRY(tree.kind(place)) != Kind::file) return fallback;
  out.info_plist = place;
  const FileTree::Content content = TENON_TRY(tree.read(place));
  const auto info = plist::parse(content.bytes);
  out.info_readable = info && info->dict() != nullptr;
  if (!out.info_readable) return fallback;
  for (const char* key : {"CFBundleName", "CFBundleIdentifier"}) {
    const auto* held = info->string_at(key);
    if (held != nullptr && !held->empty()) out.identifier = *held;
  }
  if (const auto* held = info->string_at("CFBundleResourceSpecification")) out.rules_file = *held;
  const auto* name = info->string_at("CFBundleExecutable");
  if (name == nullptr || name->empty()) return fallback;
  if (!name->contains('/') && is_plain_path(*name)) return *name;
  const bool leaves = name->starts_with('/') || name->contains("..");
  out.fault = leaves ? "CFBundleExecutable in Info.plist leaves the bundle"
                     : "CFBundleExecutable in Info.plist is a path, not the name of a file";
  return fallback;
}

Result<void> place_executable(FileTree& tree, BundleLayout& out, const std::string& name) {
  const bool inner = out.kind == BundleLayout::Kind::contents;
  const std::string place = join_tree_path(out.base, inner ? "MacOS/" + name : name);
  const Kind kind = is_plain_path(name) ? TENON_TRY(tree.kind(place)) : Kind::none;
  if (kind == Kind::file) out.executable = place;
  const bool versioned = out.kind == BundleLayout::Kind::versioned;
  if (out.executable.empty() && !inner && !versioned && TENON_TRY(has_lost_links(tree, out.root))) {
    return fail(Errc::malformed, lost_links);
  }
  if (kind == Kind::link && out.fault.empty()) out.fault = "the main executable is a symbolic link";
  if (!out.executable.empty() || !out.info_plist.empty()) return {};
  if (!inner) return fail(Errc::not_found, "not a bundle: neither Info.plist nor executable");
  return fail(Errc::not_found,
              "not a bundle: Contents/Info.plist is missing, and Contents/MacOS has no executable "
              "with the name of the bundle");
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
  if (TENON_TRY(tree.kind(root)) != Kind::folder) return fail(Errc::not_found, "not a directory");
  TENON_TRY(place_base(tree, out));
  if (out.kind != BundleLayout::Kind::contents) {
    TENON_TRY(place_wanted_version(tree, out, version));
  }
  const std::string name = TENON_TRY(read_info(tree, out));
  TENON_TRY(place_executable(tree, out, name));
  return out;
}

bool is_no_bundle(const Error& error) {
  return error.code == Errc::not_found || error.code == Errc::malformed || error.code == Errc::link;
}

Result<std::vector<std::string>> framework_versions(FileTree& tree, const std::string& root) {
  std::vector<std::string> versions;
  const std::string folder = join_tree_path(root, "Versions");
  if (TENON_TRY(tree.kind(folder)) != Kind::folder) return versions;
  if (TENON_TRY(tree.kind(join_tree_path(root, "Contents"))) == Kind::folder) return versions;
  for (const FileTree::Entry& entry : TENON_TRY(tree.list(folder))) {
    if (entry.kind == Kind::folder && entry.name != "Current") versions.push_back(entry.name);
  }
  return versions;
}

Result<bool> has_lost_links(FileTree& tree, const std::string& root) {
  if (TENON_TRY(framework_versions(tree, root)).empty()) return false;
  const std::string current = join_tree_path(root, "Versions/Current");
  const Kind kind = TENON_TRY(tree.kind(current));
  if (kind == Kind::none || kind == Kind::file) return true;
  if (kind != Kind::link) return false;
  return TENON_TRY(resolve(tree, current)).outcome == Resolved::Outcome::missing;
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
