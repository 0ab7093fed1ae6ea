// Bundles: the sealed resources, Info.plist, and the code inside.
#include <fmt/format.h>

#include <expected>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/os_status.h"
#include "codesign/failure.h"
#include "codesign/requirement/requirement.h"
#include "codesign/resources/code.h"
#include "codesign/resources/layout.h"
#include "codesign/resources/problem.h"
#include "codesign/resources/signature_files.h"
#include "codesign/resources/verify_resources.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/requirements.h"
#include "codesign/verify/slice.h"
#include "codesign/verify/ticket.h"
#include "codesign/verify/verify.h"

namespace tenon::codesign {
namespace {

// Bundles in bundles. Apple's own go four deep.
constexpr unsigned max_depth = 32;

class BundleJudge {
 public:
  BundleJudge(FileTree& tree, const VerifyOptions& options) : tree_(tree), options_(options) {}

  Result<BundleVerdict> run(const std::string& root) {
    const auto layout = resources::find_layout(tree_, root);
    out_.root = root;
    if (!layout) return no_layout(root, layout.error());
    out_.layout = layout_name(layout->kind);
    out_.main = judge(*layout, 0);
    add_versions(*layout, nullptr, out_.main, 1);
    const auto ticket = TENON_TRY(tree_.kind(join_tree_path(layout->base, "CodeResources")));
    out_.ticket =
        layout->kind == resources::BundleLayout::Kind::contents && ticket == FileTree::Kind::file;
    if (out_.ticket) {
      const auto content = TENON_TRY(tree_.read(join_tree_path(layout->base, "CodeResources")));
      out_.ticket_covers = ticket_covers(content.bytes, out_.main);
    }
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

  Result<BundleVerdict> no_layout(const std::string& root, const Error& error);
  FileVerdict judge(const resources::BundleLayout& layout, unsigned depth);
  Result<FileVerdict> judge_main(const resources::BundleLayout& layout,
                                 const Components& components);
  void add_resources(const resources::Comparison& sealed, FileVerdict& out);
  void note_half_signed(const resources::Comparison& sealed, FileVerdict& out);
  void add_nested(const resources::NestedCode& code, FileVerdict& out, unsigned depth);
  void add_versions(const resources::BundleLayout& layout, const resources::NestedCode* sealed,
                    FileVerdict& out, unsigned depth);
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

// Stands in for code that cannot be judged.
FileVerdict no_code(std::string path, State state, const Cause& cause) {
  FileVerdict out;
  out.path = std::move(path);
  SliceVerdict slice;
  slice.arch = "any";
  slice.type = "bundle";
  slice.kind = SignatureKind::unknown;
  slice.integrity.blame(state, cause);
  out.slices.push_back(std::move(slice));
  return out;
}

// Why nested code is invalid; empty when it is not.
std::string why_invalid(const FileVerdict& code) {
  for (const SliceVerdict& slice : code.slices) {
    for (const Verdict* each : {&slice.integrity, &slice.identity, &slice.trust}) {
      if (each->state != State::invalid) continue;
      return each->causes.front().message + " (" + each->causes.front().where + ")";
    }
  }
  return {};
}

// A bundle that the system refuses is an answer; what could not be looked at, what is no bundle,
// and a framework without links, whose files are what is left to judge, are none.
Result<BundleVerdict> BundleJudge::no_layout(const std::string& root, const Error& error) {
  const bool refused = error.code == Errc::malformed || error.code == Errc::link;
  if (!refused || TENON_TRY(resources::has_lost_links(tree_, root))) return std::unexpected(error);
  out_.layout = "unknown";
  out_.main = no_code(root, error.code == Errc::link ? State::unknown : State::invalid,
                      make_cause("bundle.layout", error.what, root, OS_BAD_BUNDLE_FORMAT));
  return std::move(out_);
}

// The main executable; Info.plist and the files of its signature for a bundle without one.
Result<FileVerdict> BundleJudge::judge_main(const resources::BundleLayout& layout,
                                            const Components& components) {
  if (!layout.executable.empty()) {
    const FileTree::Content content = TENON_TRY(tree_.read(layout.executable));
    return verify_file(content.bytes, options_, components);
  }
  const auto files = TENON_TRY(resources::read_signature_files(tree_, layout));
  FileVerdict out;
  if (files && components.info_plist) {
    out.slices.push_back(
        verify_detached(*components.info_plist, ByteView(*files), options_, components));
    return out;
  }
  SliceVerdict slice;
  slice.arch = "any";
  slice.type = "bundle without code";
  slice.identifier = layout.identifier;
  out.slices.push_back(std::move(slice));
  return out;
}

FileVerdict BundleJudge::judge(const resources::BundleLayout& layout, unsigned depth) {
  const resources::Comparison sealed = resources::compare(tree_, layout, {depth > 0});
  Components components;
  components.in_bundle = true;
  if (sealed.info_plist) components.info_plist = sealed.info_plist->bytes;
  if (sealed.code_resources) components.code_resources = sealed.code_resources->bytes;
  const std::string path = layout.executable.empty() ? layout.root : layout.executable;
  auto verdict = judge_main(layout, components);
  if (!verdict) {
    return no_code(path, State::unknown,
                   make_cause("bundle.executable",
                              verdict.error().code == Errc::unsupported
                                  ? "the main executable " + not_macho_text(verdict.error())
                                  : fmt::format("the main executable cannot be judged: {}",
                                                verdict.error().what),
                              path));
  }
  FileVerdict out = *std::move(verdict);
  out.path = path;
  if (!layout.fault.empty()) {
    for (SliceVerdict& slice : out.slices) {
      slice.integrity.blame(State::invalid, make_cause("bundle.executable-name", layout.fault,
                                                       layout.info_plist, OS_BAD_BUNDLE_FORMAT));
    }
  }
  if (!out.is_signed() && sealed.verdict.state == State::absent) return out;
  add_resources(sealed, out);
  for (const resources::NestedCode& code : sealed.nested) add_nested(code, out, depth + 1);
  if (depth == 0) out_.sealed = sealed.checked;
  return out;
}

void BundleJudge::add_resources(const resources::Comparison& sealed, FileVerdict& out) {
  if (sealed.verdict.state == State::absent) {
    blame_all(out, State::invalid,
              make_cause("bundle.not-sealed",
                         "CodeResources is missing: the executable is signed, the resources of the "
                         "bundle are not",
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
  note_half_signed(sealed, out);
  if (sealed.dropped_problems == 0) return;
  out.warnings.push_back(make_cause(
      "bundle.more", fmt::format("{} more problems are not listed", sealed.dropped_problems),
      "CodeResources"));
}

// CodeResources and the executable are two files. The signer puts CodeResources in place first, so
// that this is what a signer leaves that was killed before the executable followed.
void BundleJudge::note_half_signed(const resources::Comparison& sealed, FileVerdict& out) {
  if (sealed.verdict.state != State::valid) return;
  for (const SliceVerdict& slice : out.slices) {
    for (const Cause& cause : slice.integrity.causes) {
      if (cause.code != slot_hash_code || !cause.where.contains("CodeResources")) continue;
      out.warnings.push_back(make_cause(
          "bundle.half-signed",
          "CodeResources matches the bundle, but the executable seals another one: a signing was "
          "interrupted between the two, or CodeResources was edited; signing again completes it",
          "_CodeSignature/CodeResources"));
      return;
    }
  }
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
      blame_all(
          out, State::invalid,
          make_cause("bundle.nested-invalid", "nested code is invalid: " + why_invalid(nested),
                     code.path, OS_BAD_NESTED_CODE));
    }
  }
  if (code.hash_differs) {
    out.warnings.push_back(make_cause("bundle.nested-resigned",
                                      "was signed again after the bundle was sealed", code.path));
  }
  out_.nested.push_back(std::move(nested));
  if (!code.other_versions.empty()) add_versions(code.code.layout, &code, out, depth);
}

// The versions of a framework beside the current one (validateOtherVersions of StaticCode.cpp):
// strict validation wants each of them signed, valid, and such as the seal around it asks for.
void BundleJudge::add_versions(const resources::BundleLayout& layout,
                               const resources::NestedCode* sealed, FileVerdict& out,
                               unsigned depth) {
  if (layout.kind != resources::BundleLayout::Kind::versioned || depth >= max_depth) return;
  const auto versions = resources::framework_versions(tree_, layout.root);
  if (!versions) return;  // the tree remembers it
  for (const std::string& version : *versions) {
    if (version == layout.version) continue;
    const std::string path = join_tree_path(join_tree_path(layout.root, "Versions"), version);
    const auto other = resources::find_layout(tree_, layout.root, version);
    std::string why = other ? "" : other.error().what;
    if (other) {
      FileVerdict verdict = judge(*other, depth);
      if (sealed != nullptr) check_sealed_requirement(*sealed, verdict);
      why = verdict.is_signed() ? why_invalid(verdict) : "it is not signed";
      if (options_.strict) out_.nested.push_back(std::move(verdict));
    }
    if (why.empty()) continue;
    Cause cause = make_cause("bundle.framework-version",
                             "another version of the framework is invalid: " + why, path,
                             OS_BAD_FRAMEWORK_VERSION);
    if (options_.strict) {
      blame_all(out, State::invalid, cause);
    } else {
      out.warnings.push_back(std::move(cause));
    }
  }
}

}  // namespace

Result<BundleVerdict> verify_bundle(FileTree& tree, const std::string& root,
                                    const VerifyOptions& options) {
  return BundleJudge(tree, options).run(root);
}

}  // namespace tenon::codesign
