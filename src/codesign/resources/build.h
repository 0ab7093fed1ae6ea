// Seals a bundle: the bytes of CodeResources as codesign writes them, and the order in which the
// code of a bundle is signed.
// Rules: Security libsecurity_codesigning signer.cpp (prepare, buildResources, signNested).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/failure.h"
#include "codesign/resources/code.h"
#include "codesign/resources/layout.h"

namespace tenon::resources {

using codesign::failed;
using codesign::Failure;
using codesign::FailureKind;

// What the seal says about code that is already signed.
struct NestedEntry {
  codesign::CdHash cdhash{};  // of the slice that the signer runs best, by SHA-256
  std::string requirement;    // its designated requirement as text
};

using NestedLookup = std::function<Result<NestedEntry>(const std::string& path, const Code& code)>;

struct BuildOptions {
  // SHA-1 beside SHA-256 in files2. codesign does so for code that runs before macOS 10.11.4.
  bool sha1 = false;
  // "files" and "rules" of version 1, by SHA-1. codesign always writes them.
  bool legacy = true;
};

// Failures below are of the kind `bundle`, with the code of the error and the path in the tree.

// The bytes of CodeResources. Sign nested code first: `nested` is asked for each place that the
// rules take for code. Rules are those of Info.plist's CFBundleResourceSpecification, or the
// default ones. not_found for nested code that is none; malformed for names that are not UTF-8 and
// for what is no file, folder or link; unsupported for rules that cannot be decided; limit for
// too large bundles; and what `nested` returns.
[[nodiscard]] Result<std::string, Failure> build_code_resources(FileTree& tree,
                                                                const BundleLayout& layout,
                                                                const BuildOptions& options,
                                                                const NestedLookup& nested);

// For code without a certificate: the hashes in the file's own signature. unsupported for code
// without a Mach-O file, not_found for a file that is not signed.
[[nodiscard]] Result<NestedEntry> adhoc_entry(FileTree& tree, const Code& code);

struct SigningStep {
  enum class Kind : std::uint8_t {
    loose,    // a Mach-O file among the resources: sealed as a file, signed for notarization
    macho,    // a Mach-O file in a place for code
    bundle,   // a bundle or one version of a framework: seal it, then sign its executable
    generic,  // another file in a place for code: cannot be signed without extended attributes
  };
  Kind kind = Kind::macho;
  std::string path;  // of a version of a framework: its folder in Versions
  Code code;
  unsigned depth = 0;  // 0 for the outermost bundle
};

// All code of the bundle at `root`, from the inside out: each step needs only those before it. The
// last one is the bundle itself.
[[nodiscard]] Result<std::vector<SigningStep>, Failure> signing_order(FileTree& tree,
                                                                      const std::string& root);

}  // namespace tenon::resources
