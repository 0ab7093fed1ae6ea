#include "inspect/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "inspect/inspect.h"
#include "inspect/tables.h"

namespace tenon {
namespace {

using Rows = std::vector<DiffRow>;
using Pairs = std::map<std::string, std::string>;

std::string shown(const std::string& value) { return value.empty() ? "nothing" : value; }

class Comparison {
 public:
  Comparison(std::string slice, Rows& rows) : slice_(std::move(slice)), rows_(rows) {}

  void value(std::string_view what, std::string_view name, const std::string& left,
             const std::string& right) {
    if (left == right) return;
    rows_.push_back({std::string(what), slice_, left, right,
                     fmt::format("{}{}: {} -> {}", prefix(), name, shown(left), shown(right))});
  }

  void fact(std::string_view what, std::string_view name, const TextFact& left,
            const TextFact& right) {
    value(what, name, left.value, right.value);
  }

  // Entries by name: what is only on one side, and what has another value.
  void pairs(std::string_view what, const Pairs& left, const Pairs& right, std::size_t limit) {
    std::size_t count = 0;
    const auto row = [&](const std::string& name, const std::string& a, const std::string& b) {
      if (++count <= limit) value(what, name, a, b);
    };
    for (const auto& [name, old] : left) {
      const auto other = right.find(name);
      const std::string now = other == right.end() ? "" : other->second;
      if (old != now) row(name, old, now);
    }
    for (const auto& [name, now] : right) {
      if (!left.contains(name)) row(name, "", now);
    }
    if (count > limit) {
      rows_.push_back({std::string(what), slice_, "", "",
                       fmt::format("{}and {} more", prefix(), count - limit)});
    }
  }

 private:
  [[nodiscard]] std::string prefix() const { return slice_.empty() ? "" : slice_ + " "; }

  std::string slice_;
  Rows& rows_;
};

Pairs settings(const Artifact& slice) {
  Pairs out;
  if (slice.go) out.insert(slice.go->settings.begin(), slice.go->settings.end());
  return out;
}

Pairs modules(const Artifact& slice) {
  Pairs out;
  if (!slice.go) return out;
  for (const GoModuleFact& module : slice.go->modules) {
    out[module.path] =
        module.replaced_by.empty() ? module.version : module.version + " => " + module.replaced_by;
  }
  return out;
}

Pairs libraries(const Artifact& slice) {
  Pairs out;
  for (const NeededLibrary& library : slice.needed) {
    out[library.name] = library.weak ? "weak" : library.reexport ? "re-exported" : "needed";
  }
  return out;
}

Pairs hardening(const Artifact& slice) {
  Pairs out;
  for (const HardeningFact& fact : slice.hardening) out[fact.name] = fact.value;
  return out;
}

TextFact go_version(const Artifact& slice) { return slice.go ? slice.go->version : TextFact{}; }

void compare_facts(const Artifact& left, const Artifact& right, Rows& rows) {
  Comparison compare(left.arch, rows);
  compare.value("toolchain", "format", left.format, right.format);
  compare.fact("toolchain", "Go", go_version(left), go_version(right));
  compare.fact("toolchain", "linker", left.linker, right.linker);
  compare.fact("toolchain", "link mode", left.link_mode, right.link_mode);
  std::string compilers[2];
  for (const std::string& one : left.compilers) compilers[0] += one + "; ";
  for (const std::string& one : right.compilers) compilers[1] += one + "; ";
  compare.value("toolchain", "compilers", compilers[0], compilers[1]);
  compare.pairs("settings", settings(left), settings(right), 100);
  compare.pairs("modules", modules(left), modules(right), 100);
  compare.value("target", "type", left.type, right.type);
  compare.fact("target", "platform", left.platform, right.platform);
  compare.fact("target", "oldest macOS", left.minos, right.minos);
  compare.fact("target", "sdk", left.sdk, right.sdk);
  compare.fact("target", "oldest glibc", left.glibc_floor, right.glibc_floor);
  compare.fact("target", "loader", left.interpreter, right.interpreter);
  compare.fact("target", "linkage", left.linkage, right.linkage);
  compare.pairs("libraries", libraries(left), libraries(right), 100);
  compare.pairs("hardening", hardening(left), hardening(right), 100);
  compare.value("signature", "identifier", left.signature.identifier, right.signature.identifier);
  compare.value("signature", "team", left.signature.team, right.signature.team);
  compare.fact("identity", "uuid", left.uuid, right.uuid);
  compare.fact("contents", "debug information", left.dwarf, right.dwarf);
}

Pairs symbol_names(const ObjectView& object, SymbolList list) {
  Pairs out;
  (void)list_symbols(object, list, [&](const SymbolRow& row) {
    out.emplace(std::string(row.name), row.library.empty() ? "present" : std::string(row.library));
  });
  return out;
}

Pairs section_sizes(const ObjectView& object) {
  Pairs out;
  const auto sections = list_sections(object);
  if (!sections) return out;
  for (const SectionRow& row : *sections) out[row.name] = fmt::format("{} bytes", row.size);
  return out;
}

void compare_tables(const ObjectView& left, const ObjectView& right, Rows& rows) {
  Comparison compare(left.arch, rows);
  compare.pairs("imports", symbol_names(left, SymbolList::imports),
                symbol_names(right, SymbolList::imports), 20);
  compare.pairs("exports", symbol_names(left, SymbolList::exports),
                symbol_names(right, SymbolList::exports), 20);
  compare.pairs("symbols", symbol_names(left, SymbolList::all),
                symbol_names(right, SymbolList::all), 20);
  compare.pairs("sections", section_sizes(left), section_sizes(right), 100);
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
      if (const ObjectView* other = by_arch(*others, object)) compare_tables(object, *other, rows);
    }
  }
  bytes_row(left, right, rows);
  return rows;
}

}  // namespace tenon
