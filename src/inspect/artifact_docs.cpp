// The tables of keys in docs/inspect.md.
#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/text.h"
#include "inspect/artifact.h"
#include "inspect/field.h"
#include "inspect/show.h"

namespace tenon {
namespace {

constexpr std::array<std::pair<Format, std::string_view>, 6> format_names{
    {{Format::macho, "Mach-O"},
     {Format::elf, "ELF"},
     {Format::pe, "PE"},
     {Format::coff, "COFF"},
     {Format::archive, "archive"},
     {Format::stub, "stub"}}};

std::string formats_text(Formats formats) {
  if (formats.all()) return "all";
  std::vector<std::string> names;
  for (const auto& [format, name] : format_names) {
    if (formats.has(format)) names.emplace_back(name);
  }
  return join(names, ", ");
}

template <class T>
inline constexpr bool is_list = false;
template <>
inline constexpr bool is_list<std::vector<std::string>> = true;
template <>
inline constexpr bool is_list<std::vector<NeededLibrary>> = true;
template <>
inline constexpr bool is_list<std::vector<GoModuleFact>> = true;
template <class List, class Element>
inline constexpr bool is_list<Column<List, Element>> = true;

// A row a field; keys without a text of their own stand in the row of the next one. With
// `formats`, which kinds of files have it.
template <class T>
std::string table(bool formats) {
  std::string out = formats ? "| key | value | of | null |\n|---|---|---|---|\n"
                            : "| key | value | null |\n|---|---|---|\n";
  std::vector<std::string> keys;
  const T empty{};
  T::fields(empty, [&](const Field& field, auto&& member) {
    constexpr bool list = is_list<std::remove_cvref_t<decltype(member)>>;
    keys.push_back(fmt::format("`{}{}`", field.key, list ? "[]" : ""));
    if (field.about.empty()) return;
    const std::string of = formats ? formats_text(field.formats) + " | " : "";
    out += fmt::format("| {} | {} | {}{} |\n", join(keys, ", "), field.about, of, field.null);
    keys.clear();
  });
  const std::string_view all = formats ? "| all " : "";
  out += fmt::format(
      "| `sources` | for each key that is known or absent: where it stands or would stand {}| |\n",
      all);
  return out + fmt::format("| `unknown` | for each key that is unknown: why {}| |\n", all);
}

}  // namespace

std::string keys_page() {
  return "Made by `tenon docs inspect`.\n\n### Keys of a slice\n\n" + table<Artifact>(true) +
         "\n### Keys of `go`\n\n" + table<GoArtifact>(false) + "\n### Keys of `macho`\n\n" +
         table<MachoArtifact>(false);
}

}  // namespace tenon
