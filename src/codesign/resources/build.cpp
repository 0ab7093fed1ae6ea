#include "codesign/resources/build.h"

#include <algorithm>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/file_tree.h"
#include "base/result.h"
#include "codesign/blob/codesign.h"
#include "codesign/resources/code.h"
#include "codesign/resources/layout.h"
#include "codesign/resources/links.h"
#include "codesign/resources/problem.h"
#include "codesign/resources/rule_source.h"
#include "codesign/resources/rules.h"
#include "codesign/resources/walk.h"
#include "format/plist/plist.h"
#include "format/plist/unicode.h"
#include "format/plist/value.h"

namespace tenon::resources {
namespace {

using Kind = FileTree::Kind;

template <class Digest>
plist::Value data_of(const Digest& digest) {
  return plist::Data(digest.begin(), digest.end());
}

// Whether a property list can hold it.
bool is_text(std::string_view text) {
  return !text.contains('\0') && plist::first_bad_utf8(text) == std::string_view::npos;
}

class Builder {
 public:
  Builder(FileTree& tree, const BundleLayout& layout, const BuildOptions& options,
          const NestedLookup& nested)
      : tree_(tree), layout_(layout), options_(options), nested_(nested) {}

  Result<std::string, Failure> run() {
    const ResourceRules rules = TENON_TRY(rules_of_bundle(tree_, layout_));
    plist::Dict seal;
    seal.add("files2", TENON_TRY(files(rules.rules2, &Builder::modern)));
    seal.add("rules2", rules.rules2);
    seal.add("rules", rules.rules);
    if (options_.legacy) seal.add("files", TENON_TRY(files(rules.rules, &Builder::legacy)));
    return plist::write_xml(std::move(seal), plist::KeyOrder::sorted);
  }

 private:
  using Entry = void (Builder::*)(const Item&);

  void note(Errc code, const char* what, const std::string& path) {
    if (!failure_) failure_ = bundle_failure(code, what, path).error();
  }

  Result<plist::Value, Failure> files(const plist::Dict& rules, Entry entry) {
    const RuleSet usable = TENON_TRY(usable_rules(rules, layout_));
    out_ = {};
    Problems problems;
    WalkEvents events;
    events.problems = &problems;
    events.item = [&](const Item& item) {
      if (failure_) return;
      if (item.rule.ambiguous) {
        note(Errc::unsupported, "rules of one weight disagree", place(item));
      } else {
        (this->*entry)(item);
      }
    };
    if (const auto done = walk(tree_, layout_, usable, events); !done) {
      return bundle_failure(done.error(), layout_.base);
    }
    for (const Problem& problem : problems.kept) {
      if (!is_advice(problem.issue)) note(Errc::malformed, "it cannot be sealed", problem.path);
    }
    if (failure_) return std::unexpected(*failure_);
    return plist::Value(std::move(out_));
  }

  [[nodiscard]] std::string place(const Item& item) const {
    return join_tree_path(layout_.base, item.path);
  }

  std::optional<FileTree::Content> read(const Item& item) {
    auto content = tree_.read(place(item));
    if (content) return *std::move(content);
    note(content.error().code, content.error().what, place(item));
    return std::nullopt;
  }

  plist::Dict nested(const Item& item) {
    plist::Dict entry;
    const auto code = find_code(tree_, place(item));
    if (!code || code->kind == CodeKind::none) {
      note(code ? Errc::not_found : code.error().code, code ? code->why : code.error().what,
           place(item));
      return entry;
    }
    const auto seal = nested_(place(item), *code);
    if (!seal) {
      note(seal.error().code, seal.error().what, place(item));
      return entry;
    }
    entry.add("cdhash", data_of(seal->cdhash));
    entry.add("requirement", seal->requirement);
    return entry;
  }

  plist::Dict link(const Item& item) {
    plist::Dict entry;
    const auto target = tree_.link_target(place(item));
    if (!target) {
      note(target.error().code, target.error().what, place(item));
    } else if (!is_text(*target)) {
      note(Errc::malformed, "link whose target is not UTF-8", place(item));
    } else {
      entry.add("symlink", *target);
    }
    return entry;
  }

  plist::Dict file(const Item& item) {
    plist::Dict entry;
    const auto content = read(item);
    if (!content) return entry;
    if (options_.sha1) entry.add("hash", data_of(sha1(content->bytes.bytes())));
    entry.add("hash2", data_of(sha256(content->bytes.bytes())));
    return entry;
  }

  void modern(const Item& item) {
    plist::Dict entry = item.rule.nested          ? nested(item)
                        : item.kind == Kind::link ? link(item)
                                                  : file(item);
    if (item.rule.optional) entry.add("optional", true);
    out_.add(item.path, std::move(entry));
  }

  // Files only, by SHA-1: the hash alone unless the rule says more.
  void legacy(const Item& item) {
    if (item.kind != Kind::file) return;
    const auto content = read(item);
    if (!content) return;
    plist::Value hash = data_of(sha1(content->bytes.bytes()));
    if (!item.rule.optional && !item.rule.nested) {
      out_.add(item.path, std::move(hash));
      return;
    }
    plist::Dict entry;
    entry.add("hash", std::move(hash));
    entry.add("optional", item.rule.optional);
    out_.add(item.path, std::move(entry));
  }

  FileTree& tree_;
  const BundleLayout& layout_;
  const BuildOptions& options_;
  const NestedLookup& nested_;
  plist::Dict out_;
  std::optional<Failure> failure_;
};

Result<plist::Value, Failure> rules_file(FileTree& tree, const BundleLayout& layout) {
  const std::string path = join_tree_path(layout.base, layout.rules_file);
  if (!is_plain_path(layout.rules_file)) {
    return bundle_failure(Errc::malformed, "resource rules outside of the bundle", path);
  }
  const auto content = tree.read(path);
  if (!content) return bundle_failure(content.error(), path);
  auto read = plist::parse(content->bytes);
  if (!read) return bundle_failure(read.error(), path);
  return *std::move(read);
}

// Strict validation wants the requirement to hold for every version of a framework
// (StaticCode.cpp validateOtherVersions), and without a certificate it can only name hashes.
Result<void> add_other_versions(FileTree& tree, const BundleLayout& layout,
                                std::vector<codesign::CdHash>& out) {
  for (const std::string& version : TENON_TRY(framework_versions(tree, layout.root))) {
    if (version == layout.version) continue;
    const BundleLayout other = TENON_TRY(find_layout(tree, layout.root, version));
    const Code code{CodeKind::bundle, other.executable, other};
    for (const codesign::CdHash& hash : TENON_TRY(hashes_of_code(tree, code))) {
      if (std::ranges::find(out, hash) == out.end()) out.push_back(hash);
    }
  }
  return {};
}

}  // namespace

Result<ResourceRules, Failure> rules_of_bundle(FileTree& tree, const BundleLayout& layout) {
  plist::Value source = default_rules(layout.resources);
  if (!layout.rules_file.empty()) source = TENON_TRY(rules_file(tree, layout));
  const plist::Value* rules = source.dict() == nullptr ? nullptr : source.dict()->find("rules");
  if (rules == nullptr || rules->dict() == nullptr) {
    return bundle_failure(Errc::malformed, "resource rules without \"rules\"", layout.rules_file);
  }
  const plist::Value* rules2 = source.dict()->find("rules2");
  const bool given = rules2 != nullptr && rules2->dict() != nullptr;
  return ResourceRules{*rules->dict(), given ? *rules2->dict() : rules2_from_rules(*rules->dict())};
}

Result<RuleSet, Failure> usable_rules(const plist::Dict& rules, const BundleLayout& layout) {
  auto out = RuleSet::parse(rules);
  if (!out) return bundle_failure(out.error().error, out.error().rule);
  exclude_own_parts(*out, layout);
  return *std::move(out);
}

Result<std::string, Failure> build_code_resources(FileTree& tree, const BundleLayout& layout,
                                                  const BuildOptions& options,
                                                  const NestedLookup& nested) {
  return Builder(tree, layout, options, nested).run();
}

Result<NestedEntry> adhoc_entry(FileTree& tree, const Code& code) {
  if (code.kind == CodeKind::generic) return fail(Errc::unsupported, "code without a Mach-O file");
  auto hashes = TENON_TRY(hashes_of_code(tree, code));
  if (hashes.empty()) return fail(Errc::not_found, "nested code that is not signed");
  const codesign::CdHash best = hashes.front();
  if (code.layout.kind == BundleLayout::Kind::versioned) {
    TENON_TRY(add_other_versions(tree, code.layout, hashes));
  }
  return NestedEntry{best, requirement_of_hashes(hashes)};
}

}  // namespace tenon::resources
