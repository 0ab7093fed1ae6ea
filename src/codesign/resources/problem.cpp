#include "codesign/resources/problem.h"

#include <array>

namespace tenon::seal {
namespace {

constexpr std::array<std::string_view, 17> names{
    "missing",        "added",        "altered",       "type changed",   "link altered",
    "nested altered", "bad entry",    "bad path",      "bad type",       "unreadable",
    "bad seal",       "link target",  "unsealed root", "stray metadata", "weak rules",
    "weak version",   "name conflict"};

}  // namespace

std::string_view issue_name(Issue issue) { return names[static_cast<std::size_t>(issue)]; }

bool strict_only(Issue issue) { return issue >= Issue::link_target && !is_advice(issue); }

bool is_advice(Issue issue) { return issue == Issue::name_conflict; }

void Problems::add(Issue issue, std::string path, std::string detail) {
  if (kept.size() < max_kept) {
    kept.push_back({issue, std::move(path), std::move(detail)});
  } else {
    ++dropped;
  }
}

}  // namespace tenon::seal
