// Signs Mach-O files: decides what each slice's signature says, and gives the new file as pieces.
// Pure but for the timestamp that the caller fetches. Rules: Security libsecurity_codesigning
// signer.cpp, diskrep.cpp, drmaker.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "codesign/cms/signing.h"
#include "codesign/requirement/requirement.h"
#include "codesign/sign/detached.h"
#include "codesign/sign/signature.h"
#include "codesign/verify/file_verdict.h"
#include "format/plist/value.h"

namespace tenon::codesign {

// What is taken over from an old signature, unless an option says otherwise: the words of codesign
// --preserve-metadata. Nothing of a signature that a linker made.
struct Preserve {
  bool identifier = false, entitlements = true, requirements = false, flags = true, runtime = true;
};

struct SignOptions {
  Preserve preserve;
  std::string identifier;  // empty: by Apple's rules
  // For those rules: the name of the file, and CFBundleIdentifier of the bundle.
  std::string file_name, bundle_identifier;
  const cms::SigningIdentity* who = nullptr;  // borrowed; nullptr: ad-hoc
  cms::MakeOptions cms;
  std::optional<sign::Entitlements> entitlements;
  bool drop_entitlements = false;
  std::optional<std::uint32_t> flags;  // CS_...; nullopt keeps those of the old signature
  std::uint32_t page_size = 0;
  std::vector<requirement::Typed> requirements;  // empty: the designated one by Apple's rules
  std::optional<ByteView> info_plist, code_resources;
  unsigned threads = 1;
  PageWindow* window = nullptr;
};

// A part of the new file: bytes of its own, or a range of the source.
struct Piece {
  sign::Bytes bytes;
  std::uint64_t from = 0, size = 0;  // of the source, when `bytes` is empty
};

struct SignedSlice {
  std::string arch, identifier, team, cdhash;
  std::uint32_t flags = 0;
  std::uint64_t page_size = 0;
  bool timestamp = false;
};

struct SignedFile {
  std::vector<Piece> pieces;  // in order
  std::vector<SignedSlice> slices;
  std::vector<Cause> lost;  // what the old signature said and the new one does not
};

// A thin or universal file; all slices get one identifier. What is no code that can be signed is
// refused with the reason: sign.not-code, sign.trailing-data ...
[[nodiscard]] Result<SignedFile, Failure> sign_file(ByteView file, const SignOptions& options);

// The signature of a bundle without a Mach-O executable, whose code is its Info.plist: `info_plist`
// and `code_resources` of the options are set. `old` is its old signature as one SuperBlob.
struct SignedFiles {
  sign::DetachedSignature signature;
  SignedSlice slice;
  std::vector<Cause> lost;
};

[[nodiscard]] Result<SignedFiles, Failure> sign_codeless(std::optional<ByteView> old,
                                                         const SignOptions& options);

// Whether it is code that can be signed, as far as that shows without hashing it.
[[nodiscard]] Result<void, Failure> check_signable(ByteView file);

// The file without its signatures.
[[nodiscard]] Result<SignedFile, Failure> strip_file(ByteView file);

// Entitlements from the text of a file: read as strictly as the system reads them.
[[nodiscard]] Result<sign::Entitlements, Failure> read_entitlements_file(ByteView text,
                                                                         const std::string& name);

// The team that a chain vouches for; empty when it is not one of Apple's.
[[nodiscard]] std::string team_of(const cms::SigningIdentity& who);

}  // namespace tenon::codesign
