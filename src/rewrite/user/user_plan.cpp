#include "rewrite/user/user_plan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/for_all.h"
#include "format/tree/query.h"
#include "format/tree/tree.h"
#include "rewrite/edit.h"
#include "rewrite/plan.h"
#include "rewrite/user/rule_file.h"

namespace tenon::rewrite {
namespace {

struct Ending {
  std::string_view end;
  tree::Language language;
};

constexpr Ending endings[] = {{".go", tree::Language::go},
                              {".java", tree::Language::java},
                              {".c", tree::Language::c},
                              {".h", tree::Language::c}};

std::optional<tree::Language> language_of(std::string_view path) {
  for (const Ending& one : endings) {
    if (path.ends_with(one.end)) return one.language;
  }
  return std::nullopt;
}

std::string filled(const std::vector<TemplatePiece>& pieces, std::string_view text,
                   const std::vector<tree::Captured>& row) {
  std::string out;
  for (const TemplatePiece& one : pieces) {
    if (!one.is_capture)
      out += one.text;
    else if (const tree::Captured& part = row[one.capture]; part.there)
      out += text.substr(part.start, part.end - part.start);
  }
  return out;
}

class TextPlan {
 public:
  TextPlan(std::string_view text, FilePlan& plan) : text_(text), lines_(text), plan_(plan) {}

  void add(const UserRule& rule, const std::vector<tree::Captured>& row) {
    if (rule.leaves) {
      const tree::Captured& part = row[rule.left_capture];
      if (part.there)
        leave(part.start, rule, std::string(text_.substr(part.start, part.end - part.start)),
              rule.why);
      return;
    }
    const std::uint32_t group = ++groups_;
    std::vector<Edit> made;
    for (const UserRule::Replacement& one : rule.replacements) {
      const tree::Captured& part = row[one.capture];
      if (!part.there) continue;
      std::string fresh = filled(one.pieces, text_, row);
      if (fresh == text_.substr(part.start, part.end - part.start)) continue;
      made.push_back({part.start, part.end, std::move(fresh), rule.name, group});
    }
    // Another way to match the same place.
    const bool known = !made.empty() && std::ranges::all_of(made, [&](const Edit& edit) {
      return std::ranges::any_of(edits_, [&](const Edit& old) {
        return old.start == edit.start && old.end == edit.end && old.text == edit.text;
      });
    });
    if (known || made.empty()) return;
    sites_.push_back({{lines_.of(made.front().start), rule.name}, group});
    for (Edit& edit : made) edits_.push_back(std::move(edit));
  }

  void finish(bool errors) {
    if (errors && !edits_.empty()) {
      plan_.left.push_back({0, 1, edits_.front().rule, std::to_string(sites_.size()) + " places",
                            "the parser could not read the file whole", "fix the source first"});
      edits_.clear();
      sites_.clear();
    }
    Ordered all = ordered(std::move(edits_));
    std::vector<std::uint32_t> lost;
    for (const Edit& one : all.clashing) {
      lost.push_back(one.group);
      plan_.left.push_back({one.start, lines_.of(one.start), one.rule, one.text,
                            "two edits overlap here, so neither was made", "run it again"});
    }
    for (const auto& [site, group] : sites_) {
      if (std::ranges::find(lost, group) == lost.end()) plan_.sites.push_back(site);
    }
    plan_.edits = std::move(all.edits);
    std::ranges::stable_sort(plan_.left, {}, &Left::start);
    std::ranges::stable_sort(plan_.sites, {}, &Site::line);
  }

 private:
  void leave(std::uint32_t start, const UserRule& rule, std::string api, std::string_view why) {
    plan_.left.push_back({start, lines_.of(start), rule.name, std::move(api), why, {}});
  }

  std::string_view text_;
  Lines lines_;
  FilePlan& plan_;
  std::vector<Edit> edits_;
  std::vector<std::pair<Site, std::uint32_t>> sites_;
  std::uint32_t groups_ = 0;
};

std::vector<FilePlan> plan_files(const RuleFile& file, const Sources& sources, std::size_t threads,
                                 const Chosen& chosen) {
  std::vector<FilePlan> out(sources.paths.size());
  for_all(out.size(), threads, [&](std::size_t i) {
    out[i].path = sources.paths[i];
    const auto language = language_of(out[i].path);
    if (!language) return;
    auto text = sources.read(out[i].path);
    if (!text) {
      out[i].unread = text.error();
      return;
    }
    plan_text(file, *language, *text, chosen, out[i]);
    if (!out[i].edits.empty()) out[i].text = std::move(*text);
  });
  return out;
}

}  // namespace

void plan_text(const RuleFile& file, tree::Language language, std::string_view text,
               const Chosen& chosen, FilePlan& plan) {
  std::vector<const UserRule*> rules;
  std::vector<const tree::Query*> queries;
  for (const UserRule& one : file.rules) {
    if (one.language != language || (!chosen.empty() && !chosen.contains(one.name))) continue;
    rules.push_back(&one);
    queries.push_back(&one.query);
  }
  if (rules.empty()) return;
  const auto found = tree::find(language, text, queries);
  if (!found) {
    plan.unread = found.error();
    return;
  }
  plan.looked_at = true;
  TextPlan made(text, plan);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    for (const auto& row : found->of[i]) made.add(*rules[i], row);
  }
  made.finish(found->errors);
}

UserPack::UserPack(std::string name, const RuleFile& file) : name_(std::move(name)) {
  for (const Ending& one : endings) {
    if (std::ranges::find(file.rules, one.language, &UserRule::language) == file.rules.end())
      continue;
    endings_ += (endings_.empty() ? "" : " ") + std::string(one.end);
  }
  for (const UserRule& one : file.rules)
    rules_.push_back({one.name, one.text, one.before, one.after, {}});
  pack_ = {name_,
           "rules of a file",
           endings_,
           rules_,
           [&file](const Sources& sources, std::size_t threads, const Chosen& chosen) {
             return plan_files(file, sources, threads, chosen);
           },
           true};
}

}  // namespace tenon::rewrite
