#include "codesign/run/sign_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
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
#include "base/unread.h"
#include "codesign/blob/codesign.h"
#include "codesign/cms/der.h"
#include "codesign/cms/timestamp.h"
#include "codesign/failure.h"
#include "codesign/resources/build.h"
#include "codesign/resources/code.h"
#include "codesign/resources/layout.h"
#include "codesign/run/bundle_of.h"
#include "codesign/run/seal.h"
#include "codesign/sign/sign.h"
#include "codesign/sign/step.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/verify.h"
#include "host/disk_tree.h"
#include "host/files.h"
#include "host/folder_below.h"
#include "host/locked_file.h"
#include "host/mapped_window.h"
#include "host/mapping.h"
#include "host/process.h"
#include "host/replacement.h"

namespace tenon::codesign {
namespace {

constexpr std::size_t copy_size = std::size_t{1} << 20U;

std::unexpected<Failure> io_failure(const Error& error, const std::string& path) {
  return failed(FailureKind::file, error, path);
}

// A failure names a path in the tree of the bundle; people know the one from outside.
std::unexpected<Failure> in_bundle(const std::string& root, Failure failure) {
  failure.where = join_path(root, failure.where);
  return std::unexpected(std::move(failure));
}

Result<void> write_pieces(Replacement& out, const std::vector<Piece>& pieces, ByteView source) {
  for (const Piece& piece : pieces) {
    if (!piece.bytes.empty()) {
      TENON_TRY(out.write(piece.bytes));
      continue;
    }
    for (std::uint64_t at = 0; at < piece.size; at += copy_size) {
      const auto part = TENON_TRY(
          source.slice(piece.from + at, std::min<std::uint64_t>(copy_size, piece.size - at)));
      expect_mapped(part.bytes());
      TENON_TRY(out.write(part.bytes()));
      release_mapped(part.bytes());
    }
  }
  return {};
}

// A file to sign: below `root` no link is followed; empty: the path names the file itself.
struct Place {
  std::string path, root;
};

// Everything that the tree was asked for was there to be read.
Result<void, Failure> all_read(const DiskTree& tree, const std::string& root) {
  const std::vector<Unread> unread = tree.unread();
  if (unread.empty()) return {};
  const Unread& first = unread.front();
  return failed(FailureKind::unread, first.error, join_path(root, first.path));
}

Cause unsynced(const std::string& where) {
  return make_cause(
      "file.unsynced",
      "the directory cannot be synced to disk: a power loss may bring the old file back", where);
}

// What became of the old file's state, for the report.
std::vector<Cause> file_losses(const ReplacementNotes& notes, const std::string& where) {
  std::vector<Cause> out;
  if (notes.owner_lost) {
    out.push_back(make_cause("file.owner", "its owner or group could not be kept", where));
  }
  if (notes.set_id_dropped) {
    out.push_back(make_cause(
        "file.set-id", "the set-user-ID and set-group-ID bits were dropped with its owner", where));
  }
  for (const std::string& name : notes.attributes_lost) {
    out.push_back(
        make_cause("file.attribute", "an extended attribute could not be kept: " + name, where));
  }
  if (notes.other_names != 0) {
    out.push_back(
        make_cause("file.hard-links",
                   fmt::format("{} other {} (hard links) still lead to the old file",
                               notes.other_names, notes.other_names == 1 ? "name" : "names"),
                   where));
  }
  return out;
}

class PathSigner {
 public:
  explicit PathSigner(const SignJob& job) : job_(job), options_(job.options) {
    options_.window = &window_;
  }

  Result<void, Failure> program(const std::string& path);
  Result<void, Failure> bundle(const std::string& root);

  std::vector<SignStep> steps;

 private:
  Result<void, Failure> file(const Place& place, const std::string& shown, std::string what,
                             const SignOptions& options, Seal* seal = nullptr);
  Result<std::vector<Cause>, Failure> write(const Place& place, const LockedFile& source,
                                            const SignedFile& made, const SignOptions& options,
                                            Seal* seal);
  Result<void, Failure> check(const Replacement& out, const SignOptions& options);
  Result<void, Failure> bundle_step(const std::string& root, DiskTree& tree,
                                    const resources::SigningStep& step, bool outermost);
  Result<void, Failure> sealed_bundle(const std::string& root, DiskTree& tree,
                                      const resources::BundleLayout& layout, SignOptions options);
  Result<void, Failure> unsealed_bundle(const std::string& root,
                                        const resources::BundleLayout& layout,
                                        const SignOptions& options);
  Result<resources::NestedEntry> nested_entry(DiskTree& tree, const resources::Code& code);

  const SignJob& job_;
  SignOptions options_;
  MappedWindow window_;
  std::vector<std::string> staging_;
};

// What was written must hold before it takes the place of anything.
Result<void, Failure> PathSigner::check(const Replacement& out, const SignOptions& options) {
  const auto mapping = map_file(out.readable());
  if (!mapping) return io_failure(mapping.error(), out.readable());
  VerifyOptions verify;
  verify.threads = options.threads;
  verify.window = options.window;
  if (options.who != nullptr) verify.trust.roots = {options.who->chain.back()};
  const Components components{options.info_plist, options.code_resources, std::nullopt};
  const auto verdict = verify_file(mapping->view(), verify, components);
  if (!verdict) return io_failure(verdict.error(), out.readable());
  for (const SliceVerdict& slice : verdict->slices) {
    for (const Verdict* each : {&slice.integrity, &slice.identity, &slice.trust}) {
      if (each->state != State::invalid) continue;
      return failed(FailureKind::check,
                    "the new signature is not valid: " + each->causes.front().message,
                    each->causes.front().where, "please report this with the file");
    }
  }
  return {};
}

// A piece that could not be written because the source was cut short is the source's fault.
Result<void> write_all(Replacement& out, const SignedFile& made, const LockedFile& source) {
  const auto written = write_pieces(out, made.pieces, source.view());
  TENON_TRY(source.unchanged());
  return written;
}

Result<std::vector<Cause>, Failure> PathSigner::write(const Place& place, const LockedFile& source,
                                                      const SignedFile& made,
                                                      const SignOptions& options, Seal* seal) {
  auto out = Replacement::open(
      {.path = place.path, .root = place.root, .source = source.identity(), .staging = staging_});
  if (!out) return io_failure(out.error(), place.path);
  if (const auto written = write_all(*out, made, source); !written) {
    return io_failure(written.error(), place.path);
  }
  if (!job_.remove) TENON_TRY(check(*out, options));
  // All that can fail is done before the first of the two names changes.
  const auto notes = out->prepare();
  if (!notes) return io_failure(notes.error(), place.path);
  std::vector<Cause> not_kept = file_losses(*notes, place.path);
  if (seal != nullptr) {
    const auto sealed = seal->commit();
    if (!sealed) return io_failure(sealed.error(), place.path);
    std::ranges::move(file_losses(*sealed, "CodeResources"), std::back_inserter(not_kept));
  }
  const auto done = out->commit();
  if (done && done->unsynced) not_kept.push_back(unsynced(place.path));
  if (!done && seal != nullptr && !out->in_place()) (void)seal->take_back();
  if (!done) return io_failure(done.error(), place.path);
  return not_kept;
}

Result<void, Failure> PathSigner::file(const Place& place, const std::string& shown,
                                       std::string what, const SignOptions& options, Seal* seal) {
  const auto source = LockedFile::open(place.path, place.root);
  if (!source) return io_failure(source.error(), shown);
  SignOptions mine = options;
  mine.file_name = base_name(shown);
  auto made = job_.remove ? strip_file(source->view()) : sign_file(source->view(), mine);
  if (const auto same = source->unchanged(); !same) return io_failure(same.error(), shown);
  if (!made) {
    if (made.error().where.empty()) made.error().where = shown;
    return std::unexpected(std::move(made).error());
  }
  SignStep step{shown,
                std::move(what),
                mine.code_resources.has_value(),
                std::move(made->slices),
                std::move(made->lost),
                {}};
  if (!job_.dry_run) step.not_kept = TENON_TRY(write(place, *source, *made, mine, seal));
  steps.push_back(std::move(step));
  return {};
}

// A link is followed: its target is what is signed.
Result<void, Failure> PathSigner::program(const std::string& path) {
  const std::string real = real_path(path).value_or(path);
  staging_ = staging_folders(real);
  return file({real, {}}, path, "program", options_);
}

// The entry of the outer bundle's CodeResources for code inside, which is signed by now.
Result<resources::NestedEntry> PathSigner::nested_entry(DiskTree& tree,
                                                        const resources::Code& code) {
  if (options_.who == nullptr) return resources::adhoc_entry(tree, code);
  if (code.executable.empty()) return fail(Errc::unsupported, "code without a Mach-O file");
  const auto content = TENON_TRY(tree.read(code.executable));
  VerifyOptions verify;
  verify.window = options_.window;
  const auto verdict = TENON_TRY(verify_file(content.bytes, verify));
  const auto best = std::ranges::find(verdict.slices, "arm64", &SliceVerdict::arch);
  const auto& slice = best == verdict.slices.end() ? verdict.slices.front() : *best;
  if (!slice.is_signed()) return fail(Errc::not_found, "nested code that is not signed");
  resources::NestedEntry out;
  out.requirement = slice.requirement;
  const auto hashes = resources::code_hashes(content.bytes);
  if (hashes.empty()) return fail(Errc::not_found, "nested code that is not signed");
  const std::size_t index = static_cast<std::size_t>(&slice - verdict.slices.data());
  out.cdhash = hashes[std::min(index, hashes.size() - 1)];
  return out;
}

Result<void, Failure> PathSigner::bundle_step(const std::string& root, DiskTree& tree,
                                              const resources::SigningStep& step, bool outermost) {
  SignOptions options = options_;
  // Entitlements and a name belong to one program: that of the outermost bundle.
  if (!outermost) {
    options.entitlements.reset();
    options.identifier.clear();
    options.requirements.clear();
  }
  using Kind = resources::SigningStep::Kind;
  if (step.kind == Kind::generic) {
    steps.push_back({join_path(root, step.path),
                     "skipped: not a Mach-O file; codesign would sign it in extended attributes, "
                     "which archives drop",
                     false,
                     {},
                     {},
                     {}});
    return {};
  }
  const std::string path = join_path(root, step.path);
  if (step.kind != Kind::bundle) {
    return file({path, root}, path,
                step.kind == Kind::macho ? "nested code" : "code among the resources", options);
  }
  const resources::BundleLayout& layout = step.code.layout;
  if (layout.executable.empty()) {
    return failed(FailureKind::bundle, "tenon does not sign a bundle without code", path);
  }
  options.bundle_identifier = layout.identifier;
  return job_.remove ? unsealed_bundle(root, layout, options)
                     : sealed_bundle(root, tree, layout, std::move(options));
}

Result<void, Failure> PathSigner::unsealed_bundle(const std::string& root,
                                                  const resources::BundleLayout& layout,
                                                  const SignOptions& options) {
  const std::string executable = join_path(root, layout.executable);
  TENON_TRY(file({executable, root}, executable, "bundle", options));
  if (job_.dry_run) return {};
  const std::string folder = join_path(root, layout.signature_folder());
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
  const Place executable{join_path(root, layout.executable), root};
  if (job_.dry_run) return file(executable, executable.path, "bundle", options);
  auto seal = Seal::prepare(root, tree, layout, text, staging_);
  if (!seal) return io_failure(seal.error(), join_path(root, layout.code_resources()));
  return file(executable, executable.path, "bundle", options, &*seal);
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
  const auto order = resources::signing_order(**tree, "");
  TENON_TRY(all_read(**tree, root));
  if (!order) return in_bundle(root, order.error());
  for (std::size_t i = 0; i < order->size(); ++i) {
    if (interrupted()) return failed(FailureKind::interrupted, "interrupted", root);
    TENON_TRY(bundle_step(root, **tree, (*order)[i], i + 1 == order->size()));
  }
  return {};
}

}  // namespace

Result<std::vector<SignStep>, Failure> sign_path(const std::string& path, const SignJob& job) {
  PathSigner signer(job);
  if (is_folder(path)) {
    TENON_TRY(signer.bundle(path));
  } else {
    TENON_TRY(signer.program(path));
  }
  return std::move(signer.steps);
}

cms::TimestampFetch timestamp_service(const std::string& url) {
  return [url](const cms::Bytes& request) -> Result<cms::Bytes, Failure> {
    Command command;
    command.argv = {"curl",
                    "--silent",
                    "--show-error",
                    "--fail",
                    "--location",
                    "--max-time",
                    "30",
                    "--retry",
                    "2",
                    "--retry-connrefused",
                    "--request",
                    "POST",
                    "--header",
                    "Content-Type: application/timestamp-query",
                    "--data-binary",
                    "@-",
                    url};
    command.input = std::string(reinterpret_cast<const char*>(request.data()), request.size());
    command.deadline = std::chrono::seconds(100);
    const auto exit = run(command);
    if (!exit) {
      return failed(FailureKind::timestamp_service,
                    "cannot start curl, which requests the timestamp", url,
                    "install curl, or sign with --no-timestamp");
    }
    if (!exit->ok()) {
      std::string why = exit->timed_out ? "no answer in time" : exit->err;
      while (!why.empty() && why.back() == '\n') why.pop_back();
      return failed(FailureKind::timestamp_service, "the timestamp service did not respond: " + why,
                    url, "try again, or name another with --timestamp-url");
    }
    const auto bytes = view_of(exit->out).bytes();
    return cms::Bytes(bytes.begin(), bytes.end());
  };
}

}  // namespace tenon::codesign
