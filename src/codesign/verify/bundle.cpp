// Bundles: the sealed resources, Info.plist, and the code inside.
#include <fmt/format.h>

#include <expected>
#include <string>
#include <utility>

#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/os_status.h"
#include "codesign/failure.h"
#include "codesign/requirement/requirement.h"
#include "codesign/resources/code.h"
#include "codesign/resources/layout.h"
#include "codesign/resources/problem.h"
#include "codesign/resources/verify_resources.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/requirements.h"
#include "codesign/verify/verify.h"

namespace tenon::codesign {
namespace {

// Bundles in bundles. Apple's own go four deep.
constexpr unsigned max_depth = 32;

class BundleJudge {
 public:
  BundleJudge(FileTree& tree, const VerifyOptions& options) : tree_(tree), options_(options) {}

  Result<BundleVerdict> run(const std::string& root) {
    const resources::BundleLayout layout = TENON_TRY(resources::find_layout(tree_, root));
    out_.root = root;
    out_.layout = layout_name(layout.kind);
    out_.main = judge(layout, 0);
    out_.ticket = layout.kind == resources::BundleLayout::Kind::contents &&
                  tree_.kind(join_tree_path(layout.base, "CodeResources")) == FileTree::Kind::file;
    return std::move(out_);
  }

 private:
  static std::string layout_name(resources::BundleLayout::Kind kind) {
    using Kind = resources::BundleLayout::Kind;
    switch (kind) {
      case Kind::contents: return "contents";
      case Kind::versioned: return "versioned";
      case Kind::folder: return "folder";
      case Kind::flat: return "flat";
    }
    return "flat";
  }

  FileVerdict judge(const resources::BundleLayout& layout, unsigned depth);
  void add_resources(const resources::Comparison& sealed, FileVerdict& out);
  void add_nested(const resources::NestedCode& code, FileVerdict& out, unsigned depth);
  FileVerdict judge_code(const std::string& path, const resources::Code& code, unsigned depth);

  FileTree& tree_;
  const VerifyOptions& options_;
  BundleVerdict out_;
};

// The same for every slice: the resources are sealed for all of them.
void blame_all(FileVerdict& out, State state, const Cause& cause) {
  for (SliceVerdict& slice : out.slices) {
    if (slice.is_signed()) slice.integrity.blame(state, cause);
  }
}

// Without a Mach-O file the signature lies in files beside CodeResources, which are not read.
FileVerdict without_code(const resources::BundleLayout& layout) {
  FileVerdict out;
  out.path = layout.root;
  SliceVerdict slice;
  slice.kind = SignatureKind::unknown;
  slice.type = "bundle without code";
  slice.identifier = layout.identifier;
  slice.integrity.blame(
      State::unknown,
      make_cause("bundle.no-code",
                 "has no executable: its signature is in separate files, which tenon does not read",
                 layout.signature_folder()));
  out.slices.push_back(std::move(slice));
  return out;
}

FileVerdict BundleJudge::judge(const resources::BundleLayout& layout, unsigned depth) {
  if (layout.executable.empty()) return without_code(layout);
  const resources::Comparison sealed = resources::compare(tree_, layout, {depth > 0});
  Components components;
  if (sealed.info_plist) components.info_plist = sealed.info_plist->bytes;
  if (sealed.code_resources) components.code_resources = sealed.code_resources->bytes;
  FileVerdict out;
  const auto content = tree_.read(layout.executable);
  auto verdict = content ? verify_file(content->bytes, options_, components)
                         : std::unexpected(content.error());
  if (!verdict) {
    out.path = layout.executable;
    SliceVerdict slice;
    slice.kind = SignatureKind::unknown;
    slice.integrity.blame(
        State::unknown,
        make_cause("bundle.executable", "the main executable " + not_macho_text(verdict.error()),
                   layout.executable));
    out.slices.push_back(std::move(slice));
    return out;
  }
  out = *std::move(verdict);
  out.path = layout.executable;
  if (!out.is_signed() && sealed.verdict.state == State::absent) return out;
  add_resources(sealed, out);
  for (const resources::NestedCode& code : sealed.nested) add_nested(code, out, depth + 1);
  if (depth == 0) out_.sealed = sealed.checked;
  return out;
}

void BundleJudge::add_resources(const resources::Comparison& sealed, FileVerdict& out) {
  if (sealed.verdict.state == State::absent) {
    blame_all(
        out, State::invalid,
        make_cause("bundle.not-sealed",
                   "the executable is signed, but the bundle is not: CodeResources is missing",
                   "_CodeSignature/CodeResources", OS_RESOURCES_NOT_FOUND));
  }
  if (sealed.verdict.state == State::unknown) {
    blame_all(out, State::unknown, sealed.verdict.cause());
  }
  for (const resources::Problem& problem : sealed.problems) {
    const Cause cause = resources::cause_of(problem);
    const bool minor = resources::is_advice(problem.issue) ||
                       (resources::strict_only(problem.issue) && !options_.strict);
    if (minor) {
      out.warnings.push_back(cause);
    } else {
      blame_all(out, State::invalid, cause);
    }
  }
  if (sealed.dropped_problems == 0) return;
  out.warnings.push_back(make_cause(
      "bundle.more", fmt::format("{} more problems are not listed", sealed.dropped_problems),
      "CodeResources"));
}

FileVerdict BundleJudge::judge_code(const std::string& path, const resources::Code& code,
                                    unsigned depth) {
  if (code.kind == resources::CodeKind::bundle && depth < max_depth)
    return judge(code.layout, depth);
  FileVerdict out;
  out.path = path;
  const auto content = code.kind == resources::CodeKind::macho ? tree_.read(code.executable)
                                                               : fail(Errc::unsupported, "");
  if (content) {
    if (auto verdict = verify_file(content->bytes, options_)) {
      out = *std::move(verdict);
      out.path = path;
      return out;
    }
  }
  SliceVerdict slice;
  slice.kind = SignatureKind::unknown;
  slice.integrity.blame(State::unknown, make_cause("bundle.generic-code",
                                                   "is not a Mach-O file: its signature is in "
                                                   "extended attributes, which tenon does not read",
                                                   path));
  out.slices.push_back(std::move(slice));
  return out;
}

// CodeResources say which code they want by a requirement, so that it may be signed again by the
// same signer.
void check_sealed_requirement(const resources::NestedCode& code, FileVerdict& nested) {
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

void BundleJudge::add_nested(const resources::NestedCode& code, FileVerdict& out, unsigned depth) {
  FileVerdict nested = judge_code(code.path, code.code, depth);
  check_sealed_requirement(code, nested);
  if (code.code.kind != resources::CodeKind::generic) {
    if (!nested.is_signed()) {
      blame_all(out, State::invalid,
                make_cause("bundle.nested-unsigned", "nested code is not signed", code.path,
                           OS_UNSIGNED_NESTED_CODE));
    } else if (nested.state() == State::invalid) {
      std::string why;
      for (const SliceVerdict& slice : nested.slices) {
        for (const Verdict* each : {&slice.integrity, &slice.identity, &slice.trust}) {
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

}  // namespace tenon::codesign
