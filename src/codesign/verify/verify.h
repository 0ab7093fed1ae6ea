// Judges the signatures of Mach-O files and bundles. Pure: the caller maps files, gives the tree of
// a bundle and the roots to trust.
// Rules: Security libsecurity_codesigning (StaticCode.cpp, machorep.cpp, bundlediskrep.cpp,
// macho++.cpp), xnu bsd/kern/ubc_subr.c. Where they differ, what runs on arm64 Macs decides.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/verify/file_verdict.h"

namespace tenon::codesign {

struct VerifyOptions {
  cms::TrustOptions trust;
  unsigned threads = 1;
  PageWindow* window = nullptr;  // borrowed
  bool pages_known = false;      // see HashOptions
  // What only strict validation minds is invalid too, not a warning.
  bool strict = false;
  // Notes instead of failures: an ad-hoc signature over code that keeps the designated requirement
  // of its former signer, and slices of one file that have different signers.
  bool allow_downgrade = false, allow_mixed_signers = false;
};

// The verdict on each slice of a thin or universal file. Never fails for a Mach-O file: what cannot
// be read is an invalid integrity. unsupported for anything else, with what it is.
[[nodiscard]] Result<FileVerdict> verify_file(ByteView file, const VerifyOptions& options,
                                              const Components& components = {});

// The bundle at `root` of the tree, with everything inside. not_found when it is none; malformed
// for a framework that lost its links; what could not be looked at.
[[nodiscard]] Result<BundleVerdict> verify_bundle(FileTree& tree, const std::string& root,
                                                  const VerifyOptions& options);

}  // namespace tenon::codesign
