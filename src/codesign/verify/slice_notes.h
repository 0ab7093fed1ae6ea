// Notes on a signature that holds: what the system takes, and what nobody would sign on purpose.
// Never a verdict. Not for other folders.
#pragma once

#include "base/bytes.h"
#include "codesign/blob/codesign.h"
#include "codesign/verify/file_verdict.h"
#include "format/macho/fwd.h"

namespace tenon::codesign {

// What a note is about. All is borrowed; `bytes` is what LC_CODE_SIGNATURE points to.
struct SignedSlice {
  const macho::File& file;
  ByteView bytes;
  const Signature& signature;
  const CodeDirectory& best;  // the one that systems take
};

// After identity and entitlements are known.
void add_notes(const SignedSlice& slice, SliceVerdict& out);

// The launch and library constraints of slots 8 to 11, in that order.
void read_constraints(const Signature& signature, SliceVerdict& out);

}  // namespace tenon::codesign
