// Bundles, from the inside out.
//
// From beginning to end: the order of signing finds all code, bundles among the resources too. Then
// all that can be known to fail is asked for, before the first byte is written: scripts in places
// for code, files that cannot be signed, what strict validation would refuse, options for code that
// is not there. Then each piece is signed; a bundle gets its CodeResources and, right after it, its
// executable. At the end everything is read again and verified as a whole.
//
// A process that is killed meanwhile leaves inner code signed and outer seals of the old one, or
// the CodeResources of one bundle without the executable that seals it. Both are invalid, verify
// names the place, and the next run signs all of it again, from any of these states.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "base/unread.h"
#include "codesign/blob/codesign.h"
#include "codesign/blob/layout.h"
#include "codesign/failure.h"
#include "codesign/resources/build.h"
#include "codesign/resources/code.h"
#include "codesign/resources/layout.h"
#include "codesign/resources/problem.h"
#include "codesign/resources/signature_files.h"
#include "codesign/resources/strict.h"
#include "codesign/run/bundle_of.h"
#include "codesign/run/path_signer.h"
#include "codesign/run/seal.h"
#include "codesign/sign/detached.h"
#include "codesign/sign/request.h"
#include "codesign/sign/sign.h"
#include "codesign/sign/signature.h"
#include "codesign/sign/step.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/slice.h"
#include "codesign/verify/verify.h"
#include "host/disk_tree.h"
#include "host/files.h"
#include "host/folder_below.h"
#include "host/process.h"
#include "host/replacement.h"

namespace tenon::codesign {
namespace {

using Kind = resources::SigningStep::Kind;

// A failure names a path in the tree of the bundle; people know the one from outside.
std::unexpected<Failure> in_bundle(const std::string& root, Failure failure) {
  failure.where = failure.where.empty() ? root : join_path(root, failure.where);
  return std::unexpected(std::move(failure));
}

// Everything that the tree was asked for was there to be read.
Result<void, Failure> all_read(const DiskTree& tree, const std::string& root) {
  const std::vector<Unread> unread = tree.unread();
  if (unread.empty()) return {};
  const Unread& first = unread.front();
  return failed(FailureKind::unread, first.error, join_path(root, first.path));
}

bool is_signed_by(Kind kind) {
  return kind == Kind::loose || kind == Kind::macho || kind == Kind::bundle;
}

// The paths by which a scope may name it.
bool concerns(const Scope& scope, const resources::SigningStep& step) {
  return scope.matches(step.path) || scope.matches(step.code.executable) ||
         (step.kind == Kind::bundle && scope.matches(step.code.layout.root));
}

std::string word_of(const resources::SigningStep& step) {
  switch (step.kind) {
    case Kind::loose: return "code among the resources";
    case Kind::macho: return "nested code";
    case Kind::bundle: return step.among_resources ? "bundle among the resources" : "bundle";
    case Kind::generic:
      return "skipped: not a Mach-O file; codesign would sign it in extended attributes, which "
             "archives drop";
    case Kind::kept: return "kept: its signature is valid";
    case Kind::left: return "left as it is: " + step.why;
  }
  return {};
}

SignStep untouched(const std::string& root, const resources::SigningStep& step) {
  return {join_path(root, step.path), word_of(step), false, {}, {}, {}};
}

// The cause for which a verdict does not hold; nothing when it does.
const Cause* fault_of(const FileVerdict& file) {
  for (const SliceVerdict& slice : file.slices) {
    for (const Verdict* each : {&slice.integrity, &slice.identity, &slice.trust}) {
      const bool unsure = each == &slice.integrity && each->state == State::unknown;
      if (each->state == State::invalid || unsure) return &each->cause();
    }
  }
  return nullptr;
}

}  // namespace

std::unexpected<Failure> no_such_code(const Scope& scope) {
  return failed(FailureKind::no_such_code, "no code that is signed has this path", scope.option,
                "paths begin at the root of the bundle: Contents/MacOS/helper, or "
                "Contents/Frameworks/Helper*.app; --dry-run prints all");
}

Result<SliceVerdict> PathSigner::best_slice(DiskTree& tree, const resources::Code& code) {
  VerifyOptions verify;
  verify.window = options_.window;
  if (code.executable.empty()) {
    const auto files = TENON_TRY(resources::read_signature_files(tree, code.layout));
    if (!files) return fail(Errc::not_found, "nested code that is not signed");
    const FileTree::Content info = TENON_TRY(tree.read(code.layout.info_plist));
    Components components;
    components.info_plist = info.bytes;
    return verify_detached(info.bytes, ByteView(*files), verify, components);
  }
  const FileTree::Content content = TENON_TRY(tree.read(code.executable));
  auto verdict = TENON_TRY(verify_file(content.bytes, verify));
  const auto best = std::ranges::find(verdict.slices, "arm64", &SliceVerdict::arch);
  return best == verdict.slices.end() ? std::move(verdict.slices.front()) : std::move(*best);
}

// The entry of the outer bundle's CodeResources for code inside, which is signed by now.
Result<resources::NestedEntry> PathSigner::nested_entry(DiskTree& tree,
                                                        const resources::Code& code) {
  if (options_.who == nullptr) return resources::adhoc_entry(tree, code);
  const SliceVerdict slice = TENON_TRY(best_slice(tree, code));
  const auto hashes = TENON_TRY(resources::hashes_of_code(tree, code));
  if (!slice.is_signed() || hashes.empty()) {
    return fail(Errc::not_found, "nested code that is not signed");
  }
  const auto best = std::ranges::find_if(
      hashes, [&](const CdHash& hash) { return to_hex(hash.data(), hash.size()) == slice.cdhash; });
  return resources::NestedEntry{best == hashes.end() ? hashes.front() : *best, slice.requirement};
}

// Whether inner code is to stay as it is: somebody signed it, and the signature holds.
Result<bool, Failure> PathSigner::is_kept(DiskTree& tree, const std::string& path,
                                          const resources::Code& code) {
  VerifyOptions verify = check_options();
  FileVerdict file;
  if (code.kind == resources::CodeKind::bundle) {
    auto verdict = verify_bundle(tree, path, verify);
    if (!verdict) return failed(FailureKind::bundle, verdict.error(), path);
    file = std::move(verdict->main);
  } else {
    const auto content = tree.read(path);
    auto verdict = content ? verify_file(content->bytes, verify) : fail(Errc::io, "");
    if (!content) return failed(FailureKind::bundle, content.error(), path);
    if (!verdict) return false;
    file = *std::move(verdict);
  }
  const bool by_linker = std::ranges::any_of(file.slices, [](const SliceVerdict& slice) {
    return slice.kind == SignatureKind::linker_signed;
  });
  return file.is_signed() && !by_linker && file.state() == State::valid;
}

Result<PathSigner::Order, Failure> PathSigner::plan(const std::string& root, DiskTree& tree) {
  resources::KeepInner keep;
  if (job_.keep_inner && !job_.remove) {
    keep = [&](const std::string& path, const resources::Code& code) {
      return is_kept(tree, path, code);
    };
  }
  auto order = resources::signing_order(tree, "", keep);
  TENON_TRY(all_read(tree, root));
  if (!order) return in_bundle(root, order.error());
  return *std::move(order);
}

Result<void, Failure> PathSigner::check_step(const std::string& root, DiskTree& tree,
                                             const resources::SigningStep& step) {
  if (step.kind == Kind::generic) {
    return failed(FailureKind::bundle,
                  "is not a Mach-O file, but in a place for code: the seal around it needs a "
                  "signature that it cannot carry",
                  join_path(root, step.path),
                  "move scripts and data to Contents/Resources, and start them from there");
  }
  if (!is_signed_by(step.kind)) return {};
  if (!step.code.executable.empty()) {
    const std::string path = join_path(root, step.code.executable);
    const auto content = tree.read(step.code.executable);
    if (!content) return io_failure(content.error(), path);
    auto signable = check_signable(content->bytes);
    if (!signable && signable.error().where.empty()) signable.error().where = path;
    if (!signable) return signable;
  }
  if (step.kind != Kind::bundle) return {};
  const auto obstacles = resources::seal_obstacles(tree, step.code.layout, step.depth > 0);
  if (!obstacles) return in_bundle(root, obstacles.error());
  if (obstacles->empty()) return {};
  if (!job_.strict) {
    for (const resources::Problem& each : *obstacles) {
      obstacles_[step.path].push_back(resources::cause_of(each));
    }
    return {};
  }
  const Cause cause = resources::cause_of(obstacles->front());
  const std::string more =
      obstacles->size() == 1 ? "" : fmt::format(" (and {} more)", obstacles->size() - 1);
  return failed(FailureKind::obstacle,
                "codesign --verify --strict would refuse it: " + cause.message + more,
                join_path(root, cause.where), "fix or remove it; --no-strict signs anyway");
}

Result<void, Failure> PathSigner::check_scopes(const Order& order) {
  for (const Scope& scope : job_.scopes) {
    const bool any = std::ranges::any_of(order, [&](const resources::SigningStep& step) {
      return is_signed_by(step.kind) && concerns(scope, step);
    });
    if (!any) return no_such_code(scope);
  }
  return {};
}

// What is known to fail fails before anything is written.
Result<void, Failure> PathSigner::preflight(const std::string& root, DiskTree& tree,
                                            const Order& order) {
  TENON_TRY(check_scopes(order));
  if (job_.remove) return {};
  for (const resources::SigningStep& step : order) TENON_TRY(check_step(root, tree, step));
  return all_read(tree, root);
}

SignOptions PathSigner::options_of(const resources::SigningStep& step, bool outermost) const {
  SignOptions options = options_;
  // Entitlements and a name belong to one program: that of the outermost bundle.
  if (!outermost) {
    options.entitlements.reset();
    options.identifier.clear();
    options.requirements.clear();
  }
  for (const Scope& scope : job_.scopes) {
    if (!concerns(scope, step)) continue;
    if (scope.entitlements) options.entitlements = scope.entitlements;
    if (scope.entitlements) options.drop_entitlements = false;
    if (scope.flags) options.flags = scope.flags;
  }
  return options;
}

Result<void, Failure> PathSigner::bundle_step(const std::string& root, DiskTree& tree,
                                              const resources::SigningStep& step, bool outermost) {
  if (!is_signed_by(step.kind)) {
    steps.push_back(untouched(root, step));
    return {};
  }
  SignOptions options = options_of(step, outermost);
  const std::string path = join_path(root, step.path);
  if (step.kind != Kind::bundle) return file({path, root}, path, word_of(step), options);
  const resources::BundleLayout& layout = step.code.layout;
  options.bundle_identifier = layout.identifier;
  if (job_.remove) return unsealed_bundle(root, layout, options);
  const std::size_t before = steps.size();
  TENON_TRY(sealed_bundle(root, tree, layout, std::move(options)));
  if (steps.size() == before) return {};
  steps.back().what = word_of(step);
  steps.back().obstacles = obstacles_[step.path];
  return {};
}

Result<void, Failure> PathSigner::unsealed_bundle(const std::string& root,
                                                  const resources::BundleLayout& layout,
                                                  const SignOptions& options) {
  const std::string folder = join_path(root, layout.signature_folder());
  if (layout.executable.empty()) {
    steps.push_back({join_path(root, layout.root), "bundle", false, {}, {}, {}});
  } else {
    const std::string executable = join_path(root, layout.executable);
    TENON_TRY(file({executable, root}, executable, "bundle", options));
  }
  if (job_.dry_run) return {};
  const auto removed = remove_below(root, folder);
  if (!removed) return io_failure(removed.error(), folder);
  return {};
}

Result<void, Failure> PathSigner::sealed_bundle(const std::string& root, DiskTree& tree,
                                                const resources::BundleLayout& layout,
                                                SignOptions options) {
  auto code_resources = resources::build_code_resources(
      tree, layout, {},
      [&](const std::string&, const resources::Code& code) { return nested_entry(tree, code); });
  if (!code_resources && !job_.dry_run) return in_bundle(root, code_resources.error());
  std::optional<FileTree::Content> info;
  if (!layout.info_plist.empty()) {
    auto read = tree.read(layout.info_plist);
    if (!read) return io_failure(read.error(), join_path(root, layout.info_plist));
    info = *std::move(read);
    options.info_plist = info->bytes;
  }
  TENON_TRY(all_read(tree, root));
  const std::string text = code_resources ? *code_resources : std::string();
  options.code_resources = view_of(text);
  std::optional<Seal> seal;
  if (!job_.dry_run) {
    auto prepared = Seal::prepare(root, tree, layout, text, staging_);
    if (!prepared) return io_failure(prepared.error(), join_path(root, layout.code_resources()));
    seal.emplace(*std::move(prepared));
  }
  Seal* const place = seal ? &*seal : nullptr;
  if (layout.executable.empty()) return codeless_bundle(root, tree, layout, options, place);
  const Place executable{join_path(root, layout.executable), root};
  TENON_TRY(file(executable, executable.path, "bundle", options, place));
  return place == nullptr ? Result<void, Failure>() : purge(root, tree, layout);
}

Result<void, Failure> PathSigner::codeless_bundle(const std::string& root, DiskTree& tree,
                                                  const resources::BundleLayout& layout,
                                                  const SignOptions& options, Seal* seal) {
  const std::string path = join_path(root, layout.root);
  const auto old = resources::read_signature_files(tree, layout);
  if (!old) return io_failure(old.error(), join_path(root, layout.signature_folder()));
  SignOptions mine = options;
  mine.file_name = base_name(path);
  auto made = sign_codeless(*old ? std::optional(ByteView(**old)) : std::nullopt, mine);
  if (!made) return in_bundle(root, std::move(made).error());
  SignStep step{path, "bundle", true, {made->slice}, std::move(made->lost), {}};
  if (seal != nullptr) {
    Components components;
    components.info_plist = options.info_plist;
    components.code_resources = options.code_resources;
    const auto blob = made->signature.super_blob();
    FileVerdict verdict;
    verdict.slices.push_back(
        verify_detached(*options.info_plist, ByteView(blob), check_options(), components));
    if (const Cause* fault = fault_of(verdict)) {
      return failed(FailureKind::check, "the new signature is not valid: " + fault->message, path,
                    "please report this with the bundle");
    }
    keep_authorities(verdict.slices);
    step.authorities = std::exchange(authorities_, {});
    TENON_TRY(write_files(root, tree, layout, made->signature, *seal, step));
  }
  steps.push_back(std::move(step));
  return {};
}

// All files are finished before the first of the names changes; the CodeDirectory, which seals the
// others, is the last.
Result<void, Failure> PathSigner::write_files(const std::string& root, DiskTree& tree,
                                              const resources::BundleLayout& layout,
                                              const sign::DetachedSignature& made, Seal& seal,
                                              SignStep& step) {
  struct File {
    const char* name;
    const sign::Bytes* bytes;
  };
  const File files[] = {{"CodeRequirements", &made.requirements},
                        {"CodeSignature", &made.cms},
                        {"CodeDirectory", &made.directory}};
  const std::string folder = join_path(root, layout.signature_folder());
  std::vector<Replacement> replacements;
  for (const File& file : files) {
    const std::string path = join_path(folder, file.name);
    auto out = Replacement::open(
        {.path = path, .root = root, .staging = staging_, .folders = MissingFolder::make});
    if (!out) return io_failure(out.error(), path);
    const auto written = out->write(*file.bytes);
    if (!written) return io_failure(written.error(), path);
    const auto notes = out->prepare();
    if (!notes) return io_failure(notes.error(), path);
    std::ranges::move(file_losses(*notes, path), std::back_inserter(step.not_kept));
    replacements.push_back(*std::move(out));
  }
  const auto sealed = seal.commit();
  if (!sealed) return io_failure(sealed.error(), join_path(root, layout.code_resources()));
  for (Replacement& each : replacements) {
    const auto done = each.commit();
    if (!done && !replacements.front().in_place()) (void)seal.take_back();
    if (!done) return io_failure(done.error(), folder);
  }
  return purge(root, tree, layout);
}

// Files of an older signature, which the new one does not seal (Writer::purgeMetaDirectory).
Result<void, Failure> PathSigner::purge(const std::string& root, DiskTree& tree,
                                        const resources::BundleLayout& layout) {
  for (const resources::SignatureFile& file : resources::signature_files()) {
    const bool written = layout.executable.empty() &&
                         (file.slot == CSSLOT_CODEDIRECTORY || file.slot == CSSLOT_REQUIREMENTS ||
                          file.slot == CSSLOT_SIGNATURESLOT);
    const std::string inside = join_tree_path(layout.signature_folder(), std::string(file.name));
    const auto kind = tree.kind(inside);
    if (!kind) return io_failure(kind.error(), join_path(root, inside));
    if (written || *kind != FileTree::Kind::file) continue;
    const auto removed = remove_below(root, join_path(root, inside));
    if (!removed) return io_failure(removed.error(), join_path(root, inside));
  }
  return {};
}

// Reads everything again. Bundles among the resources are files to the seal around them, so that
// each is verified by itself.
Result<void, Failure> PathSigner::verify_whole(const std::string& root, const Order& order) {
  const auto tree = DiskTree::open(root);
  if (!tree) return io_failure(tree.error(), root);
  std::vector<std::string> bundles{""};
  for (const resources::SigningStep& step : order) {
    const std::string& inner = step.code.layout.root;
    const bool known = std::ranges::find(bundles, inner) != bundles.end();
    if (step.kind == Kind::bundle && step.among_resources && !known) bundles.push_back(inner);
  }
  for (const std::string& inner : bundles) {
    const auto verdict = verify_bundle(**tree, inner, check_options());
    TENON_TRY(all_read(**tree, root));
    const std::string path = join_path(root, inner);
    if (!verdict) return failed(FailureKind::check, verdict.error().what, path);
    const Cause* fault = fault_of(verdict->main);
    if (fault == nullptr && verdict->main.is_signed()) continue;
    return failed(FailureKind::check,
                  fault == nullptr ? "is written, and yet not signed"
                                   : fmt::format("is signed, and not valid: {}: {}", fault->where,
                                                 fault->message),
                  path);
  }
  return {};
}

Result<void, Failure> PathSigner::bundle(const std::string& named) {
  std::string root = named;
  while (root.size() > 1 && root.ends_with('/')) root.pop_back();
  auto tree = DiskTree::open(root);
  if (!tree) return io_failure(tree.error(), root);
  const std::string real = real_path(root).value_or(root);
  staging_ = staging_folders(real);
  // Below the root as it was named, so that no link is followed there.
  for (std::string& folder : staging_) {
    if (folder.starts_with(real + '/')) folder.replace(0, real.size(), root);
  }
  const Order order = TENON_TRY(plan(root, **tree));
  TENON_TRY(preflight(root, **tree, order));
  TENON_TRY(spare_outer_seal(real));
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (interrupted()) return failed(FailureKind::interrupted, "interrupted", root);
    TENON_TRY(bundle_step(root, **tree, order[i], i + 1 == order.size()));
  }
  if (!job_.dry_run && !job_.remove) TENON_TRY(verify_whole(root, order));
  return finish_outer_seal(real);
}

}  // namespace tenon::codesign
