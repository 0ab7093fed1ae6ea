#include "inspect/size.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "format/gobin/pclntab.h"
#include "inspect/go_bytes.h"
#include "inspect/tables.h"

namespace tenon {
namespace {

void sort_rows(std::vector<SizeRow>& rows) {
  std::ranges::sort(rows, [](const SizeRow& a, const SizeRow& b) {
    return a.bytes != b.bytes ? a.bytes > b.bytes : a.name < b.name;
  });
}

std::vector<SizeRow> by_section(const std::vector<SectionRow>& sections, std::uint64_t total) {
  std::vector<SizeRow> out;
  std::uint64_t sum = 0;
  for (const SectionRow& section : sections) {
    if (!section.in_file || section.size == 0) continue;
    // Sections of hostile files overlap; the rest must not become negative.
    const std::uint64_t bytes = std::min(section.size, total - sum);
    sum += bytes;
    out.push_back({section.name, bytes});
  }
  if (total > sum) out.push_back({"(headers, tables, padding)", total - sum});
  sort_rows(out);
  return out;
}

std::uint64_t executable_bytes(const std::vector<SectionRow>& sections) {
  std::uint64_t sum = 0;
  for (const SectionRow& section : sections) {
    const bool code = section.flags.ends_with('x') &&
                      (section.name.ends_with("text") || section.name.ends_with("stubs") ||
                       section.name == ".plt" || section.name.ends_with("_stub1"));
    if (code && section.in_file) sum += section.size;
  }
  return sum;
}

std::vector<SizeRow> by_package(const gobin::Pclntab& table, std::uint64_t code) {
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
  if (code > sum) out.push_back({"(C and other code)", code - sum});
  sort_rows(out);
  return out;
}

}  // namespace

Result<SizeReport> size_report(const ObjectView& object) {
  const auto sections = TENON_TRY(list_sections(object));
  SizeReport out;
  out.sections = by_section(sections, object.bytes.size());
  const GoBytes bytes = go_bytes(object.bytes);
  if (bytes.pclntab.empty()) return out;
  const auto table = TENON_TRY(gobin::Pclntab::parse(bytes.pclntab));
  out.packages = by_package(table, executable_bytes(sections));
  return out;
}

}  // namespace tenon
