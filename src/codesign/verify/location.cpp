#include "codesign/verify/location.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/demangle.h"
#include "codesign/blob/codesign.h"
#include "format/macho/macho.h"

namespace tenon::codesign {
namespace {

struct Span {
  std::uint64_t start = 0, end = 0;

  [[nodiscard]] bool meets(std::uint64_t from, std::uint64_t size) const {
    return start < from + size && from < end;
  }
};

// The symbol of a function or datum at or before `address`, in the same section.
std::optional<std::string> nearest_symbol(const macho::File& file, std::uint64_t address,
                                          std::uint64_t section_start) {
  std::string_view best;
  std::uint64_t at = 0;
  const auto visited = file.for_each_symbol([&](const macho::Symbol& symbol) {
    if (!is_defined(symbol) || symbol.n_sect == 0 || symbol.name.empty()) return;
    if (symbol.n_value > address || symbol.n_value < section_start) return;
    if (!best.empty() && symbol.n_value <= at) return;
    best = symbol.name;
    at = symbol.n_value;
  });
  if (!visited || best.empty()) return std::nullopt;
  return std::string(best);
}

// Whether all bytes of a page belong to the header and its load commands, or to no section.
bool in_commands(const macho::File& file, std::uint64_t offset) {
  return offset < file.header().size() + file.header().sizeofcmds;
}

}  // namespace

std::string location_of(const macho::File& file, std::uint64_t offset, std::uint64_t size) {
  std::string out;
  const auto add = [&](std::string_view text) {
    if (!out.empty()) out += ", ";
    out += text;
  };
  if (in_commands(file, offset)) add("header and load commands");
  std::optional<std::string> symbol;
  for (const macho::Segment& segment : file.segments()) {
    if (!Span{segment.fileoff, segment.fileoff + segment.filesize}.meets(offset, size)) continue;
    bool section_named = false;
    for (const macho::Section& section : segment.sections) {
      const Span span{section.offset, section.offset + section.size};
      if (section.offset == 0 || !span.meets(offset, size)) continue;
      add(fmt::format("{},{}", section.segname, section.sectname));
      section_named = true;
      if (symbol) continue;
      const std::uint64_t from = std::max<std::uint64_t>(offset, section.offset);
      symbol = nearest_symbol(file, section.addr + (from - section.offset), section.addr);
    }
    if (!section_named && !in_commands(file, offset)) add(segment.segname);
  }
  if (symbol) add("from " + demangle(*symbol) + " on");
  return out.empty() ? "between the segments" : out;
}

std::string payload_name(ByteView bytes) {
  struct Mark {
    std::string_view mark, name;
  };
  constexpr std::array<Mark, 8> marks{{{"---- Bun! ----", "Bun"},
                                       {"pkg/prelude/bootstrap.js", "pkg"},
                                       {"<nexe~~sentinel>", "nexe"},
                                       {"d3n0l4nd", "Deno"},
                                       {"UPX!", "UPX"},
                                       {"MEI\014\013\012\013\016", "PyInstaller"},
                                       {"NODE_SEA_FUSE", "a Node.js single executable"},
                                       {"PK\005\006", "a zip archive"}}};
  // Bundlers write their mark at an end of what they add.
  constexpr std::uint64_t window = std::uint64_t{1} << 16U;
  const std::string_view all = bytes.text();
  const std::string_view front = all.substr(0, window);
  const std::string_view back = all.size() > window ? all.substr(all.size() - window) : all;
  for (const Mark& each : marks) {
    if (front.find(each.mark) != std::string_view::npos ||
        back.find(each.mark) != std::string_view::npos) {
      return std::string(each.name);
    }
  }
  return {};
}

std::string change_note(const macho::File& file, const HashReport& report) {
  const std::uint64_t end =
      file.signature() ? file.signature()->offset + file.signature()->size : 0;
  if (end != 0 && end < file.bytes().size()) {
    const std::string name = payload_name(file.bytes().from(end).value_or(ByteView()));
    return name.empty() ? "" : "what follows the signature has the mark of " + name;
  }
  const auto found = std::ranges::find_if(report.directories,
                                          [](const auto& each) { return each.bad_pages != 0; });
  const bool all = found != report.directories.end() && found->bad_pages == found->pages;
  return all ? "no page matches its hash" : "";
}

}  // namespace tenon::codesign
