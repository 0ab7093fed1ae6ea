#include "codesign/resources/verify_resources.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/resources/code.h"
#include "codesign/resources/entry.h"
#include "codesign/resources/layout.h"
#include "codesign/resources/links.h"
#include "codesign/resources/problem.h"
#include "codesign/resources/rules.h"
#include "codesign/resources/strict.h"
#include "codesign/resources/walk.h"
#include "format/plist/plist.h"
#include "format/plist/value.h"

namespace tenon::resources {
namespace {

using Kind = FileTree::Kind;
using Form = ResourceEntry::Form;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

// The parts of CodeResources that count.
struct Parts {
  unsigned version = 0;
  const plist::Dict* rules = nullptr;
  const plist::Dict* files = nullptr;
};

std::optional<Parts> parts_of(const plist::Value& seal) {
  const plist::Dict* top = seal.dict();
  if (top == nullptr) return std::nullopt;
  const bool second = top->find("files2") != nullptr;
  const plist::Value* rules = top->find(second ? "rules2" : "rules");
  const plist::Value* files = top->find(second ? "files2" : "files");
  if (rules == nullptr || files == nullptr) return std::nullopt;
  if (rules->dict() == nullptr || files->dict() == nullptr) return std::nullopt;
  return Parts{second ? 2U : 1U, rules->dict(), files->dict()};
}

struct Sealed {
  const plist::Value* value = nullptr;
  bool seen = false;
};

class Verifier {
 public:
  Verifier(FileTree& tree, const BundleLayout& layout, const CompareOptions& options)
      : tree_(tree), layout_(layout), options_(options) {}

  Comparison run();

 private:
  bool load();
  bool load_rules();
  void index();
  void scan();
  void item(const Item& item);
  void compare(const Item& item, const plist::Value& value);
  void file(const Item& item, const ResourceEntry& entry);
  void link(const Item& item, const ResourceEntry& entry);
  void nested(const Item& item, const ResourceEntry& entry);
  void check_code(NestedCode& code);
  void leftovers();
  void leftover(const std::string& path, const plist::Value& value);
  std::string other_case(const std::string& path, bool seen) const;
  void conclude();

  [[nodiscard]] std::string in_tree(const std::string& path) const {
    return join_tree_path(layout_.base, path);
  }
  void problem(Issue issue, const std::string& path, std::string detail = {}) {
    problems_.add(issue, in_tree(path), std::move(detail));
  }
  void undecided(std::string cause) {
    out_.verdict.blame(State::unknown,
                       make_cause("bundle.undecided", std::move(cause), "CodeResources"));
  }

  FileTree& tree_;
  const BundleLayout& layout_;
  const CompareOptions& options_;
  Comparison out_;
  Problems problems_;
  plist::Value seal_;
  Parts parts_;
  RuleSet rules_;
  std::unordered_map<std::string, Sealed> sealed_;
  std::unordered_map<std::string, const std::string*> folded_;  // small letters to the sealed path
};

bool Verifier::load() {
  if (!layout_.info_plist.empty()) {
    auto info = tree_.read(layout_.info_plist);
    if (info) {
      out_.info_plist = *std::move(info);
    } else {
      problems_.add(Issue::unreadable, layout_.info_plist, info.error().what);
    }
  }
  const std::string place = layout_.code_resources();
  if (const auto kind = tree_.kind(place); kind && *kind == Kind::none) return false;
  auto content = tree_.read(place);
  if (!content) {
    problems_.add(Issue::bad_code_resources, place, "it is not a readable file");
    return false;
  }
  out_.code_resources = *std::move(content);
  auto seal = plist::parse(out_.code_resources->bytes);
  if (!seal) {
    problems_.add(Issue::bad_code_resources, place, seal.error().what);
    return false;
  }
  seal_ = *std::move(seal);
  const auto parts = parts_of(seal_);
  if (!parts) {
    problems_.add(Issue::bad_code_resources, place, "it has no dictionaries of files and rules");
    return false;
  }
  parts_ = *parts;
  out_.version = parts_.version;
  return true;
}

bool Verifier::load_rules() {
  auto rules = RuleSet::parse(*parts_.rules);
  if (!rules) {
    const auto& [error, rule] = rules.error();
    const std::string what = std::string(error.what) + " in rule " + rule;
    if (error.code == Errc::unsupported) {
      undecided(what);
    } else {
      problems_.add(Issue::bad_code_resources, layout_.code_resources(), what);
    }
    return false;
  }
  rules_ = *std::move(rules);
  exclude_own_parts(rules_, layout_);
  if (auto weak = weakness(*parts_.rules, parts_.version, layout_.resources)) {
    problems_.add(Issue::weak_rules, layout_.code_resources(), *std::move(weak));
  }
  if (parts_.version == 1) {
    problems_.add(Issue::weak_version, layout_.code_resources(),
                  "CodeResources has only version 1");
  }
  return true;
}

void Verifier::index() {
  sealed_.reserve(parts_.files->size());
  for (const plist::Pair& pair : parts_.files->pairs()) {
    if (is_plain_path(pair.key)) {
      const auto [entry, fresh] = sealed_.emplace(pair.key, Sealed{&pair.value, false});
      if (fresh) folded_.emplace(lower(pair.key), &entry->first);
    } else {
      problems_.add(Issue::bad_path, pair.key,
                    "CodeResources has a path that cannot be in the bundle");
    }
  }
}

void Verifier::scan() {
  WalkEvents events;
  events.item = [this](const Item& found) { item(found); };
  events.problems = &problems_;
  if (const auto done = walk(tree_, layout_, rules_, events); !done) {
    undecided(done.error().what);
  }
}

// A hint for names that a file system of a Mac would take for one.
std::string Verifier::other_case(const std::string& path, bool seen) const {
  const auto other = folded_.find(lower(path));
  if (other == folded_.end() || *other->second == path) return {};
  if (sealed_.at(*other->second).seen != seen) return {};
  return "CodeResources has " + *other->second + ", which differs in case";
}

void Verifier::item(const Item& item) {
  if (item.rule.ambiguous && out_.verdict.state != State::unknown) {
    undecided("rules of one weight disagree about " + in_tree(item.path));
  }
  const auto entry = sealed_.find(item.path);
  if (entry != sealed_.end()) {
    entry->second.seen = true;
    compare(item, *entry->second.value);
  } else if (parts_.version != 1 || item.kind != Kind::link) {
    problem(Issue::added, item.path, other_case(item.path, false));
  }
}

void Verifier::compare(const Item& item, const plist::Value& value) {
  const auto entry = read_entry(value);
  if (!entry) {
    problem(Issue::bad_entry, item.path, "neither hash, link nor requirement");
    return;
  }
  ++out_.checked;
  const bool is_link = item.kind == Kind::link;
  if (is_link != (entry->form == Form::link)) {
    problem(Issue::type_changed, item.path,
            is_link ? "a symbolic link is in its place" : "it was sealed as a symbolic link");
  } else if (is_link) {
    link(item, *entry);
  } else if (entry->form == Form::nested) {
    nested(item, *entry);
  } else {
    file(item, *entry);
  }
}

void Verifier::file(const Item& item, const ResourceEntry& entry) {
  if (item.kind != Kind::file) {
    problem(Issue::type_changed, item.path, "a directory is in its place");
    return;
  }
  const auto content = tree_.read(in_tree(item.path));
  if (!content) {
    problem(Issue::unreadable, item.path, content.error().what);
  } else if (!same_contents(entry, content->bytes)) {
    problem(Issue::altered, item.path);
  }
}

void Verifier::link(const Item& item, const ResourceEntry& entry) {
  const auto target = tree_.link_target(in_tree(item.path));
  if (!target) {
    problem(Issue::unreadable, item.path, target.error().what);
  } else if (*target != *entry.target) {
    problem(Issue::link_altered, item.path, "it points to " + *target + ", not " + *entry.target);
  } else if (auto fault = link_fault(tree_, layout_, rules_, item, *target, options_.nested)) {
    problem(Issue::link_target, item.path, *std::move(fault));
  }
}

void Verifier::check_code(NestedCode& code) {
  if (auto hashes = hashes_of_code(tree_, code.code)) {
    code.actual_hashes = *std::move(hashes);
  } else {
    problems_.add(Issue::unreadable, code.path, hashes.error().what);
  }
  const auto has = [&](const codesign::CdHash& hash) {
    return std::ranges::find(code.actual_hashes, hash) != code.actual_hashes.end();
  };
  code.hash_differs = code.sealed_hash && !code.actual_hashes.empty() && !has(*code.sealed_hash);
  const auto named = hashes_of_requirement(code.requirement);
  if (!named || code.actual_hashes.empty()) return;
  if (std::ranges::none_of(*named, has)) {
    problems_.add(Issue::nested_altered, code.path,
                  "not the code that the requirement in CodeResources names");
  }
}

void Verifier::nested(const Item& item, const ResourceEntry& entry) {
  NestedCode code;
  code.path = in_tree(item.path);
  code.requirement = *entry.requirement;
  auto found = find_code(tree_, code.path);
  if (!found) {
    problem(Issue::unreadable, item.path, found.error().what);
    return;
  }
  code.code = *std::move(found);
  if (entry.cdhash != nullptr) {
    code.sealed_hash.emplace();
    std::ranges::copy(*entry.cdhash, code.sealed_hash->begin());
  }
  if (code.code.kind == CodeKind::none) {
    problem(Issue::nested_altered, item.path, code.code.why);
    return;
  }
  check_code(code);
  if (code.code.layout.kind == BundleLayout::Kind::versioned) {
    auto versions = framework_versions(tree_, code.path);
    if (!versions) problem(Issue::unreadable, item.path, versions.error().what);
    if (versions) code.other_versions = *std::move(versions);
    std::erase(code.other_versions, code.code.layout.version);
    for (std::string& version : code.other_versions) {
      version.insert(0, join_tree_path(code.path, "Versions/"));
    }
  }
  out_.nested.push_back(std::move(code));
}

void Verifier::leftover(const std::string& path, const plist::Value& value) {
  const auto entry = read_entry(value);
  if (!entry) {
    problem(Issue::bad_entry, path, "neither hash, link nor requirement");
    return;
  }
  const auto looked = tree_.kind(in_tree(path));
  if (!looked) {
    problem(Issue::unreadable, path, looked.error().what);
    return;
  }
  const Kind kind = *looked;
  if (entry->optional) {
    ++out_.absent_optional;
    return;
  }
  if (kind == Kind::none) {
    problem(Issue::missing, path);
  } else if (kind == Kind::folder) {
    problem(Issue::type_changed, path, "a directory is in its place");
  } else {
    problem(Issue::missing, path, "it exists, but the rules leave it out");
  }
}

void Verifier::leftovers() {
  for (const plist::Pair& pair : parts_.files->pairs()) {
    const auto entry = sealed_.find(pair.key);
    if (entry != sealed_.end() && !entry->second.seen) leftover(pair.key, pair.value);
  }
}

void Verifier::conclude() {
  out_.problems = std::move(problems_.kept);
  out_.dropped_problems = problems_.dropped;
  for (const Problem& found : out_.problems) {
    if (is_advice(found.issue)) continue;
    out_.strict = false;
    if (!strict_only(found.issue)) out_.verdict.blame(State::invalid, cause_of(found));
  }
  if (out_.verdict.state != State::valid) out_.strict = false;
}

Comparison Verifier::run() {
  check_root(tree_, layout_, problems_);
  if (load() && load_rules()) {
    out_.verdict.state = State::valid;
    index();
    scan();
    // What was not reached is not known to be missing.
    if (out_.verdict.state != State::unknown) leftovers();
  }
  conclude();
  return std::move(out_);
}

}  // namespace

Comparison compare(FileTree& tree, const BundleLayout& layout, const CompareOptions& options) {
  return Verifier(tree, layout, options).run();
}

}  // namespace tenon::resources
