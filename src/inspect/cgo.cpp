#include "inspect/cgo.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "format/gobin/pclntab.h"
#include "inspect/go_bytes.h"
#include "inspect/tables.h"

namespace tenon {
namespace {

// "example%2ecom/a" -> "example.com/a" (cmd/internal/objabi PathToPrefix).
std::string unescaped(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '%' && i + 2 < name.size()) {
      if (const auto code = parse_number(name.substr(i + 1, 2), 16)) {
        out += static_cast<char>(*code);
        i += 2;
        continue;
      }
    }
    out += name[i];
  }
  return out;
}

constexpr std::size_t longest = 4096;

// Text to look for, by a character of it that is rare among names: libraries of C find a single
// character many times as fast as a word.
struct Mark {
  std::string_view text;
  std::size_t rare = 0;
};

constexpr std::array<Mark, 3> cgo_marks{{{"._Cfunc_", 1}, {"._C2func_", 1}, {"_cgoexp_", 0}}};
constexpr std::array<Mark, 1> runtime_marks{{{"crosscall2", 9}}};

// The name around `offset`; names are ended by NUL. One without an end, or too long, has no start.
std::optional<std::string_view> name_around(std::string_view names, std::size_t offset) {
  const std::size_t from = offset > longest ? offset - longest : 0;
  const std::size_t nul = names.substr(from, offset - from).rfind('\0');
  if (nul == std::string_view::npos && from != 0) return std::nullopt;
  const std::size_t begin = nul == std::string_view::npos ? from : from + nul + 1;
  const std::string_view rest = names.substr(begin, 2 * longest);
  return rest.substr(0, rest.find('\0'));
}

// Calls `fn(mark, name, offset of mark in name)` for each name that holds one of the marks, once a
// mark. All have the same rare character.
template <std::size_t count, class Fn>
void each_name(std::string_view names, const std::array<Mark, count>& marks, Fn fn) {
  const char rare = marks[0].text[marks[0].rare];
  std::array<std::size_t, count> done{};  // where the last name with the mark ends
  for (std::size_t at = names.find(rare); at != names.npos; at = names.find(rare, at + 1)) {
    for (std::size_t i = 0; i < count; ++i) {
      const Mark& mark = marks[i];
      if (at < mark.rare || at - mark.rare < done[i]) continue;
      const std::size_t start = at - mark.rare;
      if (!names.substr(start).starts_with(mark.text)) continue;
      const auto name = name_around(names, start);
      if (!name) continue;
      const auto begin = static_cast<std::size_t>(name->data() - names.data());
      done[i] = begin + name->size();
      fn(i, *name, start - begin);
    }
  }
}

struct Sets {
  std::set<std::string, std::less<>> calls, helpers, exports;
};

// What cgo defines by itself (cmd/cgo/doc.go, "A few special functions").
bool is_helper(std::string_view name) {
  constexpr std::array<std::string_view, 7> names = {"CString", "CBytes",   "GoString", "GoStringN",
                                                     "GoBytes", "_CMalloc", "GoStringU"};
  return std::ranges::find(names, name) != names.end();
}

// A closure or a method value behind the name is no function of its own.
std::string_view plain(std::string_view name) { return name.substr(0, name.find('.')); }

std::vector<std::string> list_of(const std::set<std::string, std::less<>>& names) {
  return {names.begin(), names.end()};
}

using Packages = std::map<std::string, Sets>;

// The packages that have a function with one of these names, from one pass over all names.
using Owners = std::map<std::string, std::set<std::string>, std::less<>>;

void find_owners(std::string_view names, Owners& owners) {
  while (!names.empty()) {
    const std::size_t end = names.find('\0');
    const std::string_view name = names.substr(0, end);
    names = end == std::string_view::npos ? std::string_view() : names.substr(end + 1);
    const std::size_t slash = name.rfind('/');
    const std::size_t dot = name.find('.', slash == std::string_view::npos ? 0 : slash);
    if (dot == std::string_view::npos || name.size() > longest) continue;
    const auto owner = owners.find(name.substr(dot + 1));
    if (owner != owners.end()) owner->second.insert(unescaped(name.substr(0, dot)));
  }
}

// The wrapper of an exported function is _cgoexp_HASH_NAME, with its package in front only in some
// versions of Go.
void take_export(std::string_view name, std::size_t at, Packages& packages, Owners& owners) {
  if (at != 0 && name[at - 1] != '.') return;
  const std::string_view rest = plain(name.substr(at + cgo_marks[2].text.size()));
  const std::size_t hash = rest.find('_');  // 12 hexadecimal digits stand in front
  if (hash != 12) return;
  const std::string function(rest.substr(hash + 1));
  if (at == 0) {
    owners.try_emplace(function);
  } else {
    packages[unescaped(name.substr(0, at - 1))].exports.insert(function);
  }
}

// The package of an export without one is that with a function of its name; where several have one,
// the one that also calls C.
void give_owners(std::string_view names, Owners& owners, Packages& packages) {
  if (owners.empty()) return;
  find_owners(names, owners);
  for (auto& [function, found] : owners) {
    if (found.size() > 1) {
      std::erase_if(found, [&](const std::string& one) { return !packages.contains(one); });
    }
    packages[found.size() == 1 ? *found.begin() : std::string()].exports.insert(function);
  }
}

}  // namespace

CgoSides cgo_sides(const gobin::Pclntab& table) {
  const std::string_view names = table.name_text().text();
  Packages packages;
  Owners owners;
  each_name(names, cgo_marks, [&](std::size_t mark, std::string_view name, std::size_t at) {
    if (mark == 2) {
      take_export(name, at, packages, owners);
      return;
    }
    const std::string_view function = plain(name.substr(at + cgo_marks[mark].text.size()));
    Sets& sets = packages[unescaped(name.substr(0, at))];
    (is_helper(function) ? sets.helpers : sets.calls).emplace(function);
  });
  give_owners(names, owners, packages);
  CgoSides out;
  // A function of runtime/cgo, which is linked as soon as any package has cgo.
  each_name(names, runtime_marks, [&](std::size_t, std::string_view name, std::size_t) {
    out.runtime = out.runtime || name == "crosscall2";
  });
  for (const auto& [package, sets] : packages) {
    out.packages.push_back(
        {package, list_of(sets.calls), list_of(sets.helpers), list_of(sets.exports)});
  }
  return out;
}

Result<CgoSides> cgo_sides(const ObjectView& object) {
  const GoBytes bytes = go_bytes(object.bytes);
  if (bytes.pclntab.empty()) return fail(Errc::not_found, "no function table of Go");
  return cgo_sides(TENON_TRY(gobin::Pclntab::parse(bytes.pclntab)));
}

}  // namespace tenon
