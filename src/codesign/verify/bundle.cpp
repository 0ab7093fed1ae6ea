// Bundles: the seal of the resources, Info.plist, and the code inside.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "codesign/requirement/requirement.h"
#include "codesign/resources/verify_resources.h"
#include "codesign/verify/requirements.h"
#include "codesign/verify/slice.h"

namespace tenon::signing {
namespace {

// Bundles in bundles. Apple's own go four deep.
constexpr unsigned max_depth = 32;

OsStatus status_of(seal::Issue issue) {
  using seal::Issue;
  switch (issue) {
    case Issue::nested_altered: return OS_BAD_NESTED_CODE;
    case Issue::bad_type: return OS_RESOURCE_NOT_SUPPORTED;
    case Issue::bad_seal:
    case Issue::bad_entry: return OS_RESOURCES_INVALID;
    case Issue::link_target: return OS_INVALID_SYMLINK;
    case Issue::unsealed_root:
    case Issue::stray_metadata: return OS_UNSEALED_APP_ROOT;
    case Issue::weak_rules: return OS_WEAK_RESOURCE_RULES;
    case Issue::weak_version: return OS_WEAK_RESOURCE_ENVELOPE;
    case Issue::name_conflict: return OS_NONE;
    default: return OS_BAD_RESOURCE;
  }
}

std::string sentence_of(const seal::Problem& problem) {
  using seal::Issue;
  std::string text;
  switch (problem.issue) {
    case Issue::missing: text = "is sealed and missing"; break;
    case Issue::added: text = "was added: no seal covers it"; break;
    case Issue::altered: text = "was changed since it was sealed"; break;
    case Issue::type_changed: text = "is of another type than sealed"; break;
    case Issue::link_altered: text = "links to another place than sealed"; break;
    case Issue::nested_altered: text = "is other code than sealed"; break;
    case Issue::unsealed_root:
      text = "is beside the sealed directory, where no signature covers it";
      break;
    case Issue::name_conflict: text = "differs from another name in case only"; break;
    default: text = std::string(seal::issue_name(problem.issue));
  }
  return problem.detail.empty() ? text : text + ": " + problem.detail;
}

std::string slug_of(seal::Issue issue) {
  std::string out = "bundle.";
  for (const char c : seal::issue_name(issue)) out += c == ' ' ? '-' : c;
  return out;
}

class BundleJudge {
 public:
  BundleJudge(FileTree& tree, const VerifyOptions& options) : tree_(tree), options_(options) {}

  Result<BundleVerdict> run(const std::string& root) {
    const seal::BundleLayout layout = TENON_TRY(seal::find_layout(tree_, root));
    out_.root = root;
    out_.layout = layout_name(layout.kind);
    out_.main = judge(layout, 0);
    out_.ticket = layout.kind == seal::BundleLayout::Kind::contents &&
                  tree_.kind(join_tree_path(layout.base, "CodeResources")) == FileTree::Kind::file;
    return std::move(out_);
  }

 private:
  static std::string layout_name(seal::BundleLayout::Kind kind) {
    using Kind = seal::BundleLayout::Kind;
    switch (kind) {
      case Kind::contents: return "contents";
      case Kind::versioned: return "versioned";
      case Kind::folder: return "folder";
      case Kind::flat: return "flat";
    }
    return "flat";
  }

  FileVerdict judge(const seal::BundleLayout& layout, unsigned depth);
  void add_seal(const seal::Verdict& seal, FileVerdict& out);
  void add_nested(const seal::NestedCode& code, FileVerdict& out, unsigned depth);
  FileVerdict judge_code(const std::string& path, const seal::Code& code, unsigned depth);

  FileTree& tree_;
  const VerifyOptions& options_;
  BundleVerdict out_;
};

// The same for every slice: the seal is theirs together.
void blame_all(FileVerdict& out, State state, const Cause& cause) {
  for (SliceVerdict& slice : out.slices) {
    if (slice.is_signed()) slice.integrity.blame(state, cause);
  }
}

// Without a Mach-O file the signature lies in files beside the seal, which are not read.
FileVerdict without_code(const seal::BundleLayout& layout) {
  FileVerdict out;
  out.path = layout.root;
  SliceVerdict slice;
  slice.kind = "unknown";
  slice.type = "bundle without code";
  slice.identifier = layout.identifier;
  slice.integrity.blame(State::unknown,
                        make_cause("bundle.no-code",
                                   "has no executable: its signature lies in files of its own, "
                                   "which are not read",
                                   layout.signature_folder()));
  out.slices.push_back(std::move(slice));
  return out;
}

FileVerdict BundleJudge::judge(const seal::BundleLayout& layout, unsigned depth) {
  if (layout.executable.empty()) return without_code(layout);
  const seal::Verdict seal = seal::verify(tree_, layout, {depth > 0});
  codesign::Components components;
  if (seal.info_plist) components.info_plist = seal.info_plist->bytes;
  if (seal.code_resources) components.code_resources = seal.code_resources->bytes;
  FileVerdict out;
  const auto content = tree_.read(layout.executable);
  auto verdict = content ? verify_file(content->bytes, options_, components)
                         : std::unexpected(content.error());
  if (!verdict) {
    out.path = layout.executable;
    SliceVerdict slice;
    slice.kind = "unknown";
    slice.integrity.blame(
        State::unknown,
        make_cause("bundle.executable",
                   fmt::format("the main executable is no Mach-O file: {}", verdict.error().what),
                   layout.executable));
    out.slices.push_back(std::move(slice));
    return out;
  }
  out = *std::move(verdict);
  out.path = layout.executable;
  if (!out.is_signed() && seal.state == seal::State::absent) return out;
  add_seal(seal, out);
  for (const seal::NestedCode& code : seal.nested) add_nested(code, out, depth + 1);
  if (depth == 0) out_.sealed = seal.checked;
  return out;
}

void BundleJudge::add_seal(const seal::Verdict& seal, FileVerdict& out) {
  if (seal.state == seal::State::absent) {
    blame_all(
        out, State::invalid,
        make_cause("bundle.not-sealed",
                   "the executable is signed and the bundle is not: there is no CodeResources",
                   "_CodeSignature/CodeResources", OS_RESOURCES_NOT_FOUND));
  }
  if (seal.state == seal::State::undecided) {
    blame_all(out, State::unknown, make_cause("bundle.undecided", seal.cause, "CodeResources"));
  }
  for (const seal::Problem& problem : seal.problems) {
    const Cause cause = make_cause(slug_of(problem.issue), sentence_of(problem), problem.path,
                                   status_of(problem.issue));
    const bool minor =
        seal::is_advice(problem.issue) || (seal::strict_only(problem.issue) && !options_.strict);
    if (minor) {
      out.warnings.push_back(cause);
    } else {
      blame_all(out, State::invalid, cause);
    }
  }
  if (seal.dropped_problems == 0) return;
  out.warnings.push_back(make_cause(
      "bundle.more", fmt::format("{} more problems are not listed", seal.dropped_problems),
      "CodeResources"));
}

FileVerdict BundleJudge::judge_code(const std::string& path, const seal::Code& code,
                                    unsigned depth) {
  if (code.kind == seal::CodeKind::bundle && depth < max_depth) return judge(code.layout, depth);
  FileVerdict out;
  out.path = path;
  const auto content = code.kind == seal::CodeKind::macho ? tree_.read(code.executable)
                                                          : fail(Errc::unsupported, "");
  if (content) {
    if (auto verdict = verify_file(content->bytes, options_)) {
      out = *std::move(verdict);
      out.path = path;
      return out;
    }
  }
  SliceVerdict slice;
  slice.kind = "unknown";
  slice.integrity.blame(
      State::unknown,
      make_cause("bundle.generic-code",
                 "is no Mach-O file: its signature lies in extended attributes, which are not read",
                 path));
  out.slices.push_back(std::move(slice));
  return out;
}

// The seal says which code it wants by a requirement, so that it may be signed again by the same
// signer.
void hold_against_seal(const seal::NestedCode& code, FileVerdict& nested) {
  const auto wanted = requirement::compile(code.requirement);
  for (SliceVerdict& slice : nested.slices) {
    if (!slice.is_signed()) continue;
    if (wanted) {
      apply_requirement(*wanted, "requirement in CodeResources", OS_BAD_NESTED_CODE, slice);
    } else {
      slice.trust.blame(State::unknown, make_cause("bundle.requirement",
                                                   "cannot be read: " + wanted.error().message,
                                                   "requirement in CodeResources"));
    }
  }
}

void BundleJudge::add_nested(const seal::NestedCode& code, FileVerdict& out, unsigned depth) {
  FileVerdict nested = judge_code(code.path, code.code, depth);
  hold_against_seal(code, nested);
  if (code.code.kind != seal::CodeKind::generic) {
    if (!nested.is_signed()) {
      blame_all(out, State::invalid,
                make_cause("bundle.nested-unsigned", "nested code is not signed", code.path,
                           OS_UNSIGNED_NESTED_CODE));
    } else if (nested.state() == State::invalid) {
      std::string why;
      for (const SliceVerdict& slice : nested.slices) {
        for (const Judgement* each : {&slice.integrity, &slice.identity, &slice.trust}) {
          if (why.empty() && each->state == State::invalid) {
            why = each->causes.front().message + " (" + each->causes.front().where + ")";
          }
        }
      }
      blame_all(out, State::invalid,
                make_cause("bundle.nested-invalid", "nested code is invalid: " + why, code.path,
                           OS_BAD_NESTED_CODE));
    }
  }
  if (code.hash_differs) {
    out.warnings.push_back(make_cause("bundle.nested-resigned",
                                      "was signed again after the bundle was sealed", code.path));
  }
  out_.nested.push_back(std::move(nested));
}

}  // namespace

Result<BundleVerdict> verify_bundle(FileTree& tree, const std::string& root,
                                    const VerifyOptions& options) {
  return BundleJudge(tree, options).run(root);
}

}  // namespace tenon::signing
