// Resource rules: which files of a bundle are sealed, and as what.
// Rules: Security libsecurity_codesigning resources.cpp (ResourceBuilder) and bundlediskrep.cpp
// (defaultResourceRules, adjustResources, allowedResourceOmissions).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codesign/resources/pattern.h"
#include "format/plist/value.h"

namespace tenon::resources {

// What the best rule for a path says.
struct Match {
  bool found = false;        // else no rule is about the path: it is not sealed
  bool optional = false;     // may be absent
  bool omitted = false;      // not sealed, present or not
  bool nested = false;       // code with a signature of its own
  bool exclusion = false;    // not checked, as is all that is below
  bool link_target = false;  // links may point to it although it is excluded
  // Rules of one weight that say different things match. The system takes one, by the order of a
  // hash table.
  bool ambiguous = false;

  [[nodiscard]] bool sealed() const { return found && !omitted && !exclusion; }
};

// Why rules cannot be used, and which of them is to blame.
struct RuleError {
  Error error;
  std::string rule;
};

class RuleSet {
 public:
  static constexpr std::size_t max_rules = 128;

  // The dictionary "rules" or "rules2" of a seal. malformed for a rule that the system would
  // refuse; unsupported for a pattern whose meaning is not known here, with nothing decided. The
  // offset of an error is the place in the pattern.
  [[nodiscard]] static Result<RuleSet, RuleError> parse(const plist::Dict& rules);

  // Excludes one path, whatever rules say.
  void exclude(std::string path, bool link_target = false);

  [[nodiscard]] Match find(std::string_view path) const;
  // Whether a link may point to `path`.
  [[nodiscard]] bool includes(std::string_view path) const;

 private:
  struct Rule {
    Pattern pattern;
    std::uint32_t weight = 1;
    Match match;
  };

  [[nodiscard]] static Result<Rule> parse_rule(const plist::Pair& pair);

  struct Exclusion {
    std::string path;
    bool link_target = false;
  };

  std::vector<Rule> rules_;
  std::vector<Exclusion> exclusions_;
};

// The rules that codesign seals with: a dictionary of "rules" and "rules2". `resources` is the
// folder of resources relative to the seal's base, "Resources/" or "" for a flat bundle.
[[nodiscard]] plist::Dict default_rules(const std::string& resources);

// rules2 for given rules without them: the same, and code in the usual places.
[[nodiscard]] plist::Dict rules2_from_rules(const plist::Dict& rules);

// Why strict validation refuses rules, if it does: the rule for everything is missing, or a rule
// omits what must not be (StaticCode.cpp hasWeakResourceRules).
[[nodiscard]] std::optional<std::string> weakness(const plist::Dict& rules, unsigned version,
                                                  const std::string& resources);

}  // namespace tenon::resources
