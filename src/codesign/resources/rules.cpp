#include "codesign/resources/rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "codesign/resources/pattern.h"
#include "format/plist/value.h"

namespace tenon::resources {
namespace {

using plist::Dict;
using plist::Value;

constexpr std::string_view code_places =
    "^(Frameworks|SharedFrameworks|PlugIns|Plug-ins|XPCServices|Helpers|MacOS|"
    "Library/(Automator|Spotlight|LoginItems))/";

// The weight of a rule; nullopt for what is no number of 32 bits.
std::optional<std::uint32_t> weight_of(const Value& value) {
  double weight = -1;
  if (value.integer() != nullptr) weight = static_cast<double>(*value.integer());
  if (value.real() != nullptr) weight = std::trunc(*value.real());
  if (!(weight >= 0 && weight <= 4294967295.0)) return std::nullopt;
  return static_cast<std::uint32_t>(weight);
}

// Weights are reals, as codesign writes them.
Value weighted(double weight, std::string_view flag = {}) {
  Dict rule;
  if (!flag.empty()) rule.add(std::string(flag), true);
  rule.add("weight", weight);
  return rule;
}

void add_localizations(Dict& rules, const std::string& resources) {
  rules.add("^" + resources + ".*\\.lproj/", weighted(1000, "optional"));
  rules.add("^" + resources + "Base\\.lproj/", weighted(1010));
  rules.add("^" + resources + ".*\\.lproj/locversion.plist$", weighted(1100, "omit"));
}

Dict default_rules2(const std::string& resources) {
  Dict rules;
  rules.add("^.*", true);
  if (!resources.empty()) {
    rules.add("^[^/]+$", weighted(10, "nested"));
    rules.add(std::string(code_places), weighted(10, "nested"));
  }
  rules.add(".*\\.dSYM($|/)", weighted(11));
  rules.add("^(.*/)?\\.DS_Store$", weighted(2000, "omit"));
  rules.add("^Info\\.plist$", weighted(20, "omit"));
  rules.add("^version\\.plist$", weighted(20));
  rules.add("^embedded\\.provisionprofile$", weighted(20));
  rules.add("^PkgInfo$", weighted(20, "omit"));
  if (!resources.empty()) rules.add("^" + resources, weighted(20));
  add_localizations(rules, resources);
  return rules;
}

bool omits(const Value& rule) {
  if (rule.boolean() != nullptr) return !*rule.boolean();
  return rule.is_true("omit");
}

}  // namespace

Result<RuleSet::Rule> RuleSet::parse_rule(const plist::Pair& pair) {
  Rule rule{TENON_TRY(Pattern::compile(pair.key)), 1, {}};
  rule.match.found = true;
  if (pair.value.boolean() != nullptr) {
    rule.match.omitted = !*pair.value.boolean();
  } else if (pair.value.dict() == nullptr) {
    return fail(Errc::malformed, "rule that is not a dictionary");
  } else if (const Value* weight = pair.value.dict()->find("weight")) {
    const auto number = weight_of(*weight);
    if (!number) return fail(Errc::malformed, "weight of a rule");
    rule.weight = *number;
  }
  rule.match.omitted = rule.match.omitted || pair.value.is_true("omit");
  rule.match.optional = pair.value.is_true("optional");
  rule.match.nested = pair.value.is_true("nested");
  return rule;
}

Result<RuleSet, RuleError> RuleSet::parse(const Dict& rules) {
  RuleSet out;
  if (rules.size() > max_rules) {
    return std::unexpected(RuleError{{Errc::unsupported, "many rules", 0, 0}, {}});
  }
  for (const plist::Pair& pair : rules.pairs()) {
    auto rule = parse_rule(pair);
    if (!rule) return std::unexpected(RuleError{rule.error(), pair.key});
    out.rules_.push_back(*std::move(rule));
  }
  return out;
}

void RuleSet::exclude(std::string path, bool link_target) {
  exclusions_.push_back({std::move(path), link_target});
}

Match RuleSet::find(std::string_view path) const {
  for (const Exclusion& exclusion : exclusions_) {
    if (exclusion.path != path) continue;
    Match match;
    match.found = match.exclusion = true;
    match.link_target = exclusion.link_target;
    return match;
  }
  const Rule* best = nullptr;
  bool ambiguous = false;
  for (const Rule& rule : rules_) {
    // Lighter rules need no search.
    if (best != nullptr && rule.weight < best->weight) continue;
    if (!rule.pattern.search(path)) continue;
    const auto says = [](const Match& m) { return std::array{m.omitted, m.optional, m.nested}; };
    const bool equal = best != nullptr && rule.weight == best->weight;
    ambiguous = equal && (ambiguous || says(rule.match) != says(best->match));
    if (!equal) best = &rule;
  }
  if (best == nullptr) return {};
  Match match = best->match;
  match.ambiguous = ambiguous;
  return match;
}

bool RuleSet::includes(std::string_view path) const {
  if (const std::size_t slash = path.find('/'); slash != std::string_view::npos) {
    const Match top = find(path.substr(0, slash));
    if (top.exclusion) return top.link_target;
  }
  const Match match = find(path);
  return match.sealed() || match.link_target;
}

Dict default_rules(const std::string& resources) {
  Dict rules;
  rules.add("^version.plist$", true);
  rules.add(resources.empty() ? "^.*" : "^" + resources, true);
  add_localizations(rules, resources);
  Dict out;
  out.add("rules", std::move(rules));
  out.add("rules2", default_rules2(resources));
  return out;
}

Dict rules2_from_rules(const Dict& rules) {
  Dict out = rules;
  if (out.find(code_places) == nullptr) out.add(std::string(code_places), weighted(0, "nested"));
  return out;
}

std::optional<std::string> weakness(const Dict& rules, unsigned version,
                                    const std::string& resources) {
  const std::array<std::string, 4> allowed{"^(.*/)?\\.DS_Store$", "^Info\\.plist$", "^PkgInfo$",
                                           "^" + resources + ".*\\.lproj/locversion.plist$"};
  const std::string_view all = version == 1 ? "^Resources/" : "^.*";
  bool covers_all = false;
  for (const plist::Pair& pair : rules.pairs()) {
    if (pair.key == all && pair.value.boolean() != nullptr && *pair.value.boolean()) {
      covers_all = true;
    } else if (omits(pair.value) && std::ranges::find(allowed, pair.key) == allowed.end()) {
      return "rule " + pair.key + " omits files";
    }
  }
  if (covers_all) return std::nullopt;
  return "no rule seals everything";
}

}  // namespace tenon::resources
