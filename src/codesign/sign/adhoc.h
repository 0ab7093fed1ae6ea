// Ad-hoc signatures, as `codesign -s -` writes them: hashes and no identity. arm64 Macs run nothing
// without one. Pure functions from bytes to bytes: who calls writes the file, and replaces it
// rather than writing into it, since the system remembers the signature of an inode.
// Rules: Security libsecurity_codesigning (cdbuilder.cpp, signer.cpp, CodeSigner.cpp, diskrep.cpp),
// xnu bsd/kern/ubc_subr.c. Offsets in errors are file offsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::sign {

struct SignOptions {
  // The name of the code. Empty keeps that of the old signature, unless a linker made it: linkers
  // write "a.out" or the name of a temporary file.
  std::string identifier;
  std::uint32_t page_size = 0;  // 4096 or, for arm64, 16384; 0 is the page of the machine
  std::uint32_t flags = 0;      // CS_HARD, CS_RUNTIME ...; CS_ADHOC is always added
};

// `thin_slice` with a signature in place of the one that it may have. Entitlements of the old
// signature are kept, its other contents are not. The same bytes and options give the same bytes,
// also when the input is the result of an earlier call.
// invalid_argument: a universal file, static library or object, no identifier, or an option that
// the system would refuse, or no room for a load command. malformed: data
// after __LINKEDIT, or a layout that cannot be kept.
[[nodiscard]] Result<std::vector<std::byte>> sign_adhoc(ByteView thin_slice,
                                                        const SignOptions& options);

// `thin_slice` without its signature. Zeros after the link-edit data go too and the vmsize of
// __LINKEDIT is rounded to pages, whether there was a signature or not, so that
// strip(sign(x)) == strip(x). Errors as above.
[[nodiscard]] Result<std::vector<std::byte>> strip_signature(ByteView thin_slice);

// The identifier that codesign gives an unsigned bare file (diskrep.cpp canonicalIdentifier): the
// file name without its last extension and what follows the first numeric part ("libfoo.5.1.dylib"
// is libfoo.5). A name without a dot gets "-55554944" and the UUID of the slice, when there is one.
[[nodiscard]] std::string default_identifier(std::string_view file_name, ByteView thin_slice);

}  // namespace tenon::sign
