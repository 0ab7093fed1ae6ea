// Topic "sign": signatures, Gatekeeper and the notary.
#include "diagnose/causes/match_helpers.h"

namespace tenon {
namespace {

using namespace causes;

const LogEvent* killed(const Log& log) {
  return log.event(EventKind::killed, [](const LogEvent& one) {
    return !one.text.contains("exit code 137") || one.text.contains("Mac");
  });
}

bool of_a_build(const Log& log) {
  return log.any("go build", "go install", "go test", "compile: ", "/link:", "cc1", "collect2",
                 "go get", "docker") &&
         !log.any("zsh: killed", "Killed: 9", "./");
}

int unsigned_arm64(const Log& log, Proof& proof) {
  const auto* hit = killed(log);
  if (log.has("code object is not signed at all"))
    return proof.take(log.find("code object is not signed at all")),
           hit != nullptr ? sure + 4 : likely;
  if (hit == nullptr || of_a_build(log)) return 0;
  if (log.any("upx", "UPX", "entitlement", "CODESIGNING", "Code Signature Invalid",
              "com.apple.quarantine"))
    return 0;
  return proof.take(hit), hit->text.contains("zsh") ? likely - 5 : possible;
}

int signature_invalid(const Log& log, Proof& proof) {
  for (const std::string_view pattern :
       {"Code Signature Invalid", "Namespace CODESIGNING", "rejecting invalid page",
        "cs_invalid_page", "invalid signature (code or signature have been modified)",
        "CODESIGNING", "code signature invalid", "load code signature error"}) {
    if (const auto hit = log.find(pattern)) {
      if (log.any("not valid for use in process", "Library not loaded"))
        return proof.take(hit), weak;
      return proof.take(hit), sure + 2;
    }
  }
  const auto* hit = killed(log);
  return hit != nullptr && !of_a_build(log) ? (proof.take(hit), possible - 2) : 0;
}

int upx(const Log& log, Proof& proof) {
  if (const auto hit = log.find("upx"); hit && (killed(log) != nullptr || log.darwin))
    return proof.take(hit), killed(log) != nullptr ? sure + 4 : likely;
  const auto* hit = killed(log);
  return hit != nullptr && !of_a_build(log) ? (proof.take(hit), weak - 3) : 0;
}

int restricted(const Log& log, Proof& proof) {
  if (const auto hit = log.find("entitlement");
      hit && (killed(log) != nullptr || log.any("AMFI", "amfid", "restricted", "137\n")))
    return proof.take(hit), sure + 2;
  const auto* hit = killed(log);
  return hit != nullptr && !of_a_build(log)
             ? (proof.take(hit), hit->text.contains("Killed: 9") ? possible + 3 : weak)
             : 0;
}

int dwarf_layout(const Log& log, Proof& proof) {
  if (proof.take(log.find("taskgated[{pid}]: no signature for pid"))) return sure;
  if (proof.take(log.find("main executable failed strict validation"))) return sure;
  return proof.take(log.find("__DWARF")) && log.has("codesign") ? likely : 0;
}

int xattrs(const Log& log, Proof& proof) {
  return proof.take(log.find("detritus not allowed")) ? sure + 2 : 0;
}

int nested_unsigned(const Log& log, Proof& proof) {
  if (const auto hit = log.find("In subcomponent:"); hit && log.has("not signed at all"))
    return proof.take(hit), sure + 5;
  if (proof.take(log.find("nested code is modified or invalid"))) return likely;
  return proof.take(log.find("code object is not signed at all")) && log.has("subcomponent") ? sure
                                                                                             : 0;
}

int private_key(const Log& log, Proof& proof) {
  if (log.has("unable to build chain")) return 0;
  if (proof.take(log.find("errSecInternalComponent"))) return sure;
  if (proof.take(log.find("User interaction is not allowed"))) return sure;
  return proof.take(log.find("no identity found")) ? possible : 0;
}

int intermediate(const Log& log, Proof& proof) {
  if (proof.take(log.find("unable to build chain to self-signed root"))) return sure + 3;
  return proof.take(log.find("CSSMERR_TP_NOT_TRUSTED")) ? sure : 0;
}

int quarantined(const Log& log, Proof& proof) {
  const auto* refused = log.event(EventKind::quarantine, [](const LogEvent& one) {
    return !one.text.contains("library load") && !one.text.contains("bad CPU");
  });
  if (refused != nullptr) return proof.take(refused), sure;
  for (const std::string_view pattern :
       {"cannot be opened because", "can't be opened because", "com.apple.quarantine",
        "Apple cannot check it for malicious", "is damaged and can", "Apple could not verify",
        "cannot be verified", "source=Unnotarized Developer ID"}) {
    if (const auto hit = log.find(pattern))
      return proof.take(hit), hit->text.contains("Unnotarized") ? likely : sure;
  }
  const auto* hit = killed(log);
  return hit != nullptr && !of_a_build(log) ? (proof.take(hit), weak + 5) : 0;
}

int not_developer_id(const Log& log, Proof& proof) {
  return proof.take(log.find("not signed with a valid Developer ID certificate")) ? sure : 0;
}

int runtime_missing(const Log& log, Proof& proof) {
  const auto hit = log.find("does not have the hardened");
  if (!hit) return 0;
  return proof.take(hit), log.has("valid Developer ID") ? likely : sure;
}

int not_notarized(const Log& log, Proof& proof) {
  if (proof.take(log.find("source=Unnotarized Developer ID"))) return sure;
  if (proof.take(log.find("Unnotarized Developer ID"))) return sure;
  if (log.any("notarized", "--check-notarization") &&
      proof.take(log.find("code failed to satisfy specified code requirement")))
    return sure;
  return proof.take(log.find("rejected")) && log.has("spctl") ? possible : 0;
}

int wrong_certificate(const Log& log, Proof& proof) {
  if (const auto hit = log.find("cannot be used for signing code")) return proof.take(hit), sure;
  if (const auto hit = log.find("Authority=Developer ID Installer"))
    return proof.take(hit), sure + 2;
  if (const auto hit = log.find("Developer ID Installer")) return proof.take(hit), likely + 5;
  if (const auto hit = log.find("unhandled critical extension")) return proof.take(hit), likely + 8;
  return proof.take(log.find("certificate does not have code signing")) ? likely : 0;
}

int staple_bare(const Log& log, Proof& proof) {
  if (proof.take(log.find("Error 73"))) return sure;
  if (proof.take(log.find("Stapler is incapable of working with"))) return sure;
  if (proof.take(log.find("exit status 73")) || proof.take(log.find("code: 73"))) return likely;
  // 66: the file is of no kind that holds a ticket.
  if (!log.any("stapl", "Stapl")) return 0;
  for (const std::string_view words : {"exit code 66", "Error 66", "exit status 66", "code 66"}) {
    if (proof.take(log.find(words))) return sure;
  }
  return 0;
}

int no_ticket(const Log& log, Proof& proof) {
  if (proof.take(log.find("Record not found"))) return sure;
  if (proof.take(log.find("staple and validate action failed! Error 65"))) return sure;
  return proof.take(log.find("does not have a ticket stapled")) ? likely : 0;
}

constexpr Matcher table[] = {
    {Code::codesign_unsigned_arm64_killed, unsigned_arm64},
    {Code::codesign_signature_invalid, signature_invalid},
    {Code::codesign_upx_breaks_macho, upx},
    {Code::codesign_restricted_entitlement, restricted},
    {Code::codesign_old_linker_dwarf_layout, dwarf_layout},
    {Code::codesign_extended_attributes, xattrs},
    {Code::codesign_nested_code_unsigned, nested_unsigned},
    {Code::codesign_private_key_inaccessible, private_key},
    {Code::codesign_intermediate_cert_missing, intermediate},
    {Code::gatekeeper_quarantined_unnotarized, quarantined},
    {Code::notarize_not_developer_id_signed, not_developer_id},
    {Code::notarize_hardened_runtime_missing, runtime_missing},
    {Code::notarize_developer_id_but_not_notarized, not_notarized},
    {Code::notarize_wrong_certificate_type, wrong_certificate},
    {Code::notarize_cannot_staple_bare_executable, staple_bare},
    {Code::notarize_ticket_not_found, no_ticket},
};

}  // namespace

extern const Matchers matchers_sign;
const Matchers matchers_sign{table};

}  // namespace tenon
