// Topic "verify": what is wrong with a code signature. Codes TN09xx.
#include "diag/rule.h"

namespace tenon {
namespace {

constexpr Rule table[] = {
    {.code = "TN0901",
     .slug = "verify/not-readable-here",
     .severity = Severity::error,
     .title = "Signatures of this kind of file are not read",
     .message = "{path}: {reason}",
     .fixes = {{{Fix::Safety::manual,
                 "ask what judges it on a Mac: tenon verify --for-distribution {path}"}}},
     .doc = R"md(
## What happens
tenon checks Mach-O files and bundles. Disk images and installer packages carry signatures of their
own kinds, and static libraries and object files none: linking copies their code into the program, and
its signature is the only one that counts.

## How to see it
The exit code is 2: nothing was found to be wrong, and nothing was checked.

## How to fix it
`tenon verify --for-distribution FILE` names the program that judges it on a Mac. Check what is inside
by itself: the app on the disk image, the programs in the package.
)md"},
    {.code = "TN0902",
     .slug = "verify/not-signed",
     .severity = Severity::error,
     .title = "Not signed",
     .message = "{arch} is not signed",
     .fixes = {{{Fix::Safety::review, "sign it", {"tenon", "sign", "{path}"}}}},
     .doc = R"md(
## What happens
The slice has no LC_CODE_SIGNATURE. arm64 Macs kill a program without a signature at its first page
("Killed: 9"); Intel Macs run it, and Gatekeeper refuses it when it was downloaded.

## How to see it
`codesign -v FILE` says "code object is not signed at all".

## How to fix it
`tenon sign FILE` signs it ad-hoc, which is enough to run; for distribution it takes a Developer ID
certificate: `tenon sign --identity CERTIFICATE.p12 --runtime --timestamp FILE`. `strip` and
`install_name_tool` of other systems drop or break signatures: sign as the last step.
)md"},
    {.code = "TN0903",
     .slug = "verify/changed-after-signing",
     .severity = Severity::error,
     .title = "The bytes are not those that were signed",
     .message = "{arch}: {where}: {message}",
     .fixes =
         {{{Fix::Safety::review, "sign again, as the last step", {"tenon", "sign", "{path}"}}}},
     .doc = R"md(
## What happens
A signature holds a hash of every page, and of everything else that belongs to the code. One of them
differs from what the file or bundle holds now, or the structure is one that the system refuses. The
kernel kills the process when it touches such a page: "Killed: 9", "Code Signature Invalid".

## How to see it
The cause names the page with its section and nearest symbol, the slot, or the file of the bundle, and
the status that Apple's Security framework gives. A note says which kind of tool leaves such a trace.

## How to fix it
Do everything that writes into the file first (strip, install_name_tool, appending a payload) and sign
as the last step. When nobody should have written into it, take it from its source again.
)md"},
    {.code = "TN0904",
     .slug = "verify/identity-not-proven",
     .severity = Severity::error,
     .title = "The certificate did not sign these bytes",
     .message = "{arch}: {where}: {message}",
     .doc = R"md(
## What happens
The file carries a certificate and a signed statement (CMS), and the statement is not about this code:
its digest is of another CodeDirectory, its signature or its chain is wrong, the timestamp belongs to
something else, or the team differs from the certificate's. Page hashes may all be right: whoever
changes a page can also change its hash, and only this check tells.

## How to see it
`tenon verify --json FILE` lists each check of the identity. Tools that compare pages only accept such
files.

## How to fix it
Do not run it. Take the file from its source, or sign it with your own identity.
)md"},
    {.code = "TN0905",
     .slug = "verify/not-trusted",
     .severity = Severity::error,
     .title = "The signer is not trusted for this",
     .message = "{arch}: {where}: {message}",
     .doc = R"md(
## What happens
The signature is right and its signer is not the one that is asked for: the chain ends in a root that
nobody vouches for, the code does not keep its own designated requirement, or a rule of `--require` is
broken.

## How to see it
The cause names the root, the clause of the requirement or the rule.

## How to fix it
Sign with the right certificate. A private root is trusted with `--trust-root FILE`.
)md"},
};

}  // namespace

extern const RuleTopic rules_verify;
const RuleTopic rules_verify{"verify", "TN09", table};

}  // namespace tenon
