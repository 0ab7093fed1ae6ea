#include "inspect/size.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "format/gobin/buildinfo.h"
#include "format/gobin/pclntab.h"
#include "inspect/cgo.h"
#include "inspect/debug_units.h"
#include "inspect/go_bytes.h"
#include "inspect/tables.h"

namespace tenon {
namespace {

void sort_rows(std::vector<SizeRow>& rows) {
  std::ranges::sort(rows, [](const SizeRow& a, const SizeRow& b) {
    return a.bytes != b.bytes ? a.bytes > b.bytes : a.name < b.name;
  });
}

bool holds_code(const SectionRow& section) {
  const bool code = section.flags.ends_with('x') &&
                    (section.name.ends_with("text") || section.name.starts_with(".text.") ||
                     section.name.ends_with("stubs") || section.name == ".plt" ||
                     section.name.ends_with("_stub1"));
  return code && section.in_file;
}

std::vector<SizeRow> by_section(const std::vector<SectionRow>& sections, std::uint64_t total) {
  std::vector<SizeRow> out;
  std::uint64_t sum = 0;
  for (const SectionRow& section : sections) {
    if (!section.in_file || section.size == 0) continue;
    // Sections of hostile files overlap; the rest must not become negative.
    const std::uint64_t bytes = std::min(section.size, total - sum);
    sum += bytes;
    out.push_back({section.name, bytes, {}, holds_code(section)});
  }
  if (total > sum) out.push_back({"(headers, tables, padding)", total - sum});
  sort_rows(out);
  return out;
}

std::uint64_t executable_bytes(const std::vector<SectionRow>& sections) {
  std::uint64_t sum = 0;
  for (const SectionRow& section : sections) {
    if (holds_code(section)) sum += section.size;
  }
  return sum;
}

struct Range {
  std::uint64_t begin = 0, end = 0;

  [[nodiscard]] bool holds(std::uint64_t address) const {
    return address >= begin && address < end;
  }
};

// The linker puts all functions of Go one behind the other.
Range go_range(const gobin::Pclntab& table) {
  if (table.size() == 0) return {};
  const std::uint64_t last = table.function_entry_address(table.size()).value_or(0);
  // Not known: behind all. In an object file they begin at 0.
  const std::uint64_t first = table.function_entry_address(0).value_or(last);
  return last > first ? Range{first, last} : Range{};
}

struct Function {
  std::uint64_t address = 0, size = 0;
  std::string name, source, package;
};

// What is known of C code beside the symbol table.
struct CodeOfC {
  const DebugUnits& units;
  std::vector<std::string> packages, modules;  // as package_in() takes them
};

CodeOfC code_of_c(const DebugUnits& units, const GoBytes& bytes, const gobin::Pclntab& table) {
  CodeOfC out{units, {}, {}};
  if (units.empty()) return out;
  for (const CgoBorder& one : cgo_sides(table).packages) out.packages.push_back(one.package);
  out.packages.emplace_back("runtime/cgo");
  const auto info = gobin::read_build_info(bytes.regions);
  if (!info || !*info) return out;
  const auto add = [&](const gobin::Module& one) {
    const gobin::ModuleId& from = one.replace ? *one.replace : one.id;
    out.modules.push_back(std::string(one.id.path) + "@" + std::string(from.version));
  };
  if ((*info)->main) add(*(*info)->main);
  for (const gobin::Module& one : (*info)->deps) add(one);
  // Functions of the main package have no path of their own.
  for (std::string& package : out.packages) {
    if (package == "main") package = (*info)->path;
  }
  return out;
}

// The debug information knows better than the symbol table, which names no source for what is
// global.
void ask_units(const CodeOfC& c, Function& function,
               std::map<std::string_view, std::string, std::less<>>& known) {
  const DebugUnits::Source found = c.units.of(function.address);
  if (found.name.empty()) return;
  function.source = found.name.substr(found.name.rfind('/') + 1);
  if (c.packages.empty()) return;
  const auto [at, fresh] = known.try_emplace(found.directory);
  if (fresh) at->second = package_in(found.directory, c.packages, c.modules);
  function.package = at->second;
}

// A global function has no source in ELF. Between two functions of one source it is of that source.
void fill_sources(std::vector<Function>& functions) {
  std::size_t last = functions.size();  // the last one with a source
  for (std::size_t i = 0; i < functions.size(); ++i) {
    if (functions[i].source.empty()) continue;
    if (last < i && functions[last].source == functions[i].source) {
      for (std::size_t k = last + 1; k < i; ++k) functions[k].source = functions[i].source;
    }
    last = i;
  }
}

std::vector<Function> functions_outside(const ObjectView& object, const SectionRow& in,
                                        const Range& go, const CodeOfC& c) {
  const Range section{in.address, in.address + in.size};
  std::vector<Function> out;
  (void)list_symbols(object, SymbolList::all, [&](const SymbolRow& row) {
    const bool code = row.type == 'T' || row.type == 't' || row.type == 'W' || row.type == 'i';
    if (!code || !row.has_address || !section.holds(row.address) || go.holds(row.address)) return;
    // The sections of an object that is not linked all begin at 0.
    if (!row.section.empty() && row.section != in.name) return;
    if (row.name == "runtime.etext") return;  // a mark behind Go's code
    out.push_back({row.address, row.size, std::string(row.name), std::string(row.source), {}});
  });
  // Of several names of one place the one with a size comes first, then the first by letters.
  std::ranges::sort(out, [](const Function& a, const Function& b) {
    return std::tuple(a.address, a.size == 0, a.name) < std::tuple(b.address, b.size == 0, b.name);
  });
  const auto same = std::ranges::unique(out, {}, &Function::address);
  out.erase(same.begin(), same.end());
  std::map<std::string_view, std::string, std::less<>> known;
  if (!c.units.empty()) {
    for (Function& one : out) ask_units(c, one, known);
  }
  fill_sources(out);
  return out;
}

std::vector<SizeRow> by_function(const ObjectView& object, const std::vector<SectionRow>& sections,
                                 const Range& go, const CodeOfC& c) {
  // Static functions of several files share a name.
  std::map<std::tuple<std::string, std::string, std::string>, std::uint64_t> sizes;
  for (const SectionRow& section : sections) {
    if (!holds_code(section)) continue;
    const Range range{section.address, section.address + section.size};
    const auto functions = functions_outside(object, section, go, c);
    for (std::size_t i = 0; i < functions.size(); ++i) {
      const std::uint64_t address = functions[i].address;
      std::uint64_t end = i + 1 < functions.size() ? functions[i + 1].address : range.end;
      if (address < go.begin && end > go.begin) end = go.begin;
      const std::uint64_t room = end - address;
      const std::uint64_t size = functions[i].size;
      if (const std::uint64_t bytes = size == 0 ? room : std::min(size, room); bytes > 0)
        sizes[{functions[i].name, functions[i].source, functions[i].package}] += bytes;
    }
  }
  std::vector<SizeRow> out;
  for (const auto& [key, bytes] : sizes)
    out.push_back({std::get<0>(key), bytes, std::get<1>(key), false, std::get<2>(key)});
  sort_rows(out);
  return out;
}

// What no source is known of stands in a row of its own.
std::vector<SizeRow> by_source(const std::vector<SizeRow>& functions) {
  std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> sizes;
  for (const SizeRow& row : functions) sizes[{row.source, row.package}] += row.bytes;
  std::vector<SizeRow> out;
  if (sizes.empty() || (sizes.size() == 1 && sizes.begin()->first.first.empty())) return out;
  for (const auto& [key, bytes] : sizes) {
    const auto& [source, package] = key;
    std::string name = source.empty() ? "(source unknown)" : std::string(source);
    if (!package.empty()) name.insert(0, "/").insert(0, package);
    out.push_back({std::move(name), bytes, {}, false, std::string(package)});
  }
  sort_rows(out);
  return out;
}

std::vector<SizeRow> by_package(const gobin::Pclntab& table, std::uint64_t code,
                                const std::vector<SizeRow>& c_functions) {
  std::unordered_map<std::string_view, std::uint64_t> sizes;
  for (std::uint64_t i = 0; i < table.size(); ++i) {
    const std::string_view name = table.function_name(i);
    sizes[gobin::go_symbol_prefix(name)] += table.function_size(i);
  }
  std::vector<SizeRow> out;
  std::uint64_t sum = 0;
  for (const auto& [prefix, bytes] : sizes) {
    sum += bytes;
    out.push_back(
        {prefix.empty() ? "(compiler)" : gobin::go_symbol_package(std::string(prefix) + "."),
         bytes});
  }
  std::map<std::string, std::uint64_t> c_sizes;
  for (const SizeRow& row : c_functions) {
    if (!row.package.empty()) c_sizes[row.package] += row.bytes;
  }
  for (const auto& [package, bytes] : c_sizes) {
    sum += bytes;
    out.push_back({package + " (C)", bytes, {}, false, package});
  }
  if (code > sum) out.push_back({"(C and other code)", code - sum});
  sort_rows(out);
  return out;
}

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 10'000) return fmt::format("{} bytes", bytes);
  if (bytes < 10'000'000) return fmt::format("{} kB", bytes / 1000);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

Result<SizeReport> size_report(const ObjectView& object) {
  const auto sections = TENON_TRY(list_sections(object));
  SizeReport out;
  out.sections = by_section(sections, object.bytes.size());
  for (const SizeRow& row : out.sections) out.code += row.code ? row.bytes : 0;
  const GoBytes bytes = go_bytes(object.bytes);
  const DebugUnits units(object);
  if (bytes.pclntab.empty()) {
    out.functions = by_function(object, sections, {}, {units, {}, {}});
    out.sources = by_source(out.functions);
    return out;
  }
  const auto table = TENON_TRY(function_table(bytes));
  // Without the addresses of Go's functions nothing tells them from others.
  if (const Range go = go_range(table); go.end > 0)
    out.functions = by_function(object, sections, go, code_of_c(units, bytes, table));
  out.packages = by_package(table, executable_bytes(sections), out.functions);
  out.sources = by_source(out.functions);
  return out;
}

}  // namespace tenon
