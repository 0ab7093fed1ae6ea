#include "inspect/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/fact.h"
#include "base/result.h"
#include "inspect/artifact.h"
#include "inspect/field.h"
#include "inspect/inspect.h"
#include "inspect/module_of.h"
#include "inspect/size.h"
#include "inspect/tables.h"

namespace tenon {
namespace {

using Rows = std::vector<DiffRow>;
using Pairs = std::map<std::string, std::string>;
using Sizes = std::map<std::string, std::uint64_t>;

std::string shown(const std::string& value) { return value.empty() ? "nothing" : value; }

// The rows of one slice, put in order at the end: groups as DiffGroup has them.
class Comparison {
 public:
  Comparison(std::string slice, Rows& rows) : slice_(std::move(slice)), rows_(rows) {}

  void value(std::string_view what, std::string_view name, const std::string& left,
             const std::string& right) {
    if (left == right) return;
    rows_.push_back({std::string(what), slice_, left, right,
                     fmt::format("{}{}: {} -> {}", prefix(), name, shown(left), shown(right))});
  }

  // Entries by name: what is only on one side, and what has another value.
  void pairs(std::string_view what, const Pairs& left, const Pairs& right, std::size_t limit) {
    struct Change {
      std::string_view name, old, now;
    };
    std::vector<Change> changes;
    for (const auto& [name, old] : left) {
      const auto other = right.find(name);
      const std::string_view now = other == right.end() ? std::string_view() : other->second;
      if (old != now) changes.push_back({name, old, now});
    }
    for (const auto& [name, now] : right) {
      if (!left.contains(name)) changes.push_back({name, "", now});
    }
    // Constants that Go's compiler named ("$f64.3ff71547652b82fe") tell a reader least.
    std::ranges::stable_partition(changes,
                                  [](const Change& one) { return !one.name.starts_with('$'); });
    for (const Change& one : std::span(changes).first(std::min(limit, changes.size()))) {
      value(what, one.name, std::string(one.old), std::string(one.now));
    }
    if (changes.size() > limit) {
      rows_.push_back({std::string(what), slice_, "", "",
                       fmt::format("{}and {} more", prefix(), changes.size() - limit)});
    }
  }

  // Bytes by name, the largest change first.
  void sizes(std::string_view what, const Sizes& left, const Sizes& right, std::size_t limit) {
    struct Change {
      std::string name;
      std::uint64_t old = 0, now = 0;
      [[nodiscard]] std::uint64_t amount() const { return now > old ? now - old : old - now; }
    };
    std::vector<Change> changes;
    const auto size_in = [](const Sizes& side, const std::string& name) {
      const auto found = side.find(name);
      return found == side.end() ? 0 : found->second;
    };
    for (const auto& [name, old] : left) changes.push_back({name, old, size_in(right, name)});
    for (const auto& [name, now] : right) {
      if (!left.contains(name)) changes.push_back({name, 0, now});
    }
    std::erase_if(changes, [](const Change& one) { return one.old == one.now; });
    std::ranges::stable_sort(changes, std::greater(), &Change::amount);
    for (std::size_t i = 0; i < std::min(limit, changes.size()); ++i) {
      const Change& one = changes[i];
      rows_.push_back({std::string(what), slice_, fmt::format("{} bytes", one.old),
                       fmt::format("{} bytes", one.now),
                       fmt::format("{}{}: {}", prefix(), one.name, change_text(one.old, one.now))});
    }
    if (changes.size() > limit) {
      rows_.push_back({std::string(what), slice_, "", "",
                       fmt::format("{}and {} more", prefix(), changes.size() - limit)});
    }
  }

 private:
  // "12000 bytes -> 15000 bytes (+3000, +25.0 %)"
  static std::string change_text(std::uint64_t old, std::uint64_t now) {
    std::string out = fmt::format("{} -> {} bytes ({}{}", old, now, now > old ? "+" : "-",
                                  now > old ? now - old : old - now);
    if (old != 0) {
      out += fmt::format(", {:+.1f} %",
                         100 * (static_cast<double>(now) / static_cast<double>(old) - 1));
    }
    return out + ")";
  }

  [[nodiscard]] std::string prefix() const { return slice_.empty() ? "" : slice_ + " "; }

  std::string slice_;
  Rows& rows_;
};

std::string_view group_name(DiffGroup group) {
  switch (group) {
    case DiffGroup::none: break;
    case DiffGroup::toolchain: return "toolchain";
    case DiffGroup::settings: return "settings";
    case DiffGroup::modules: return "modules";
    case DiffGroup::target: return "target";
    case DiffGroup::libraries: return "libraries";
    case DiffGroup::hardening: return "hardening";
    case DiffGroup::signature: return "signature";
    case DiffGroup::identity: return "identity";
    case DiffGroup::contents: return "contents";
  }
  return {};
}

// One compared field of a slice: a text, or entries by name.
struct Side {
  DiffName name;
  std::string text{};
  Pairs pairs{};
};

// Collects the compared fields of a slice; a slice without Go, or that is no Mach-O file, has those
// of an empty one, so that both sides have the same fields.
struct Sides {
  std::vector<Side> all{};

  void operator()(const Field& field, const std::string& text) { add(field, text); }

  void operator()(const Field& field, const TextFact& fact) { add(field, fact.value); }

  void operator()(const Field& field, const CountFact& fact) {
    add(field, fact.known() ? fmt::format("{}", fact.value) : "");
  }

  void operator()(const Field& field, const std::vector<std::string>& list) {
    std::string text;
    for (const std::string& one : list) text += one + "; ";
    add(field, std::move(text));
  }

  void operator()(const Field& field, const std::vector<NeededLibrary>& needed) {
    Pairs& pairs = entries(field);
    for (const NeededLibrary& library : needed) {
      pairs[library.name] = library.weak ? "weak" : library.reexport ? "re-exported" : "needed";
    }
  }

  void operator()(const Field& field, const std::vector<HardeningFact>& facts) {
    Pairs& pairs = entries(field);
    for (const HardeningFact& fact : facts) pairs[fact.name] = fact.value;
  }

  void operator()(const Field& field,
                  const std::vector<std::pair<std::string, std::string>>& settings) {
    entries(field).insert(settings.begin(), settings.end());
  }

  void operator()(const Field& field, const std::optional<GoModuleFact>& module) {
    if (module) add_module(entries(field), *module);
  }

  void operator()(const Field& field, const std::vector<GoModuleFact>& modules) {
    Pairs& pairs = entries(field);
    for (const GoModuleFact& module : modules) add_module(pairs, module);
  }

  void operator()(const Field&, const std::optional<GoArtifact>& go) {
    GoArtifact::fields(go ? *go : GoArtifact{}, std::ref(*this));
  }

  void operator()(const Field&, const std::optional<MachoArtifact>& macho) {
    MachoArtifact::fields(macho ? *macho : MachoArtifact{}, std::ref(*this));
  }

  void operator()(const Field&, const SignatureFact& signature) {
    SignatureFact::fields(signature, std::ref(*this));
  }

  template <class T>
  void operator()(const Field&, const T&) {}  // not compared

 private:
  void add(const Field& field, std::string text) {
    if (field.diff.group != DiffGroup::none) all.push_back({field.diff, std::move(text)});
  }

  // The main module and the dependencies share their entries: they are one group without a name.
  Pairs& entries(const Field& field) {
    const auto found = std::ranges::find_if(all, [&](const Side& side) {
      return side.name.group == field.diff.group && side.name.name.empty();
    });
    if (found != all.end()) return found->pairs;
    all.push_back({field.diff});
    return all.back().pairs;
  }

  static void add_module(Pairs& pairs, const GoModuleFact& module) {
    pairs[module.path] =
        module.replaced_by.empty() ? module.version : module.version + " => " + module.replaced_by;
  }
};

std::vector<Side> sides_of(const Artifact& slice) {
  Sides sides;
  Artifact::fields(slice, std::ref(sides));
  std::ranges::stable_sort(
      sides.all, {}, [](const Side& side) { return std::pair(side.name.group, side.name.last); });
  return std::move(sides.all);
}

void compare_facts(const Artifact& left, const Artifact& right, Rows& rows) {
  Comparison compare(left.arch, rows);
  const std::vector<Side> before = sides_of(left), after = sides_of(right);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::string_view what = group_name(before[i].name.group);
    compare.value(what, before[i].name.name, before[i].text, after[i].text);
    compare.pairs(what, before[i].pairs, after[i].pairs, 100);
  }
}

Pairs symbol_names(const ObjectView& object, SymbolList list) {
  Pairs out;
  (void)list_symbols(object, list, [&](const SymbolRow& row) {
    out.emplace(std::string(row.name), row.library.empty() ? "present" : std::string(row.library));
  });
  return out;
}

Sizes section_sizes(const ObjectView& object) {
  Sizes out;
  const auto sections = list_sections(object);
  if (!sections) return out;
  for (const SectionRow& row : *sections) out[row.name] = row.size;
  return out;
}

Sizes by_name(const std::vector<SizeRow>& rows) {
  Sizes out;
  for (const SizeRow& row : rows) out[row.name] += row.bytes;
  return out;
}

// Code by module, which says more than a hundred packages; C is of the module of its package.
Sizes by_module(const ObjectView& object, const FileReport& report,
                const std::vector<SizeRow>& packages) {
  const auto slice = std::ranges::find(report.slices, object.arch, &Artifact::arch);
  const GoArtifact* go = slice != report.slices.end() && slice->go ? &*slice->go : nullptr;
  Sizes out;
  for (const SizeRow& row : packages) {
    const std::string& package = row.package.empty() ? row.name : row.package;
    out[package.starts_with("(C ") ? package : module_of(package, go)] += row.bytes;
  }
  return out;
}

struct Sized {
  const ObjectView& object;
  const FileReport& report;
};

void compare_tables(const Sized& a, const Sized& b, Rows& rows) {
  const ObjectView& left = a.object;
  const ObjectView& right = b.object;
  Comparison compare(left.arch, rows);
  compare.pairs("imports", symbol_names(left, SymbolList::imports),
                symbol_names(right, SymbolList::imports), 20);
  compare.pairs("exports", symbol_names(left, SymbolList::exports),
                symbol_names(right, SymbolList::exports), 20);
  compare.pairs("symbols", symbol_names(left, SymbolList::all),
                symbol_names(right, SymbolList::all), 20);
  const SizeReport old = size_report(left).value_or(SizeReport());
  const SizeReport now = size_report(right).value_or(SizeReport());
  compare.sizes("module sizes", by_module(left, a.report, old.packages),
                by_module(right, b.report, now.packages), 20);
  compare.sizes("packages", by_name(old.packages), by_name(now.packages), 20);
  compare.sizes("functions", by_name(old.functions), by_name(now.functions), 20);
  compare.sizes("sections", section_sizes(left), section_sizes(right), 100);
}

template <class T>
const T* by_arch(const std::vector<T>& all, const T& wanted) {
  const auto found = std::ranges::find(all, wanted.arch, &T::arch);
  return found == all.end() ? nullptr : &*found;
}

void one_sided(const FileReport& left, const FileReport& right, Rows& rows) {
  for (const Artifact& slice : left.slices) {
    if (by_arch(right.slices, slice) == nullptr) {
      rows.push_back(
          {"slices", "", slice.arch, "", fmt::format("{} only in the first file", slice.arch)});
    }
  }
  for (const Artifact& slice : right.slices) {
    if (by_arch(left.slices, slice) == nullptr) {
      rows.push_back(
          {"slices", "", "", slice.arch, fmt::format("{} only in the second file", slice.arch)});
    }
  }
}

void bytes_row(ByteView left, ByteView right, Rows& rows) {
  const auto [a, b] = std::ranges::mismatch(left.bytes(), right.bytes());
  const auto offset = static_cast<std::uint64_t>(a - left.bytes().begin());
  std::uint64_t count = 0;
  const std::size_t common = std::min(left.bytes().size(), right.bytes().size());
  for (std::size_t i = offset; i < common; ++i)
    count += left.bytes()[i] != right.bytes()[i] ? 1 : 0;
  rows.push_back(
      {"bytes", "", fmt::format("{}", left.size()), fmt::format("{}", right.size()),
       fmt::format("{} and {} bytes, first difference at {:#x}, {} of the common bytes differ",
                   left.size(), right.size(), offset, count)});
}

}  // namespace

Result<std::vector<DiffRow>> diff_files(ByteView left, ByteView right) {
  Rows rows;
  if (std::ranges::equal(left.bytes(), right.bytes())) return rows;
  const FileReport a = TENON_TRY(inspect_file(left, {}));
  const FileReport b = TENON_TRY(inspect_file(right, {}));
  one_sided(a, b, rows);
  for (const Artifact& slice : a.slices) {
    if (const Artifact* other = by_arch(b.slices, slice)) compare_facts(slice, *other, rows);
  }
  const auto objects = object_views(left);
  const auto others = object_views(right);
  if (objects && others && a.members.empty() && b.members.empty()) {
    for (const ObjectView& object : *objects) {
      if (const ObjectView* other = by_arch(*others, object))
        compare_tables({object, a}, {*other, b}, rows);
    }
  }
  bytes_row(left, right, rows);
  return rows;
}

}  // namespace tenon
