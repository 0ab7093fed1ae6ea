// Whether code meets a requirement. Rules: Security libsecurity_codesigning reqinterp.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "format/plist/value.h"
#include "format/requirement/requirement.h"

namespace tenon::requirement {

// What requirements ask of a certificate. OIDs are dotted.
struct CertificateFacts {
  std::array<std::byte, 20> sha1{};
  std::vector<std::pair<std::string, std::string>> subject;  // OID and text, in order
  std::vector<std::string> emails;
  std::vector<std::string> extensions, policies;
  std::vector<std::pair<std::string, std::int64_t>> dates;  // extension and seconds since 2001

  // The first field of an OID; empty when there is none.
  [[nodiscard]] std::string_view field(std::string_view oid) const;
  [[nodiscard]] bool has_extension(std::string_view oid) const;
};

enum class Answer : std::uint8_t { no, unknown, yes };

// The code that is asked about. Pointers are borrowed.
struct Context {
  std::string identifier;
  std::vector<std::string> cdhashes;           // bytes, 20 each
  std::vector<CertificateFacts> certificates;  // from the leaf to the root
  bool apple_root = false;                     // the last one is Apple's
  const plist::Dict* info = nullptr;           // Info.plist
  const plist::Dict* entitlements = nullptr;
  std::uint8_t platform = 0;
  // What only Apple's servers or the machine know.
  Answer notarized = Answer::unknown, legacy = Answer::unknown, trusted = Answer::unknown;
};

struct Evaluation {
  Answer answer = Answer::no;
  std::string clause;  // of no and unknown: the condition that decided, as text
};

[[nodiscard]] Evaluation evaluate(const Expression& expression, const Context& context);

// The designated requirement that codesign gives code of this identifier and chain (drmaker.cpp);
// nullopt without certificates, where it is the code's own hash.
[[nodiscard]] std::optional<Expression> designated(const std::string& identifier,
                                                   const std::vector<CertificateFacts>& chain,
                                                   bool apple_root);
// cdhash H"..." or cdhash H"...": what stands for it in code without certificates.
[[nodiscard]] Expression designated_by_hash(const std::vector<std::string>& cdhashes);

}  // namespace tenon::requirement
