#include "diagnose/causes/team.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diagnose/rows/read.h"
#include "diagnose/rows/row.h"

namespace tenon {
namespace {

// A page with holes helps nobody; codes of tenon are its own.
void check_page(const rows::Row& row, const std::string& file, std::vector<rows::RowError>& out) {
  const rows::Page& page = row.page;
  for (const auto& [name, text] : {std::pair("code", &page.code),
                                   {"title", &page.title},
                                   {"happens", &page.happens},
                                   {"fix", &page.fix}}) {
    if (text->empty())
      out.push_back({file, row.line, fmt::format("{} has no '{}'", row.slug, name)});
  }
  if (page.code.starts_with("TN"))
    out.push_back(
        {file, row.line,
         fmt::format("code '{}': codes that begin with TN are reserved for tenon", page.code)});
  if (row.when.empty())
    out.push_back({file, row.line, row.slug + " has no [[cause.when]]: it would never match"});
}

std::vector<std::string_view> known_names() {
  std::vector<std::string_view> out;
  for (const auto& areas : {code_areas(), cause_topics()}) {
    for (const CodeArea& area : areas) {
      for (const Code code : area.codes) {
        out.push_back(code_text(code));
        out.push_back(slug_of(code));
      }
    }
  }
  return out;
}

}  // namespace

TeamCauses::Made TeamCauses::read(const Files& files) {
  auto out = std::make_unique<TeamCauses>();
  std::vector<rows::RowError> errors;
  rows::Read all;
  std::string last;
  for (const auto& [name, text] : files) {
    rows::Read one = rows::read_rows(text, name);
    std::ranges::move(one.errors, std::back_inserter(errors));
    for (const rows::Row& row : one.rows) check_page(row, name, errors);
    std::ranges::move(one.rows, std::back_inserter(all.rows));
    last += (last.empty() ? "" : ", ") + name;
  }
  rows::check_rows(all, last, known_names());
  std::ranges::move(all.errors, std::back_inserter(errors));
  if (!errors.empty()) return std::unexpected(std::move(errors));
  out->rows_ = std::move(all.rows);
  out->add_causes();
  return out;
}

CommandText TeamCauses::command_of(const std::vector<std::string>& words) {
  return {words_.emplace_back(words.begin(), words.end())};
}

void TeamCauses::add_causes() {
  for (const rows::Row& row : rows_) {
    const rows::Page& page = row.page;
    auto& commands = commands_.emplace_back();
    for (const auto& words : page.commands) commands.push_back(command_of(words));
    auto& rivals = rivals_.emplace_back();
    for (const std::string& rival : page.rivals) {
      if (const auto code = find_code(rival)) rivals.push_back(*code);
    }
    Cause& cause = causes_.emplace_back();
    cause.own_code = page.code;
    cause.slug = row.slug;
    cause.title = page.title;
    cause.happens = page.happens;
    cause.tell = page.tell;
    cause.fix = page.fix;
    cause.prevent = page.prevent;
    cause.since = page.since;
    cause.versions = page.versions;
    cause.commands = commands;
    cause.rivals = rivals;
    cause.decide = command_of(page.decide);
    cause.harmless = page.harmless;
    cause.general = page.general;
    cause.installs = page.installs;
  }
}

const Cause* TeamCauses::find(std::string_view code_or_slug) const {
  const auto found = std::ranges::find_if(causes_, [&](const Cause& one) {
    return one.slug == code_or_slug || one.own_code == code_or_slug;
  });
  return found == causes_.end() ? nullptr : &*found;
}

}  // namespace tenon
