// What `tenon sign` was asked, and the options of the signer that follow from it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codesign/requirement/requirement.h"
#include "codesign/sign/sign.h"
#include "diag/finding.h"

namespace tenon::codesign {

// As the command line says it; empty texts were not given.
struct SignRequest {
  std::vector<std::string> paths;
  std::vector<std::string> credentials;  // names of files with the key and its certificates
  std::optional<std::string> password_file;
  std::string identifier;
  std::string entitlements;  // names of files, each with a path before '='
  std::string timestamp_url;
  std::optional<std::string> page_size;
  std::optional<std::string> flags;         // words of codesign --options
  std::optional<std::string> requirements;  // Apple's language, with or without a leading '='
  std::optional<std::string> preserve;      // words of codesign --preserve-metadata
  std::optional<std::string> inner;         // "sign" or "keep"
  std::optional<std::string> outer;         // "refuse", "leave" or "seal"
  bool drop_entitlements = false;
  bool runtime = false;
  bool timestamp = false;     // asked for
  bool no_timestamp = false;  // asked not to have one
  bool remove = false;        // take signatures off
  bool dry_run = false;       // only say what would be done
  bool strict = true;         // refuse what strict validation would refuse
};

// Options for some of the code in a bundle.
struct Scope {
  std::string option;  // as the command line says it, for messages
  // Of the code from the root of the bundle: its file, or the folder of its bundle. '*' stands for
  // any number of characters.
  std::string path;
  std::optional<sign::Entitlements> entitlements;
  std::optional<std::uint32_t> flags;  // instead of those for all

  [[nodiscard]] bool matches(std::string_view of) const;
};

// The part of a list for one piece of code: "PATH=VALUE", or a value for the outermost program.
struct ScopedText {
  std::string path, value;
};

[[nodiscard]] std::vector<ScopedText> scoped_parts(std::string_view list);

// The scopes of --options. TN0101 for a word that is none.
[[nodiscard]] Outcome<std::vector<Scope>> read_scopes(const SignRequest& request);

// All options that need no file: identifier, flags, page size, requirements. TN0101 for a word,
// a size or a requirement that is none.
[[nodiscard]] Outcome<SignOptions> read_sign_options(const SignRequest& request,
                                                     const requirement::CertificateFile& file = {});

// Where to get a timestamp; empty: none. Gatekeeper and the notary want one of a Developer ID;
// nobody else asks for it, so it is the default for chains that end in Apple's root only.
[[nodiscard]] std::string timestamp_source(const SignRequest& request, bool has_identity,
                                           bool apple_chain);

}  // namespace tenon::codesign
