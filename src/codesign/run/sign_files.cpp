#include "codesign/run/sign_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <iterator>
#include <optional>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/path.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/cms/cms.h"
#include "codesign/failure.h"
#include "codesign/run/bundle_of.h"
#include "codesign/run/path_signer.h"
#include "codesign/run/seal.h"
#include "codesign/sign/request.h"
#include "codesign/sign/sign.h"
#include "codesign/sign/step.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/verify.h"
#include "format/macho/macho.h"
#include "host/files.h"
#include "host/locked_file.h"
#include "host/mapping.h"
#include "host/replacement.h"

namespace tenon::codesign {
namespace {

constexpr std::size_t copy_size = std::size_t{1} << 20U;

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

Cause unsynced(const std::string& where) {
  return make_cause(
      "file.unsynced",
      "the directory cannot be synced to disk: a power loss may bring the old file back", where);
}

}  // namespace

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

// As verify --strict, with the signer's root.
VerifyOptions PathSigner::check_options() const {
  VerifyOptions verify;
  verify.threads = options_.threads;
  verify.window = options_.window;
  verify.strict = job_.strict;
  if (options_.who != nullptr) verify.trust.roots = {options_.who->chain.back()};
  return verify;
}

void PathSigner::keep_authorities(const std::vector<SliceVerdict>& slices) {
  for (const SliceVerdict& slice : slices) {
    if (!slice.cms || !slice.cms->token) continue;
    for (const cms::Certificate& each : slice.cms->token->certificates | std::views::drop(1)) {
      const auto same = [&](const cms::Certificate& known) { return known.sha256 == each.sha256; };
      if (std::ranges::none_of(authorities_, same)) authorities_.push_back(each);
    }
  }
}

// What was written must hold before it takes the place of anything.
Result<void, Failure> PathSigner::check(const Replacement& out, const SignOptions& options,
                                        bool pages_known) {
  const auto mapping = map_file(out.readable());
  if (!mapping) return io_failure(mapping.error(), out.readable());
  VerifyOptions verify = check_options();
  verify.pages_known = pages_known;
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
  keep_authorities(verdict->slices);
  return {};
}

// A piece that could not be written because the source was cut short is the source's fault.
static Result<void> write_all(Replacement& out, const SignedFile& made, const LockedFile& source) {
  const auto written = write_pieces(out, made.pieces, source.view());
  TENON_TRY(source.unchanged());
  return written;
}

static Result<Replacement> replacement_of(const Place& place, const LockedFile& source,
                                          const std::vector<std::string>& staging) {
  return Replacement::open(
      {.path = place.path, .root = place.root, .source = source.identity(), .staging = staging});
}

namespace {

// A piece with its place in the new file.
struct PlacedPiece {
  const Piece* piece;
  std::uint64_t at;
};

// Makes of a copy of the source the new file. The pieces that stay are in order in both, so that
// one which moves to the front meets only what moved before it, and one which moves to the end
// only what lies behind it and moved already. What is new is written at last.
Result<void> change_in_place(Replacement& copy, const std::vector<Piece>& pieces) {
  std::vector<PlacedPiece> placed;
  std::uint64_t end = 0;
  for (const Piece& piece : pieces) {
    placed.push_back({&piece, end});
    end += piece.bytes.empty() ? piece.size : piece.bytes.size();
  }
  for (const auto& [piece, at] : placed) {
    if (piece->bytes.empty() && at < piece->from) {
      TENON_TRY(copy.move(piece->from, at, piece->size));
    }
  }
  for (const auto& [piece, at] : placed | std::views::reverse) {
    if (piece->bytes.empty() && at > piece->from) {
      TENON_TRY(copy.move(piece->from, at, piece->size));
    }
  }
  for (const auto& [piece, at] : placed) TENON_TRY(copy.write_at(at, piece->bytes));
  return copy.cut(end);
}

}  // namespace

Result<std::vector<Cause>, Failure> PathSigner::put_in_place(const Place& place, Replacement& out,
                                                             Seal* seal) {
  // All that can fail is done before the first of the two names changes.
  const auto notes = out.prepare();
  if (!notes) return io_failure(notes.error(), place.path);
  std::vector<Cause> not_kept = file_losses(*notes, place.path);
  if (seal != nullptr) {
    const auto sealed = seal->commit();
    if (!sealed) return io_failure(sealed.error(), place.path);
    std::ranges::move(file_losses(*sealed, "CodeResources"), std::back_inserter(not_kept));
  }
  const auto done = out.commit();
  if (done && done->unsynced) not_kept.push_back(unsynced(place.path));
  if (!done && seal != nullptr && !out.in_place()) (void)seal->take_back();
  if (!done) return io_failure(done.error(), place.path);
  return not_kept;
}

Result<std::vector<Cause>, Failure> PathSigner::write(const Place& place, const LockedFile& source,
                                                      const SignedFile& made,
                                                      const SignOptions& options, Seal* seal) {
  auto out = replacement_of(place, source, staging_);
  if (!out) return io_failure(out.error(), place.path);
  if (const auto written = write_all(*out, made, source); !written) {
    return io_failure(written.error(), place.path);
  }
  if (!job_.remove) TENON_TRY(check(*out, options, false));
  return put_in_place(place, *out, seal);
}

// The file is copied, hashed in the copy, which nobody else can write, and gets its new heads and
// its signatures there; slices behind a signature that grew are moved. So each byte is hashed once,
// and what was hashed is what is put in place.
Result<SignedFile, Failure> PathSigner::signed_in_copy(const Place& place, const LockedFile& source,
                                                       const SignOptions& options,
                                                       Replacement& copy) {
  if (const auto done = copy.copy(source.descriptor(), source.view().size()); !done) {
    return io_failure(done.error(), place.path);
  }
  if (const auto same = source.unchanged(); !same) return io_failure(same.error(), place.path);
  const auto mapping = map_file(copy.readable());
  if (!mapping) return io_failure(mapping.error(), place.path);
  auto made = sign_file(mapping->view(), options);
  if (!made) return made;
  if (const auto done = change_in_place(copy, made->pieces); !done) {
    return io_failure(done.error(), place.path);
  }
  TENON_TRY(check(copy, options, true));
  return made;
}

Result<void, Failure> PathSigner::file(const Place& place, const std::string& shown,
                                       std::string what, const SignOptions& options, Seal* seal) {
  const auto source = LockedFile::open(place.path, place.root);
  if (!source) return io_failure(source.error(), shown);
  SignOptions mine = options;
  mine.file_name = base_name(shown);
  const bool in_copy = !job_.remove && !job_.dry_run && macho::slices(source->view()).has_value();
  auto copy = in_copy ? replacement_of(place, *source, staging_) : fail(Errc::invalid_argument, "");
  auto made = job_.remove ? strip_file(source->view())
              : copy      ? signed_in_copy(place, *source, mine, *copy)
                          : sign_file(source->view(), mine);
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
  if (in_copy && !copy) return io_failure(copy.error(), place.path);
  if (copy) {
    step.not_kept = TENON_TRY(put_in_place(place, *copy, seal));
  } else if (!job_.dry_run) {
    step.not_kept = TENON_TRY(write(place, *source, *made, mine, seal));
  }
  step.authorities = std::exchange(authorities_, {});
  steps.push_back(std::move(step));
  return {};
}

// A link is followed: its target is what is signed.
Result<void, Failure> PathSigner::program(const std::string& path) {
  const std::string real = real_path(path).value_or(path);
  staging_ = staging_folders(real);
  for (const Scope& scope : job_.scopes) return no_such_code(scope);
  TENON_TRY(spare_outer_seal(real));
  TENON_TRY(file({real, {}}, path, "program", options_));
  return finish_outer_seal(real);
}

Result<void, Failure> PathSigner::path(const std::string& path) {
  if (is_folder(path)) {
    const std::string whole = bundle_of_part(path);
    return bundle(whole.empty() ? path : whole);
  }
  const auto mapping = map_file(path);
  // The main executable of a sealed bundle stands for the bundle, as it does for codesign: signed
  // alone it would break the seal.
  const std::string outer = mapping ? bundle_of(path, mapping->view()) : std::string();
  return outer.empty() ? program(path) : bundle(outer);
}

Result<std::vector<SignStep>, Failure> sign_path(const std::string& path, const SignJob& job) {
  PathSigner signer(job);
  TENON_TRY(signer.path(path));
  return std::move(signer.steps);
}

}  // namespace tenon::codesign
