// Signatures of any kind for one thin slice. What comes out is a recipe: a changed head, bytes of
// the source, and a tail, so that a file of any size is signed in little memory. Rules: Security
// libsecurity_codesigning (cdbuilder.cpp, signer.cpp, CodeSigner.cpp, diskrep.cpp), xnu
// bsd/kern/ubc_subr.c. Offsets in errors are file offsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"

namespace tenon::sign {

using Bytes = std::vector<std::byte>;

// The CMS over a finished CodeDirectory: what goes into the wrapper.
using CmsMaker = std::function<Result<Bytes>(ByteView code_directory)>;

struct Entitlements {
  Bytes xml, der;                    // payloads, without heads; der may be empty
  std::uint64_t exec_seg_flags = 0;  // CS_EXECSEG_... that follow from them
};

struct SliceRequest {
  // Empty keeps that of the old signature, unless a linker made it: linkers write "a.out" or the
  // name of a temporary file.
  std::string identifier;
  std::string team;             // empty: none
  std::uint32_t page_size = 0;  // 4096 or, for arm64, 16384; 0 is the page of the machine
  std::uint32_t flags = 0;      // CS_...; CS_ADHOC is added without `cms`
  std::optional<Entitlements> entitlements;  // nullopt keeps the old ones
  bool drop_entitlements = false;
  Bytes requirements;                      // a whole blob of requirements; empty: an empty set
  std::optional<ByteView> info_plist;      // slot 1; nullopt: the embedded section, if any
  std::optional<ByteView> code_resources;  // slot 3
  CmsMaker cms;                            // empty: ad-hoc
  unsigned threads = 1;
  PageWindow* window = nullptr;  // borrowed
};

// The new slice: `head`, then the source from head.size() to `kept`, then `tail`.
struct Recipe {
  Bytes head;
  std::uint64_t kept = 0;
  Bytes tail;
  codesign::CdHash cdhash{};

  [[nodiscard]] std::uint64_t size() const { return kept + tail.size(); }
};

// The same bytes and options give the same bytes, also when the input is the result of an earlier
// call; with `cms` as far as that does.
// invalid_argument: a universal file, static library or object, no identifier, or an option that
// the system would refuse, or no room for a load command. malformed: data after __LINKEDIT, or a
// layout that cannot be kept. limit: the CMS is larger than what is reserved for it.
[[nodiscard]] Result<Recipe> sign_slice(ByteView thin_slice, const SliceRequest& request);

// Without signature; the tail is empty.
[[nodiscard]] Result<Recipe> strip_slice(ByteView thin_slice);

// The bytes of a recipe, in memory.
[[nodiscard]] Bytes cook(const Recipe& recipe, ByteView source);

// What a signature says that a new one might lose.
struct OldSignature {
  bool present = false, readable = false;
  std::string identifier, team;
  std::uint32_t flags = 0;
  bool has_cms = false, has_entitlements = false;
  Bytes requirements;  // the whole blob
};

[[nodiscard]] OldSignature old_signature(ByteView thin_slice);
// Of a SuperBlob that lies elsewhere.
[[nodiscard]] OldSignature old_signature_in(ByteView super_blob);

}  // namespace tenon::sign
