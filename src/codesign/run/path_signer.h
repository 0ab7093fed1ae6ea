// The inside of sign_files.h: signs files (sign_files.cpp) and bundles (sign_bundle.cpp). Only for
// these.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/cms/cms.h"
#include "codesign/failure.h"
#include "codesign/resources/build.h"
#include "codesign/resources/code.h"
#include "codesign/resources/layout.h"
#include "codesign/run/seal.h"
#include "codesign/run/sign_files.h"
#include "codesign/sign/sign.h"
#include "codesign/sign/step.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/verify.h"
#include "host/disk_tree.h"
#include "host/locked_file.h"
#include "host/mapped_window.h"
#include "host/replacement.h"

namespace tenon::codesign {

// A file to sign: below `root` no link is followed; empty: the path names the file itself.
struct Place {
  std::string path, root;
};

[[nodiscard]] inline std::unexpected<Failure> io_failure(const Error& error,
                                                         const std::string& path) {
  return failed(FailureKind::file, error, path);
}

// What became of the old file's state, for the report.
[[nodiscard]] std::vector<Cause> file_losses(const ReplacementNotes& notes,
                                             const std::string& where);

// A scope that names nothing which is signed.
[[nodiscard]] std::unexpected<Failure> no_such_code(const Scope& scope);

class PathSigner {
 public:
  explicit PathSigner(const SignJob& job) : job_(job), options_(job.options) {
    options_.window = &window_;
  }

  Result<void, Failure> path(const std::string& path);

  std::vector<SignStep> steps;

 private:
  using Order = std::vector<resources::SigningStep>;

  Result<void, Failure> program(const std::string& path);
  Result<void, Failure> bundle(const std::string& root);

  Result<void, Failure> file(const Place& place, const std::string& shown, std::string what,
                             const SignOptions& options, Seal* seal = nullptr);
  Result<std::vector<Cause>, Failure> put_in_place(const Place& place, Replacement& out,
                                                   Seal* seal);
  Result<std::vector<Cause>, Failure> write(const Place& place, const LockedFile& source,
                                            const SignedFile& made, const SignOptions& options,
                                            Seal* seal);
  Result<SignedFile, Failure> signed_in_copy(const Place& place, const LockedFile& source,
                                             const SignOptions& options, Replacement& copy);
  [[nodiscard]] VerifyOptions check_options() const;
  Result<void, Failure> check(const Replacement& out, const SignOptions& options, bool pages_known);
  void keep_authorities(const std::vector<SliceVerdict>& slices);

  Result<Order, Failure> plan(const std::string& root, DiskTree& tree);
  Result<bool, Failure> is_kept(DiskTree& tree, const std::string& path,
                                const resources::Code& code);
  Result<void, Failure> preflight(const std::string& root, DiskTree& tree, const Order& order);
  Result<void, Failure> check_step(const std::string& root, DiskTree& tree,
                                   const resources::SigningStep& step);
  Result<void, Failure> check_scopes(const Order& order);
  Result<void, Failure> bundle_step(const std::string& root, DiskTree& tree,
                                    const resources::SigningStep& step, bool outermost);
  [[nodiscard]] SignOptions options_of(const resources::SigningStep& step, bool outermost) const;
  Result<void, Failure> sealed_bundle(const std::string& root, DiskTree& tree,
                                      const resources::BundleLayout& layout, SignOptions options);
  Result<void, Failure> codeless_bundle(const std::string& root, DiskTree& tree,
                                        const resources::BundleLayout& layout,
                                        const SignOptions& options, Seal* seal);
  Result<void, Failure> write_files(const std::string& root, DiskTree& tree,
                                    const resources::BundleLayout& layout,
                                    const sign::DetachedSignature& made, Seal& seal,
                                    SignStep& step);
  Result<void, Failure> purge(const std::string& root, DiskTree& tree,
                              const resources::BundleLayout& layout);
  Result<void, Failure> unsealed_bundle(const std::string& root,
                                        const resources::BundleLayout& layout,
                                        const SignOptions& options);
  Result<resources::NestedEntry> nested_entry(DiskTree& tree, const resources::Code& code);
  Result<SliceVerdict> best_slice(DiskTree& tree, const resources::Code& code);
  Result<void, Failure> verify_whole(const std::string& root, const Order& order);
  // Before the first and after the last byte of what is signed by itself, links resolved.
  Result<void, Failure> spare_outer_seal(const std::string& real);
  Result<void, Failure> finish_outer_seal(const std::string& real);
  [[nodiscard]] Result<std::vector<SignStep>, Failure> seal_outer(bool dry_run) const;

  const SignJob& job_;
  SignOptions options_;
  MappedWindow window_;
  std::vector<std::string> staging_;
  std::vector<cms::Certificate> authorities_;            // of the timestamps of one file
  std::string outer_;                                    // the bundle that is to be sealed again
  std::map<std::string, std::vector<Cause>> obstacles_;  // of a step, by its path
};

}  // namespace tenon::codesign
