// Build information and function table of Go, on any bytes. The first byte chooses addresses.
#include <array>
#include <cstddef>
#include <cstdint>

#include "format/gobin/buildinfo.h"
#include "format/gobin/pclntab.h"

namespace {

using namespace tenon;

std::uint64_t names(const gobin::Pclntab& table) {
  std::uint64_t total = table.pointer_size() + version_range(table.layout()).first.size();
  for (std::uint64_t i = 0; i < table.size(); ++i) {
    const std::string_view name = table.function_name(i);
    for (const char c : name) total += static_cast<unsigned char>(c);
    total += gobin::go_symbol_prefix(name).size() + gobin::go_symbol_package(name).size();
    total += table.function_size(i) + table.function_entry_address(i).value_or(0);
  }
  total += table.function_entry_address(table.size()).value_or(0);
  return total + table.function_name(table.size()).size();
}

std::uint64_t info(const gobin::BuildInfo& found) {
  std::uint64_t total = found.go_version.size() + found.path.size();
  for (const gobin::Module& module : found.deps) total += module.id.path.size();
  for (const gobin::Setting& setting : found.settings) total += setting.value.size();
  return total;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView bytes(data + 1, size - 1);
  const std::uint64_t half = bytes.size() / 2;
  const std::uint64_t base = std::uint64_t{data[0]} << 4U;
  volatile std::uint64_t sink = 0;
  const std::array whole = {gobin::Region{base, bytes}};
  const std::array halves = {gobin::Region{base, *bytes.slice(0, half)},
                             gobin::Region{base + half, *bytes.from(half)}};
  if (const auto found = gobin::read_build_info(whole); found && *found)
    sink = sink + info(**found);
  if (const auto found = gobin::read_build_info(halves); found && *found)
    sink = sink + info(**found);
  gobin::BuildInfo text;
  if (gobin::parse_module_text(bytes, size, text)) sink = sink + info(text);
  if (const auto literal = gobin::go_unquote(bytes.text())) sink = sink + literal->size();
  if (const auto id = gobin::text_build_id(bytes)) sink = sink + id->size();
  if (const auto table = gobin::Pclntab::parse(bytes)) sink = sink + names(*table);
  if (const auto table = gobin::Pclntab::find(bytes)) sink = sink + names(*table);
  return 0;
}
