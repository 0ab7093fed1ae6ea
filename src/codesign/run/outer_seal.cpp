// Code of a bundle that is signed by itself.
//
// The seal of the bundle around it names the code by its hash, so it breaks with a new signature. A
// bundle that was valid is therefore protected: nothing is signed, unless the job says that the
// bundle may be left broken (others sign it next) or is to be sealed again. Sealing it again is
// planned before the first byte is written, and what of its signature can be kept is kept.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "codesign/failure.h"
#include "codesign/run/bundle_of.h"
#include "codesign/run/path_signer.h"
#include "codesign/run/sign_files.h"
#include "codesign/sign/sign.h"
#include "codesign/sign/step.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/verify.h"
#include "host/disk_tree.h"

namespace tenon::codesign {
namespace {

// Whether the seal holds. Who signed it, and whether that one is trusted, does not matter here.
bool holds(const FileVerdict& file) {
  return file.is_signed() && std::ranges::all_of(file.slices, [](const SliceVerdict& slice) {
           return slice.integrity.state == State::valid;
         });
}

Result<FileVerdict> verdict_of(const std::string& bundle, const VerifyOptions& options) {
  const auto tree = TENON_TRY(DiskTree::open(bundle));
  return TENON_TRY(verify_bundle(*tree, "", options)).main;
}

bool has_certificate(const FileVerdict& file) {
  return std::ranges::any_of(file.slices, [](const SliceVerdict& slice) {
    return slice.kind != SignatureKind::ad_hoc && slice.kind != SignatureKind::linker_signed;
  });
}

}  // namespace

Result<void, Failure> PathSigner::spare_outer_seal(const std::string& real) {
  const std::string outer = sealing_bundle_around(real);
  if (outer.empty() || job_.outer == OuterSeal::leave) return {};
  const auto verdict = verdict_of(outer, check_options());
  if (!verdict || !holds(*verdict)) return {};  // there is nothing to break
  if (job_.outer == OuterSeal::refuse) {
    return failed(FailureKind::outer_seal,
                  fmt::format("{} around it is valid, and would not be any more", outer), real,
                  fmt::format("sign {} with all its code; --outer seal signs this and seals the "
                              "bundle again, --outer leave signs this alone",
                              base_name(outer)));
  }
  if (options_.who == nullptr && has_certificate(*verdict)) {
    return failed(FailureKind::outer_seal,
                  "is signed with a certificate: to seal it again takes one too", outer,
                  "--identity FILE");
  }
  outer_ = outer;
  (void)TENON_TRY(seal_outer(true));
  return {};
}

// Signs the bundle around it and keeps what its signature said; code whose signature is valid stays
// as it is.
Result<std::vector<SignStep>, Failure> PathSigner::seal_outer(bool dry_run) const {
  SignJob job;
  job.options.who = options_.who;
  job.options.cms = options_.cms;
  job.options.threads = options_.threads;
  job.options.preserve = {true, true, true, true, true};
  job.outer = OuterSeal::leave;
  job.keep_inner = true;
  job.strict = job_.strict;
  job.dry_run = dry_run;
  return sign_path(outer_, job);
}

Result<void, Failure> PathSigner::finish_outer_seal(const std::string& real) {
  if (!outer_.empty()) {
    std::ranges::move(TENON_TRY(seal_outer(job_.dry_run)), std::back_inserter(steps));
    return {};
  }
  if (job_.dry_run) return {};
  const std::string outer = sealing_bundle_around(real);
  const auto verdict =
      outer.empty() ? fail(Errc::not_found, "") : verdict_of(outer, check_options());
  if (!verdict || holds(*verdict)) return {};
  steps.back().lost.push_back(make_cause(
      outer_seal_code,
      fmt::format("{} around it is not valid with the new code: sign that bundle again", outer),
      std::string(base_name(outer))));
  return {};
}

}  // namespace tenon::codesign
