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

constexpr Cause table[] = {
    {.code = "TN2514",
     .slug = "codesign/unsigned-arm64-killed",
     .title = "Not signed: arm64 Macs kill it",
     .happens = "arm64 Macs run no code without a signature.",
     .tell = "`tenon verify PROGRAM` says unsigned.",
     .fix = "Sign it, ad-hoc is enough.",
     .prevent = "Sign as the last step.",
     .commands = {"tenon sign PROGRAM"},
     .rivals = {"codesign/signature-invalid", "gatekeeper/quarantined-unnotarized",
                "codesign/restricted-entitlement", "codesign/upx-breaks-macho"},
     .decide = "tenon verify PROGRAM",
     .match = unsigned_arm64},
    {.code = "TN2515",
     .slug = "codesign/signature-invalid",
     .title = "The signature does not hold",
     .happens = "The file was changed after signing, or overwritten in place while the system "
                "remembered it.",
     .tell = "`tenon verify PROGRAM` names the page.",
     .fix = "Sign again; remove the old file before copying.",
     .prevent = "Write a new file and rename it.",
     .commands = {"tenon sign PROGRAM"},
     .rivals = {"codesign/unsigned-arm64-killed", "gatekeeper/quarantined-unnotarized",
                "codesign/restricted-entitlement", "codesign/upx-breaks-macho"},
     .decide = "tenon verify PROGRAM",
     .match = signature_invalid},
    {.code = "TN2516",
     .slug = "codesign/upx-breaks-macho",
     .title = "UPX breaks Mach-O programs",
     .happens = "A packed program has no valid signature.",
     .tell = "`strings PROGRAM` shows UPX!.",
     .fix = "Do not pack it.",
     .prevent = "Pack nothing for macOS.",
     .commands = {"go build -ldflags=-s\\ -w"},
     .rivals = {"codesign/unsigned-arm64-killed", "codesign/signature-invalid"},
     .decide = "tenon verify PROGRAM",
     .match = upx},
    {.code = "TN2517",
     .slug = "codesign/restricted-entitlement",
     .title = "An entitlement needs a profile",
     .happens = "Restricted entitlements are honoured only with a provisioning profile; without it "
                "the process is killed.",
     .tell = "`codesign -d --entitlements - PROGRAM`.",
     .fix = "Drop it, or sign with the profile.",
     .prevent = "Sign with as few entitlements as needed.",
     .commands = {"tenon sign --drop-entitlements PROGRAM"},
     .rivals = {"codesign/signature-invalid", "codesign/unsigned-arm64-killed",
                "gatekeeper/quarantined-unnotarized"},
     .decide = "tenon verify -v PROGRAM",
     .match = restricted},
    {.code = "TN2518",
     .slug = "codesign/old-linker-dwarf-layout",
     .title = "An old Go's DWARF cannot be signed",
     .happens = "Old releases of Go put DWARF where strict validation does not want it.",
     .tell = "Go 1.4 or 1.5.",
     .fix = "Update Go, or build with -ldflags=-w.",
     .prevent = "Update Go.",
     .commands = {"go build -ldflags=-w"},
     .match = dwarf_layout},
    {.code = "TN2519",
     .slug = "codesign/extended-attributes",
     .title = "Extended attributes in the bundle",
     .happens = "codesign refuses resource forks and Finder information.",
     .tell = "`xattr -lr BUNDLE`.",
     .fix = "Remove them.",
     .prevent = "Copy with `cp -X`.",
     .commands = {"xattr -cr BUNDLE"},
     .match = xattrs},
    {.code = "TN2520",
     .slug = "codesign/nested-code-unsigned",
     .title = "Code inside of the bundle is not signed",
     .happens = "A bundle is sealed after what is in it.",
     .tell = "In subcomponent names it.",
     .fix = "Sign from the inside out.",
     .prevent = "`tenon sign BUNDLE` keeps the order.",
     .commands = {"tenon sign BUNDLE"},
     .match = nested_unsigned},
    {.code = "TN2521",
     .slug = "codesign/private-key-inaccessible",
     .title = "The private key cannot be used",
     .happens = "The keychain is locked, or does not let codesign use the key without asking.",
     .tell = "It works in a desktop session and not over ssh or in CI.",
     .fix = "Unlock the keychain and allow codesign.",
     .prevent = "`tenon sign --identity FILE` needs no keychain.",
     .commands = {"security unlock-keychain",
                  "security set-key-partition-list -S apple-tool:,apple: -s"},
     .rivals = {"codesign/intermediate-cert-missing"},
     .match = private_key},
    {.code = "TN2522",
     .slug = "codesign/intermediate-cert-missing",
     .title = "Apple's intermediate certificate is missing",
     .happens = "The chain from the certificate to Apple's root has a hole.",
     .tell = "`security find-identity -v` shows no valid identity.",
     .fix = "Install the intermediate of Apple's site.",
     .prevent = "`tenon sign` carries the Developer ID intermediates.",
     .rivals = {"codesign/private-key-inaccessible"},
     .match = intermediate},
    {.code = "TN2523",
     .slug = "gatekeeper/quarantined-unnotarized",
     .title = "Downloaded and not notarized",
     .happens =
         "Gatekeeper refuses programs with the quarantine attribute that Apple has not notarized.",
     .tell = "`xattr PROGRAM` shows com.apple.quarantine; a copy by curl runs.",
     .fix = "Remove the attribute if you trust it.",
     .prevent = "Notarize what you ship.",
     .commands = {"xattr -d com.apple.quarantine PROGRAM"},
     .rivals = {"codesign/unsigned-arm64-killed", "codesign/signature-invalid"},
     .decide = "xattr -l PROGRAM",
     .match = quarantined},
    {.code = "TN2524",
     .slug = "notarize/not-developer-id-signed",
     .title = "Not signed with a Developer ID",
     .happens = "The notary takes Developer ID certificates only.",
     .tell = "`tenon verify --for-distribution PROGRAM`.",
     .fix = "Sign with a Developer ID Application certificate.",
     .prevent = "Check before submitting.",
     .commands = {"tenon sign --identity id.p12 --runtime PROGRAM"},
     .match = not_developer_id},
    {.code = "TN2525",
     .slug = "notarize/hardened-runtime-missing",
     .title = "The hardened runtime is not enabled",
     .happens = "The notary wants it in every program.",
     .tell = "`tenon verify -v PROGRAM` lists the flags.",
     .fix = "Sign with it.",
     .prevent = "Check before submitting.",
     .commands = {"tenon sign --identity id.p12 --runtime PROGRAM"},
     .match = runtime_missing},
    {.code = "TN2526",
     .slug = "notarize/developer-id-but-not-notarized",
     .title = "Signed and never notarized",
     .happens = "A Developer ID signature alone is not enough for what is downloaded.",
     .tell = "spctl says Unnotarized Developer ID.",
     .fix = "Submit it to the notary.",
     .prevent = "Notarize every release.",
     .commands = {"xcrun notarytool submit FILE.zip --wait"},
     .match = not_notarized},
    {.code = "TN2527",
     .slug = "notarize/wrong-certificate-type",
     .title = "An installer's certificate on code",
     .happens = "Developer ID Installer signs packages; code takes Developer ID Application.",
     .tell = "The authority's name.",
     .fix = "Use the Application certificate.",
     .prevent = "Name certificates by use.",
     .match = wrong_certificate},
    {.code = "TN2528",
     .slug = "notarize/cannot-staple-bare-executable",
     .title = "A bare program cannot be stapled",
     .happens = "Tickets are attached to bundles, packages and disk images.",
     .tell = "Error 73.",
     .fix = "Leave it out: Gatekeeper asks online.",
     .prevent = "Ship a package or image if it has to work offline.",
     .match = staple_bare},
    {.code = "TN2529",
     .slug = "notarize/ticket-not-found",
     .title = "There is no ticket for this file",
     .happens = "Apple has no ticket for this hash: not notarized yet, or changed since.",
     .tell = "Record not found, error 65.",
     .fix = "Staple the very file that was accepted.",
     .prevent = "Do not sign again after notarization.",
     .commands = {"xcrun notarytool history"},
     .match = no_ticket},
};

}  // namespace

extern const CauseTopic causes_sign;
const CauseTopic causes_sign{"sign", table};

}  // namespace tenon
