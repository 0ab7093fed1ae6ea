// Seals a bundle: the bytes of CodeResources as codesign writes them, and the order in which the
// code of a bundle is signed.
// Rules: Security libsecurity_codesigning signer.cpp (prepare, buildResources, signNested).
#pragma once

#include <cstdint>
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
    kept,     // inner code that is left as it is, with all that is in it
    left,     // a bundle among the resources that cannot be signed as one: left as it is
  };
  Kind kind = Kind::macho;
  std::string path;  // of a version of a framework: its folder in Versions
  Code code;
  unsigned depth = 0;  // 0 for the outermost bundle
  // A bundle that the seal around it knows as files only, not as code.
  bool among_resources = false;
  std::string why;  // of left
};

// Whether inner code is left as it is. Asked for what is outside before what is inside of it.
using KeepInner = std::function<Result<bool, Failure>(const std::string& path, const Code& code)>;

// All code of the bundle at `root`, from the inside out: each step needs only those before it. The
// last one is the bundle itself. Bundles are found wherever they lie: in the places for code, where
// the rules take each folder with a dot in its name for one, and among the resources, where a
// folder with an Info.plist and a Mach-O executable, or with a seal, is one. Their files are never
// signed one by one: that would break the seal that they have.
[[nodiscard]] Result<std::vector<SigningStep>, Failure> signing_order(FileTree& tree,
                                                                      const std::string& root,
                                                                      const KeepInner& keep = {});

}  // namespace tenon::resources
