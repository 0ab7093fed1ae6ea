#include "codesign/resources/problem.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "codesign/blob/os_status.h"

namespace tenon::resources {
namespace {

constexpr std::array<std::string_view, 17> names{
    "missing",        "added",        "altered",       "type changed",   "link altered",
    "nested altered", "bad entry",    "bad path",      "bad type",       "unreadable",
    "bad seal",       "link target",  "unsealed root", "stray metadata", "weak rules",
    "weak version",   "name conflict"};

OsStatus status_of(Issue issue) {
  switch (issue) {
    case Issue::nested_altered: return OS_BAD_NESTED_CODE;
    case Issue::bad_type: return OS_RESOURCE_NOT_SUPPORTED;
    case Issue::bad_code_resources:
    case Issue::bad_entry: return OS_RESOURCES_INVALID;
    case Issue::link_target: return OS_INVALID_SYMLINK;
    case Issue::unsealed_root:
    case Issue::stray_metadata: return OS_UNSEALED_APP_ROOT;
    case Issue::weak_rules: return OS_WEAK_RESOURCE_RULES;
    case Issue::weak_version: return OS_WEAK_RESOURCE_ENVELOPE;
    case Issue::name_conflict: return OS_NONE;
    default: return OS_BAD_RESOURCE;
  }
}

std::string sentence_of(const Problem& problem) {
  std::string text;
  switch (problem.issue) {
    case Issue::missing: text = "is sealed, but missing"; break;
    case Issue::added: text = "was added: CodeResources does not cover it"; break;
    case Issue::altered: text = "was changed since it was sealed"; break;
    case Issue::type_changed: text = "is not of the sealed type"; break;
    case Issue::link_altered: text = "links to another target than sealed"; break;
    case Issue::nested_altered: text = "is not the sealed code"; break;
    case Issue::unsealed_root:
      text = "is beside the sealed directory, where no signature covers it";
      break;
    case Issue::name_conflict: text = "differs from another name only in case"; break;
    default: text = std::string(issue_name(problem.issue));
  }
  return problem.detail.empty() ? text : text + ": " + problem.detail;
}

std::string slug_of(Issue issue) {
  std::string out = "bundle.";
  for (const char c : issue_name(issue)) out += c == ' ' ? '-' : c;
  return out;
}

}  // namespace

std::string_view issue_name(Issue issue) { return names[static_cast<std::size_t>(issue)]; }

bool strict_only(Issue issue) { return issue >= Issue::link_target && !is_advice(issue); }

bool is_advice(Issue issue) { return issue == Issue::name_conflict; }

Cause cause_of(const Problem& problem) {
  return make_cause(slug_of(problem.issue), sentence_of(problem), problem.path,
                    status_of(problem.issue));
}

void Problems::add(Issue issue, std::string path, std::string detail) {
  if (kept.size() < max_kept) {
    kept.push_back({issue, std::move(path), std::move(detail)});
  } else {
    ++dropped;
  }
}

}  // namespace tenon::resources
