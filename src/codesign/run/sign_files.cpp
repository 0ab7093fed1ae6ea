#include "codesign/run/sign_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "codesign/resources/build.h"
#include "codesign/run/mapped_window.h"
#include "codesign/verify/verify.h"
#include "format/plist/plist.h"
#include "host/disk_tree.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

using identity::Expected;
using identity::failed;
using signing::SignedFile;

constexpr std::size_t copy_size = std::size_t{1} << 20U;

std::unexpected<identity::Failure> io_failure(const Error& error, const std::string& path) {
  return failed("sign.file", error.what, path);
}

Result<void> write_pieces(FileWriter& out, const std::vector<signing::Piece>& pieces,
                          ByteView source) {
  for (const signing::Piece& piece : pieces) {
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

  Expected<void> program(const std::string& path) { return file(path, "program", options_); }
  Expected<void> bundle(const std::string& root);

  std::vector<SignStep> steps;

 private:
  Expected<void> file(const std::string& path, std::string what,
                      const signing::SignOptions& options);
  Expected<void> write(const std::string& path, const SignedFile& made, ByteView source,
                       const signing::SignOptions& options);
  Expected<void> check(const FileWriter& out, const signing::SignOptions& options);
  Expected<void> bundle_step(const std::string& root, DiskTree& tree, const seal::SigningStep& step,
                             bool outermost);
  Result<seal::NestedSeal> nested_seal(DiskTree& tree, const std::string& path,
                                       const seal::Code& code);

  const SignJob& job_;
  signing::SignOptions options_;
  MappedWindow window_;
};

// What was written must hold before it takes the place of anything.
Expected<void> PathSigner::check(const FileWriter& out, const signing::SignOptions& options) {
  const auto mapping = map_file(out.temporary());
  if (!mapping) return io_failure(mapping.error(), out.temporary());
  signing::VerifyOptions verify;
  verify.threads = options.threads;
  verify.window = options.window;
  if (options.who != nullptr) verify.trust.roots = {options.who->chain.back()};
  const codesign::Components components{options.info_plist, options.code_resources, std::nullopt};
  const auto verdict = signing::verify_file(mapping->view(), verify, components);
  if (!verdict) return io_failure(verdict.error(), out.temporary());
  for (const signing::SliceVerdict& slice : verdict->slices) {
    for (const signing::Judgement* each : {&slice.integrity, &slice.identity, &slice.trust}) {
      if (each->state != signing::State::invalid) continue;
      return failed("sign.check",
                    "the new signature does not hold: " + each->causes.front().message,
                    each->causes.front().where, "please report this with the file");
    }
  }
  return {};
}

Expected<void> PathSigner::write(const std::string& path, const SignedFile& made, ByteView source,
                                 const signing::SignOptions& options) {
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

Expected<void> PathSigner::file(const std::string& path, std::string what,
                                const signing::SignOptions& options) {
  // A link is followed: its target is what is signed.
  const std::string real = real_path(path).value_or(path);
  const auto mapping = map_file(real);
  if (!mapping) return io_failure(mapping.error(), path);
  signing::SignOptions mine = options;
  mine.file_name = base_name(path);
  auto made = job_.remove ? signing::strip_file(mapping->view())
                          : signing::sign_file(mapping->view(), mine);
  if (!made) {
    if (made.error().where.empty()) made.error().where = path;
    return std::unexpected(std::move(made).error());
  }
  if (!job_.dry_run) TENON_TRY(write(real, *made, mapping->view(), mine));
  steps.push_back({path, std::move(what), mine.code_resources.has_value(), std::move(made->slices),
                   std::move(made->lost)});
  return {};
}

// What the seal of the outer bundle says of code inside, which is signed by now.
Result<seal::NestedSeal> PathSigner::nested_seal(DiskTree& tree, const std::string& path,
                                                 const seal::Code& code) {
  if (options_.who == nullptr) return seal::adhoc_seal(tree, code);
  if (code.executable.empty()) return fail(Errc::unsupported, "code without a Mach-O file");
  const auto content = TENON_TRY(tree.read(code.executable));
  signing::VerifyOptions verify;
  verify.window = options_.window;
  const auto verdict = TENON_TRY(signing::verify_file(content.bytes, verify));
  const auto best = std::ranges::find(verdict.slices, "arm64", &signing::SliceVerdict::arch);
  const auto& slice = best == verdict.slices.end() ? verdict.slices.front() : *best;
  if (!slice.is_signed()) return fail(Errc::not_found, "nested code that is not signed");
  static_cast<void>(path);
  seal::NestedSeal out;
  out.requirement = slice.requirement;
  const auto hashes = seal::code_hashes(content.bytes);
  if (hashes.empty()) return fail(Errc::not_found, "nested code that is not signed");
  const std::size_t index = static_cast<std::size_t>(&slice - verdict.slices.data());
  out.cdhash = hashes[std::min(index, hashes.size() - 1)];
  return out;
}

Expected<void> PathSigner::bundle_step(const std::string& root, DiskTree& tree,
                                       const seal::SigningStep& step, bool outermost) {
  signing::SignOptions options = options_;
  // Entitlements and a name belong to one program: that of the outermost bundle.
  if (!outermost) {
    options.entitlements.reset();
    options.identifier.clear();
    options.requirements.clear();
  }
  using Kind = seal::SigningStep::Kind;
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
  const seal::BundleLayout& layout = step.code.layout;
  if (layout.executable.empty()) {
    return failed("sign.bundle", "a bundle without code is not signed here",
                  join_path(root, step.path));
  }
  options.bundle_identifier = layout.identifier;
  const std::string executable = join_path(root, layout.executable);
  if (job_.remove) {
    remove_tree(join_path(root, layout.signature_folder()));
    return file(executable, "bundle", options);
  }
  auto resources = seal::build_code_resources(tree, layout, {},
                                              [&](const std::string& path, const seal::Code& code) {
                                                return nested_seal(tree, path, code);
                                              });
  if (!resources && !job_.dry_run) {
    return failed("sign.bundle", resources.error().error.what,
                  join_path(root, resources.error().path));
  }
  std::optional<FileTree::Content> info;
  if (!layout.info_plist.empty()) {
    if (auto read = tree.read(layout.info_plist)) {
      info = *std::move(read);
      options.info_plist = info->bytes;
    }
  }
  const std::string text = resources ? *resources : std::string();
  options.code_resources = view_of(text);
  if (!job_.dry_run) {
    const auto written = write_text(join_path(root, layout.code_resources()), text);
    if (!written) return io_failure(written.error(), layout.code_resources());
  }
  return file(executable, "bundle", options);
}

Expected<void> PathSigner::bundle(const std::string& root) {
  auto tree = DiskTree::open(root);
  if (!tree) return io_failure(tree.error(), root);
  const auto order = seal::signing_order(**tree, "");
  if (!order)
    return failed("sign.bundle", order.error().error.what, join_path(root, order.error().path));
  for (std::size_t i = 0; i < order->size(); ++i) {
    if (interrupted()) return failed("sign.interrupted", "interrupted", root);
    TENON_TRY(bundle_step(root, **tree, (*order)[i], i + 1 == order->size()));
  }
  return {};
}

}  // namespace

Expected<std::vector<SignStep>> sign_path(const std::string& path, const SignJob& job) {
  PathSigner signer(job);
  if (is_folder(path)) {
    TENON_TRY(signer.bundle(path));
  } else {
    TENON_TRY(signer.program(path));
  }
  return std::move(signer.steps);
}

identity::TimestampFetch timestamp_service(const std::string& url) {
  return [url](const identity::Bytes& request) -> Expected<identity::Bytes> {
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
      return failed("sign.timestamp", "curl, which asks for the timestamp, cannot be started", url,
                    "install curl, or sign with --no-timestamp");
    }
    if (!exit->ok()) {
      std::string why = exit->timed_out ? "no answer in time" : exit->err;
      while (!why.empty() && why.back() == '\n') why.pop_back();
      return failed("sign.timestamp", "the timestamp service gave no answer: " + why, url,
                    "try again, or name another with --timestamp-url");
    }
    const auto bytes = view_of(exit->out).bytes();
    return identity::Bytes(bytes.begin(), bytes.end());
  };
}

}  // namespace tenon
