// The verdicts on signed files: three of each slice, each with its causes. Values only;
// verify.h makes them. Everything here owns its texts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codesign/cms/cms.h"
#include "codesign/verdict.h"
#include "format/plist/value.h"

namespace tenon::codesign {

// Who made a signature, as far as it shows.
enum class SignatureKind : std::uint8_t {
  absent,         // not signed
  unknown,        // signed, or perhaps signed, in a way that is not read here
  linker_signed,  // ad-hoc, by a linker
  ad_hoc,
  self_signed,
  private_chain,  // a chain to a root that is not Apple's
  developer_id,
  apple_development,
  apple_distribution,
  mac_app_store,
  apple_system,
  installer,  // a certificate for packages, not for code
};

// "unsigned", "linker-signed", "developer-id" ...
[[nodiscard]] std::string_view kind_slug(SignatureKind kind);
[[nodiscard]] SignatureKind signature_kind(cms::Kind kind);

// A special slot of a CodeDirectory that has a hash, contents, or both.
struct SlotFacts {
  std::uint32_t slot = 0;
  std::string name;  // "Info.plist"
  State state = State::unknown;
};

// One CodeDirectory.
struct DirectoryFacts {
  std::uint32_t slot = 0;  // CSSLOT_...
  std::string hash;        // "SHA-256"
  std::string identifier, team;
  std::uint32_t version = 0, flags = 0;
  std::uint64_t size = 0;  // of the blob
  std::uint64_t page_size = 0, pages = 0, bad_pages = 0, code_limit = 0;
  std::uint32_t special_slots = 0;
  std::string cdhash, digest;  // hexadecimal; the first 20 bytes of the digest, and all
  std::uint64_t exec_seg_base = 0, exec_seg_limit = 0, exec_seg_flags = 0;
  std::string runtime;  // version of the hardened runtime, "13.3.0"; empty when there is none
  State state = State::unknown;  // of its own pages and slots; unknown: they were not compared
  std::vector<SlotFacts> slots;
};

// A launch or library constraint: who may start the program, and what it may load.
struct Constraint {
  std::string name;  // "launch-self", "launch-parent", "launch-responsible", "library"
  std::optional<plist::Value> value;  // nullopt: it cannot be read
};

// The signature of one slice, or what stands in for it.
struct SliceVerdict {
  std::string arch, type;              // "arm64", "executable"
  std::uint64_t offset = 0, size = 0;  // in the file
  SignatureKind kind = SignatureKind::absent;
  std::string identifier, team, cdhash;  // of the directory that current systems take
  std::uint64_t page_size = 0;
  std::uint32_t flags = 0;
  std::uint8_t platform = 0;
  std::vector<DirectoryFacts> directories;
  Verdict integrity;            // do the bytes match what was sealed
  Verdict identity;             // did the one whose certificate is here seal them
  Verdict trust;                // may that be believed, and does the code keep its own requirements
  std::vector<Cause> warnings;  // right, and perhaps not what one thinks
  std::optional<cms::SignerReport> cms;
  std::string requirement;          // the designated one, in Apple's syntax
  bool requirement_stored = false;  // or else follows from the signature
  std::optional<std::string> entitlements_xml;
  std::optional<plist::Value> entitlements;  // DER if there is one, else XML
  std::vector<Constraint> constraints;
  std::optional<plist::Value> info;  // the Info.plist that was sealed
  bool info_known = true;            // false: it was sealed and is not at hand, or is no list

  [[nodiscard]] bool is_signed() const { return kind != SignatureKind::absent; }
  // The gravest of the three.
  [[nodiscard]] State state() const;
};

// A Mach-O file, thin or universal.
struct FileVerdict {
  std::string path;  // as the caller named it, or inside of the bundle
  std::vector<SliceVerdict> slices;
  std::vector<Cause> warnings;  // about the file as a whole: slices that disagree

  [[nodiscard]] State state() const;
  // Every slice is. Linkers sign arm64 only: an Intel slice beside slices that no one but a linker
  // signed needs none.
  [[nodiscard]] bool is_signed() const;
};

// A bundle: its main executable, judged with all that it seals, and the code inside.
struct BundleVerdict {
  std::string root;
  std::string layout;        // "contents", "versioned", "folder", "flat"
  FileVerdict main;          // no slices for a bundle without code
  std::uint64_t sealed = 0;  // entries of CodeResources that were compared
  bool ticket = false;       // Contents/CodeResources: the ticket of a notarization is stapled
  // Whether the ticket holds the cdhash of every slice of `main`; nullopt without one.
  std::optional<bool> ticket_covers = std::nullopt;
  std::vector<FileVerdict> nested;
};

// The types of what is signed and is no Mach-O file.
inline constexpr const char* image_type = "disk image";
inline constexpr const char* package_type = "installer package";

// CS_... as words, those of codesign -d: "adhoc", "linker-signed", "runtime".
[[nodiscard]] std::vector<std::string> flag_names(std::uint32_t flags);

}  // namespace tenon::codesign
