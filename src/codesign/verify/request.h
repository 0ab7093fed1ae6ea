// What `tenon verify` was asked: checked before a file is opened.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codesign/requirement/requirement.h"
#include "codesign/verify/file_verdict.h"
#include "diag/finding.h"

namespace tenon::codesign {

// As the command line says it.
struct VerifyRequest {
  std::vector<std::string> paths;
  std::vector<std::string> trust_roots;    // names of certificate files
  std::vector<std::string> rules;          // of --require
  std::vector<std::string> allowed;        // of --allow: "downgrade", "mixed-signers"
  std::optional<std::string> requirement;  // Apple's language, with or without a leading '='
  bool strict = false;
  bool distribution = false;  // say which of Apple's commands fits, and what it will answer
};

// The words of --allow: see VerifyOptions.
inline constexpr std::string_view allow_downgrade = "downgrade";
inline constexpr std::string_view allow_mixed_signers = "mixed-signers";

// What a signature must be beyond valid.
struct Demands {
  std::vector<std::string> rules;
  std::optional<requirement::Expression> requirement;
};

// TN0101 for a word of --allow or a rule that does not exist, and for a requirement that does not
// compile.
[[nodiscard]] Outcome<Demands> read_demands(const VerifyRequest& request,
                                            const requirement::CertificateFile& file = {});

// Holds every signed slice against them; what fails makes its trust invalid, or unknown.
void apply_demands(const Demands& demands, FileVerdict& file);

}  // namespace tenon::codesign
