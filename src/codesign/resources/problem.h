// What can be wrong with a sealed bundle.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codesign/verdict.h"

namespace tenon::resources {

using codesign::Cause;
using codesign::make_cause;
using codesign::State;
using codesign::Verdict;

enum class Issue : std::uint8_t {
  // The system refuses the bundle ("a sealed resource is missing or invalid").
  missing,         // sealed, and not there
  added,           // there, and not sealed
  altered,         // other contents than those sealed
  type_changed,    // sealed as a file, a link or code, and now another of these
  link_altered,    // points elsewhere
  nested_altered,  // nested code is gone, or is another one than its requirement allows
  bad_entry,       // an entry of the seal that means nothing
  bad_path,        // a path in the seal that leaves the bundle, or a name that is not UTF-8
  bad_type,        // not a file, directory or symbolic link
  unreadable,
  bad_code_resources,  // CodeResources cannot be read or lacks its parts
  // Strict validation refuses it, as Gatekeeper and notarization do.
  link_target,     // a link that points outside, to nothing, or to what is not sealed
  unsealed_root,   // stands beside the sealed folder
  stray_metadata,  // an unexpected file beside the signature
  weak_rules,      // rules leave out what must be sealed
  weak_version,    // CodeResources has only version 1
  // Not of the system: what goes wrong on a Mac only.
  name_conflict,  // two names that differ in case; most Macs can hold only one of them
};

// "missing", "link target" ...
[[nodiscard]] std::string_view issue_name(Issue issue);
// Whether only strict validation minds.
[[nodiscard]] bool strict_only(Issue issue);
// Whether the system minds at all.
[[nodiscard]] bool is_advice(Issue issue);

struct Problem {
  Issue issue = Issue::bad_entry;
  std::string path;    // in the tree, or as the seal has it when it is no path
  std::string detail;  // may be empty
};

// The same as evidence: "bundle.altered", "was changed since it was sealed", with what Apple's
// Security framework answers.
[[nodiscard]] Cause cause_of(const Problem& problem);

// A list that does not grow without end.
class Problems {
 public:
  static constexpr std::size_t max_kept = 10000;

  void add(Issue issue, std::string path, std::string detail = {});

  std::vector<Problem> kept;
  std::size_t dropped = 0;
};

}  // namespace tenon::resources
