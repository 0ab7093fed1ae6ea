// Whether code meets a requirement, and the requirement that code is given.
// Rules: Security libsecurity_codesigning reqinterp.cpp, requirement.cpp (Context::cert),
// csutilities.cpp, drmaker.cpp. Pure: the caller fills in what is known of the code; nothing here
// asks a machine, a server or a certificate library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/lifetime.h"
#include "codesign/requirement/requirement.h"
#include "format/plist/value.h"

namespace tenon::requirement {

// What requirements ask of a certificate. OIDs are dotted.
struct CertificateFacts {
  std::array<std::byte, 20> sha1{};                          // of its DER
  std::vector<std::pair<std::string, std::string>> subject;  // OID and text, in order
  std::vector<std::string> emails;  // of the subject and of its other names
  std::vector<std::string> extensions, policies;
  // Extensions that hold a time (an UTF8String for read_time), and seconds since 2001. One that is
  // not listed here is absent for `timestamp.OID`, as it is when its contents are no time.
  std::vector<std::pair<std::string, std::int64_t>> dates;

  // The last field of an OID, which is the one that SecCertificateCopySubjectAttributeValue gives;
  // nullptr when there is none.
  [[nodiscard]] const std::string* field(std::string_view oid) const TENON_LIFETIMEBOUND;
  [[nodiscard]] bool has_extension(std::string_view oid) const;
};

enum class Answer : std::uint8_t { no, unknown, yes };

// The code that is asked about. Pointers are borrowed.
struct Context {
  std::string identifier;
  // Bytes, 20 each. The first one is of the CodeDirectory that the system picks: only that counts.
  std::vector<std::string> cdhashes;
  std::vector<CertificateFacts> certificates;  // from the leaf to the root; none for ad-hoc code
  bool apple_root = false;                     // the last one is Apple's (SecAppleAnchor.c)
  // Top dictionaries; nullptr: there is none. Of those that exist and are not at hand, nothing is
  // known.
  const plist::Dict* info = nullptr;  // Info.plist
  const plist::Dict* entitlements = nullptr;
  bool info_known = true, entitlements_known = true;
  std::uint8_t platform = 0;
  // What only Apple's servers or the machine know; `trusted` is of the chain and each of its
  // certificates.
  Answer notarized = Answer::unknown, legacy = Answer::unknown, trusted = Answer::unknown;
  // Whether the machine ships this code and therefore takes it for `anchor apple`.
  Answer in_trust_cache = Answer::no;
};

struct Evaluation {
  Answer answer = Answer::no;
  // Of no and unknown: the condition that decided, as print() gives it, and what is the matter with
  // it: `the identifier is "com.example.other"`.
  std::string clause, reason;
};

// Three-valued: what is not known makes the answer unknown where it could change it. A requirement
// that Apple's interpreter refuses to evaluate is met by nothing, whatever stands around the part
// that it refuses.
[[nodiscard]] Evaluation evaluate(const Expression& expression, const Context& context);

// The designated requirement that codesign gives code of this identifier and chain (drmaker.cpp);
// nullopt without certificates, where it is the code's own hash.
[[nodiscard]] std::optional<Expression> designated(const std::string& identifier,
                                                   const std::vector<CertificateFacts>& chain,
                                                   bool apple_root);
// cdhash H"..." or cdhash H"...": what stands for it in code without certificates.
[[nodiscard]] Expression designated_by_hash(const std::vector<std::string>& cdhashes);

}  // namespace tenon::requirement
