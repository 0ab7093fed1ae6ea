// Topic "signing": what stands against a signature, or is lost by it. Codes TN08xx.
#include "diag/rule.h"

namespace tenon {
namespace {

constexpr Rule table[] = {
    {.code = "TN0801",
     .slug = "signing/not-code",
     .severity = Severity::error,
     .title = "Not code that can be signed",
     .message = "{where}: {reason}",
     .doc = R"md(
## What happens
Apple's signatures lie inside of linked Mach-O files: programs, libraries, bundles. A static library or
an object file has no place for one. codesign "signs" a `.a` all the same, into extended attributes that
zip, tar, git and the linker drop and that nothing checks; linking copies the code into a program, and
that program's signature is the one that counts. Data behind the last segment cannot be sealed either:
the system refuses a program that something was appended to.

## How to see it
`tenon inspect FILE` names the kind. `tenon verify FILE` names data behind the signature.

## How to fix it
Sign the program. Do not ship static libraries in a bundle: the notary answers "The binary is not
signed". Put a payload into a section of the program (`-sectcreate`), or beside it.
)md"},
    {.code = "TN0802",
     .slug = "signing/failed",
     .severity = Severity::error,
     .title = "The file was not signed",
     .message = "{where}: {reason}",
     .doc = R"md(
## What happens
The file stays as it was: a signature is written beside it and takes its place only when it is complete
and holds. Entitlements that the system's own reader would refuse, a header without room for the load
command, or a bundle with code that cannot be signed stop it.

## How to see it
The message names the file or the line.

## How to fix it
Entitlements: no duplicate keys, nothing behind `</plist>`, no `--` in comments; plutil is more lenient
than the system. No room in the header: link with `-Wl,-headerpad,0x20`.
)md"},
    {.code = "TN0803",
     .slug = "signing/identity-not-usable",
     .severity = Severity::error,
     .title = "The key or certificate cannot be used",
     .message = "{where}: {reason}",
     .doc = R"md(
## What happens
A signature by certificate takes one private key, the certificate for it that may sign code, and the
chain up to its root. Certificates for installers sign packages, not code.

## How to see it
`openssl pkcs12 -in FILE -info -nokeys` lists what a file holds; files that Keychain exported need
`-legacy` there and nothing here.

## How to fix it
Export the identity (certificate with its key) from Keychain as .p12, or give key and certificates as
PEM files. Apple's intermediates are completed; private ones have to be among the files, with their
root.
)md"},
    {.code = "TN0804",
     .slug = "signing/no-timestamp",
     .severity = Severity::error,
     .title = "There is no timestamp",
     .message = "{where}: {reason}",
     .doc = R"md(
## What happens
The notary wants a timestamp (RFC 3161) of Apple, and with it a signature outlives its certificate. The
service did not answer, or not to this request. Nothing was written.

## How to see it
`curl -v http://timestamp.apple.com/ts01` shows whether the service can be reached: it speaks HTTP on
port 80, which some firewalls close.

## How to fix it
Try again; name a service inside with `--timestamp-url`; for tests, `--no-timestamp`.
)md"},
    {.code = "TN0805",
     .slug = "signing/certificate-expires",
     .severity = Severity::warning,
     .title = "A certificate expires soon",
     .message = "{name} expires in {days} days",
     .doc = R"md(
## What happens
With a timestamp a signature stays valid after its certificate has expired; new signatures cannot be
made then. The first Developer ID intermediate ends on 1 February 2027, and every certificate under it.

## How to see it
`tenon verify -v FILE` lists the chain with its dates.

## How to fix it
Ask Apple for a new certificate (its intermediate is "G2", until 2031).
)md"},
    {.code = "TN0806",
     .slug = "signing/lost",
     .severity = Severity::warning,
     .title = "The old signature said more",
     .message = "{arch}: {message}",
     .doc = R"md(
## What happens
Signing replaces a signature. Entitlements and flags are kept unless asked otherwise; who signed it, the
team and the timestamp cannot be kept.

## How to see it
`tenon verify` of the old file and the new one.

## How to fix it
Nothing, if it was meant. Otherwise sign with the identity that the file had.
)md"},
};

}  // namespace

extern const RuleTopic rules_signing;
const RuleTopic rules_signing{"signing", "TN08", table};

}  // namespace tenon
