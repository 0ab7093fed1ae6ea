// Copyright the tenon authors. License: Apache-2.0.
//
// tenon/verify.h: is the code signature of this Mach-O file or bundle valid, and who made it?
//
//   #include <tenon/verify.h>
//
//   tenon::api::SignatureReport report = tenon::api::verify("My.app");
//   if (!report.error.empty()) die(report.error);          // not read at all
//   if (!report.holds()) {                                  // unsigned, invalid or undecided
//     for (const auto& slice : report.slices)
//       for (const auto& problem : slice.integrity.problems)
//         std::cerr << problem.where << ": " << problem.message << '\n';
//   }
//
// Three judgements are made of every slice and never mixed:
//
//   integrity  Are these the bytes that were signed? Compares every page and every special slot of
//              every CodeDirectory, and in a bundle every file that CodeResources lists.
//   identity   Did the owner of the embedded certificate sign exactly these bytes? Checks the CMS,
//              the certificate chain at signing time, the timestamp and the team identifier.
//   trust      Should that be believed? Checks the root certificate, the code's own designated
//              requirement, and the rules and the requirement in VerifyOptions.
//
// UNKNOWN IS NOT VALID. What could not be checked has the state `unknown`, and its problem says
// why. holds() is false then. Not checked at all: revocation, the contents of notarization tickets,
// the trust cache and the settings of a Mac.
//
// OWNERSHIP AND THREADS. Reports own all of their strings; nothing points into the file. The
// functions keep no state: any number of threads may call them. No function throws except
// std::bad_alloc, prints, uses the network or runs a program.
//
// VERSIONS. Everything lies in tenon::api, in an inline namespace that is named after
// TENON_API_VERSION. The number changes when a program that compiled before may no longer compile
// or may read another meaning. New fields are added at the end of a struct and do not change it, so
// initialize structs by name, not by position. C++20 or newer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#ifndef TENON_API_VERSION
#define TENON_API_VERSION 1
#elif TENON_API_VERSION != 1
#error "headers of two versions of tenon are mixed"
#endif

namespace tenon::api::inline v1 {

// From the best to the worst: the state of several things is the largest of theirs.
enum class SignatureState : std::uint8_t {
  none,     // there is nothing to check: an ad-hoc signature has no signer
  valid,    // checked and right
  unknown,  // could not be checked; the problem says why
  invalid,  // checked and wrong; the problem says why
};

// "none", "valid", "unknown", "invalid".
[[nodiscard]] std::string_view name(SignatureState state);

struct SignatureProblem {
  std::string code;     // stable: "page.hash", "chain.expired"
  std::string message;  // one sentence
  std::string where;    // a page with its section, a slot, a certificate, a file of the bundle
  // What Apple's Security framework answers in this case, "errSecCSSignatureFailed" and -67061.
  // Empty and 0 when it has no answer.
  std::string os_name;
  std::int64_t os_status = 0;
};

struct SignatureJudgement {
  SignatureState state = SignatureState::none;
  std::vector<SignatureProblem> problems;  // the worst first; a valid state may have remarks
};

struct SignatureCertificate {
  std::string subject, issuer;  // common names
  std::string organization, team;
  std::string sha256;                          // of the DER, in hexadecimal
  std::int64_t not_before = 0, not_after = 0;  // seconds since 1970, UTC
};

// One architecture of a file.
struct SignatureSlice {
  std::string arch;  // "arm64", "x86_64"
  std::string type;  // "executable", "dynamic library", "bundle", ...
  // "unsigned", "linker-signed", "ad-hoc", "self-signed", "private", "developer-id",
  // "apple-development", "apple-distribution", "mac-app-store", "apple", "installer", "unknown".
  std::string kind;
  std::string identifier, team;
  std::string cdhash;              // of the CodeDirectory that current systems use; hexadecimal
  std::vector<std::string> flags;  // as codesign prints them: "adhoc", "runtime", ...
  SignatureJudgement integrity, identity, trust;
  std::vector<SignatureProblem> warnings;          // valid, but perhaps not what was meant
  std::string requirement;                         // the designated one, in Apple's language
  std::string entitlements;                        // XML; empty when there are none
  std::vector<SignatureCertificate> certificates;  // from the signer up to the root
  std::optional<std::int64_t> signing_time;        // as the signer states it
  std::optional<std::int64_t> timestamp;           // as a timestamp authority states it

  [[nodiscard]] bool is_signed() const { return kind != "unsigned"; }
  // The worst of the three judgements.
  [[nodiscard]] SignatureState state() const;
};

// A Mach-O file, or one file of a bundle.
struct SignatureFile {
  std::string path;  // relative to the bundle
  std::vector<SignatureSlice> slices;
};

struct SignatureReport {
  std::string error;  // why there is no answer: the path cannot be read, is not Mach-O, ...
  std::string path;   // as the caller wrote it
  // "contents", "versioned", "folder" or "flat" when a bundle was verified; else empty.
  std::string bundle;
  std::vector<SignatureSlice> slices;      // of the file, or of the bundle's main executable
  std::vector<SignatureFile> nested;       // code inside the bundle
  std::uint64_t sealed_files = 0;          // entries of CodeResources that were compared
  bool ticket = false;                     // a notarization ticket is stapled; it is not read
  std::vector<SignatureProblem> warnings;  // slices of a universal file that disagree

  // Every slice is signed. As on a Mac, an x86_64 slice may be unsigned beside slices that only a
  // linker signed.
  [[nodiscard]] bool is_signed() const { return all_signed; }
  // The worst state of all slices; problems of nested code are problems of the main executable.
  [[nodiscard]] SignatureState state() const;
  // Read, signed, and neither invalid nor unknown: exit code 0 of `tenon verify`.
  [[nodiscard]] bool holds() const;

  bool all_signed = false;
};

struct VerifyOptions {
  // Roots to trust beside Apple's: the contents of certificate files, PEM or DER.
  std::vector<std::string> trusted_roots;
  // Rules for a pipeline, as in `tenon verify --require`: "trusted", "developer-id", "team=ID",
  // "runtime", "timestamp", ... A rule that is not met makes trust invalid.
  std::vector<std::string> require;
  // A requirement in Apple's language that the code has to meet: "anchor apple generic and ...".
  std::string requirement;
  // Refuse what only strict validation refuses, as Gatekeeper does.
  bool strict = false;
  // Threads that hash pages; 0 means as many as there are processors, at most 8.
  unsigned threads = 1;
};

// Verifies a Mach-O file, or a bundle when `path` is a folder or the main executable of one. Memory
// stays small: files are mapped and read page by page. Links inside a bundle are never followed out
// of it. A folder that is not a bundle gives an error.
[[nodiscard]] SignatureReport verify(const std::string& path, const VerifyOptions& options = {});

// The same for a file in memory, which has to stay unchanged during the call. Files that the
// signature seals beside it (Info.plist, CodeResources) are `unknown` here.
[[nodiscard]] SignatureReport verify_bytes(std::span<const std::byte> file,
                                           const VerifyOptions& options = {});

}  // namespace tenon::api::inline v1
