#include "codesign/run/sign_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/path.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/cms/der.h"
#include "codesign/cms/timestamp.h"
#include "codesign/failure.h"
#include "codesign/resources/build.h"
#include "codesign/resources/code.h"
#include "codesign/resources/layout.h"
#include "codesign/sign/sign.h"
#include "codesign/sign/step.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/verify.h"
#include "host/disk_tree.h"
#include "host/files.h"
#include "host/mapped_window.h"
#include "host/process.h"

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

Result<void> write_pieces(FileWriter& out, const std::vector<Piece>& pieces, ByteView source) {
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

class PathSigner {
 public:
  explicit PathSigner(const SignJob& job) : job_(job), options_(job.options) {
    options_.window = &window_;
  }

  Result<void, Failure> program(const std::string& path) { return file(path, "program", options_); }
  Result<void, Failure> bundle(const std::string& root);

  std::vector<SignStep> steps;

 private:
  Result<void, Failure> file(const std::string& path, std::string what, const SignOptions& options);
  Result<void, Failure> write(const std::string& path, const SignedFile& made, ByteView source,
                              const SignOptions& options);
  Result<void, Failure> check(const FileWriter& out, const SignOptions& options);
  Result<void, Failure> bundle_step(const std::string& root, DiskTree& tree,
                                    const resources::SigningStep& step, bool outermost);
  Result<resources::NestedEntry> nested_entry(DiskTree& tree, const resources::Code& code);

  const SignJob& job_;
  SignOptions options_;
  MappedWindow window_;
};

// What was written must hold before it takes the place of anything.
Result<void, Failure> PathSigner::check(const FileWriter& out, const SignOptions& options) {
  const auto mapping = map_file(out.temporary());
  if (!mapping) return io_failure(mapping.error(), out.temporary());
  VerifyOptions verify;
  verify.threads = options.threads;
  verify.window = options.window;
  if (options.who != nullptr) verify.trust.roots = {options.who->chain.back()};
  const Components components{options.info_plist, options.code_resources, std::nullopt};
  const auto verdict = verify_file(mapping->view(), verify, components);
  if (!verdict) return io_failure(verdict.error(), out.temporary());
  for (const SliceVerdict& slice : verdict->slices) {
    for (const Verdict* each : {&slice.integrity, &slice.identity, &slice.trust}) {
      if (each->state != State::invalid) continue;
      return failed(FailureKind::check,
                    "the new signature does not hold: " + each->causes.front().message,
                    each->causes.front().where, "please report this with the file");
    }
  }
  return {};
}

Result<void, Failure> PathSigner::write(const std::string& path, const SignedFile& made,
                                        ByteView source, const SignOptions& options) {
  const auto info = file_info(path);
  auto out = FileWriter::open(path, info ? info->mode & 07777U : 0755U);
  if (!out) return io_failure(out.error(), path);
  if (const auto written = write_pieces(*out, made.pieces, source); !written) {
    return io_failure(written.error(), path);
  }
  if (!job_.remove) TENON_TRY(check(*out, options));
  if (const auto done = out->commit(); !done) return io_failure(done.error(), path);
  return {};
}

Result<void, Failure> PathSigner::file(const std::string& path, std::string what,
                                       const SignOptions& options) {
  // A link is followed: its target is what is signed.
  const std::string real = real_path(path).value_or(path);
  const auto mapping = map_file(real);
  if (!mapping) return io_failure(mapping.error(), path);
  SignOptions mine = options;
  mine.file_name = base_name(path);
  auto made = job_.remove ? strip_file(mapping->view()) : sign_file(mapping->view(), mine);
  if (!made) {
    if (made.error().where.empty()) made.error().where = path;
    return std::unexpected(std::move(made).error());
  }
  if (!job_.dry_run) TENON_TRY(write(real, *made, mapping->view(), mine));
  steps.push_back({path, std::move(what), mine.code_resources.has_value(), std::move(made->slices),
                   std::move(made->lost)});
  return {};
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
                     "skipped: no Mach-O file; it would be signed in extended attributes, which no "
                     "archive keeps",
                     false,
                     {},
                     {}});
    return {};
  }
  if (step.kind != Kind::bundle) {
    return file(join_path(root, step.path),
                step.kind == Kind::macho ? "nested code" : "code among the resources", options);
  }
  const resources::BundleLayout& layout = step.code.layout;
  if (layout.executable.empty()) {
    return failed(FailureKind::bundle, "a bundle without code is not signed here",
                  join_path(root, step.path));
  }
  options.bundle_identifier = layout.identifier;
  const std::string executable = join_path(root, layout.executable);
  if (job_.remove) {
    remove_tree(join_path(root, layout.signature_folder()));
    return file(executable, "bundle", options);
  }
  auto code_resources = resources::build_code_resources(
      tree, layout, {},
      [&](const std::string&, const resources::Code& code) { return nested_entry(tree, code); });
  if (!code_resources && !job_.dry_run) {
    return in_bundle(root, code_resources.error());
  }
  std::optional<FileTree::Content> info;
  if (!layout.info_plist.empty()) {
    if (auto read = tree.read(layout.info_plist)) {
      info = *std::move(read);
      options.info_plist = info->bytes;
    }
  }
  const std::string text = code_resources ? *code_resources : std::string();
  options.code_resources = view_of(text);
  if (!job_.dry_run) {
    const auto written = write_text(join_path(root, layout.code_resources()), text);
    if (!written) return io_failure(written.error(), layout.code_resources());
  }
  return file(executable, "bundle", options);
}

Result<void, Failure> PathSigner::bundle(const std::string& root) {
  auto tree = DiskTree::open(root);
  if (!tree) return io_failure(tree.error(), root);
  const auto order = resources::signing_order(**tree, "");
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
                    "curl, which asks for the timestamp, cannot be started", url,
                    "install curl, or sign with --no-timestamp");
    }
    if (!exit->ok()) {
      std::string why = exit->timed_out ? "no answer in time" : exit->err;
      while (!why.empty() && why.back() == '\n') why.pop_back();
      return failed(FailureKind::timestamp_service, "the timestamp service gave no answer: " + why,
                    url, "try again, or name another with --timestamp-url");
    }
    const auto bytes = view_of(exit->out).bytes();
    return cms::Bytes(bytes.begin(), bytes.end());
  };
}

}  // namespace tenon::codesign
