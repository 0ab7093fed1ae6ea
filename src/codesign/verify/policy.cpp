#include "codesign/verify/policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codesign/blob/layout.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "format/plist/value.h"

namespace tenon::codesign {
namespace {

struct Context {
  const FileVerdict& file;
  const SliceVerdict& slice;
  std::string_view value;
};

// Why the rule is not kept; nothing when it is.
using Broken = std::optional<std::string>;
using Rule = Broken (*)(const Context&);

struct Entry {
  PolicyName name;
  Rule rule;
};

Broken trusted(const Context& c) {
  if (c.slice.trust.state == State::valid) return std::nullopt;
  return "its chain does not end in a trusted root";
}

Broken developer_id(const Context& c) {
  if (c.slice.kind == SignatureKind::developer_id && c.slice.trust.state == State::valid)
    return std::nullopt;
  return fmt::format("is not signed with a trusted Developer ID, but {}", kind_slug(c.slice.kind));
}

Broken team(const Context& c) {
  if (c.slice.team == c.value && c.slice.identity.state == State::valid) return std::nullopt;
  return fmt::format("the team is '{}', not '{}'", c.slice.team, c.value);
}

Broken identifier(const Context& c) {
  if (c.slice.identifier == c.value) return std::nullopt;
  return fmt::format("the identifier is '{}', not '{}'", c.slice.identifier, c.value);
}

Broken runtime(const Context& c) {
  if (c.slice.type != "executable" || (c.slice.flags & CS_RUNTIME) != 0) return std::nullopt;
  return "the hardened runtime is not enabled";
}

Broken timestamp(const Context& c) {
  const bool has = c.slice.cms && c.slice.cms->timestamp.state == State::valid;
  if (has) return std::nullopt;
  return "there is no secure timestamp";
}

Broken no_debugging(const Context& c) {
  const bool allowed =
      c.slice.entitlements && c.slice.entitlements->is_true("com.apple.security.get-task-allow");
  if (!allowed) return std::nullopt;
  return "com.apple.security.get-task-allow lets any process attach";
}

Broken entitlements_within(const Context& c) {
  if (!c.slice.entitlements || c.slice.entitlements->dict() == nullptr) return std::nullopt;
  for (const plist::Pair& pair : c.slice.entitlements->dict()->pairs()) {
    bool listed = false;
    for (std::string_view rest = c.value; !rest.empty() && !listed;) {
      const std::size_t end = std::min(rest.find('+'), rest.size());
      listed = rest.substr(0, end) == pair.key;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (!listed) return fmt::format("the entitlement {} is not allowed", pair.key);
  }
  return std::nullopt;
}

Broken well_formed_entitlements(const Context& c) {
  for (const Cause& warning : c.slice.warnings) {
    if (warning.code == "entitlements.syntax" || warning.code == "entitlements.der" ||
        warning.code == "entitlements.differ") {
      return warning.message;
    }
  }
  return std::nullopt;
}

Broken same_identifier(const Context& c) {
  const std::string& first = c.file.slices.front().identifier;
  if (c.slice.identifier == first) return std::nullopt;
  return fmt::format("the slices have the identifiers '{}' and '{}'", first, c.slice.identifier);
}

Broken not_expired(const Context& c) {
  if (!c.slice.cms) return "there is no certificate";
  for (const Cause& warning : c.slice.cms->warnings) {
    if (warning.code.starts_with("identity.expired") || warning.code.ends_with("-tolerated")) {
      return warning.message;
    }
  }
  return std::nullopt;
}

constexpr Entry entries[] = {
    {{"trusted", "the chain ends in Apple's root or one of --trust-root"}, trusted},
    {{"developer-id", "a Developer ID certificate of Apple"}, developer_id},
    {{"team=ID", "this team, confirmed by the certificate"}, team},
    {{"identifier=NAME", "this identifier"}, identifier},
    {{"runtime", "the hardened runtime in every program"}, runtime},
    {{"timestamp", "a valid RFC 3161 timestamp"}, timestamp},
    {{"no-get-task-allow", "no entitlement for debuggers"}, no_debugging},
    {{"entitlements=A+B", "no other entitlements than these"}, entitlements_within},
    {{"entitlements-well-formed", "XML that macOS reads, and equivalent DER"},
     well_formed_entitlements},
    {{"all-slices-same-id", "one identifier for all slices"}, same_identifier},
    {{"not-expired", "certificates that are valid today"}, not_expired},
};

std::string_view stem(std::string_view name) { return name.substr(0, name.find('=')); }

const Entry* find(std::string_view word) {
  const bool has_value = word.find('=') != std::string_view::npos;
  const std::string_view name = stem(word);
  for (const Entry& entry : entries) {
    const bool takes_value = entry.name.name.find('=') != std::string_view::npos;
    if (stem(entry.name.name) == name && takes_value == has_value) return &entry;
  }
  if (word == "trust" || word == "anchor") return entries;
  return nullptr;
}

}  // namespace

std::vector<PolicyName> policy_names() {
  std::vector<PolicyName> out;
  for (const Entry& entry : entries) out.push_back(entry.name);
  return out;
}

bool is_policy(std::string_view rule) { return find(rule) != nullptr; }

void apply_policy(const std::vector<std::string>& rules, FileVerdict& file) {
  for (const std::string& word : rules) {
    const Entry* entry = find(word);
    if (entry == nullptr) continue;
    const std::size_t at = word.find('=');
    const std::string_view value =
        at == std::string::npos ? std::string_view() : std::string_view(word).substr(at + 1);
    for (SliceVerdict& slice : file.slices) {
      if (!slice.is_signed()) continue;  // reported already, and graver
      const Broken why = entry->rule({file, slice, value});
      if (!why) continue;
      slice.trust.blame(State::invalid, make_cause("policy." + std::string(stem(entry->name.name)),
                                                   *why, "--require " + word));
    }
  }
}

}  // namespace tenon::codesign
